/*
 * Copyright 2026-present the Halley authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.halley.websocket.engine;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

import dev.halley.connection.ConnectionRegistry;

/**
 * What the server of the soak holds.
 *
 * @param connections live connections
 * @param reserved places that are taken
 * @param direct bytes of direct memory
 * @param heap bytes of live heap
 * @param threads names of threads, but for those of pools that shrink by themselves; of
 * loops without their numbers
 */
record SoakReport(int connections, int reserved, long direct, long heap, List<String> threads) {

	private static final Pattern POOLED = Pattern.compile("pool-\\d+-thread-\\d+|process reaper.*");

	/** A loop that was taken over has another thread. */
	private static final Pattern NUMBERED = Pattern.compile("^(halley-loop)-\\d+$");

	static SoakReport now(ConnectionRegistry registry) {
		System.gc();
		System.gc();
		List<String> threads = Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> !POOLED.matcher(name).matches())
			.map((name) -> NUMBERED.matcher(name).replaceFirst("$1"))
			.sorted()
			.toList();
		return new SoakReport(registry.size(), registry.reserved(), SoakServer.directMemory(),
				ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(), threads);
	}

	static SoakReport parse(String line) {
		String[] values = line.split(",");
		return new SoakReport(Integer.parseInt(values[0]), Integer.parseInt(values[1]), Long.parseLong(values[2]),
				Long.parseLong(values[3]), Arrays.asList(values).subList(4, values.length));
	}

	String summary() {
		return this.heap / 1024 + " KB of heap, " + this.direct / 1024 + " KB direct, " + this.threads.size()
				+ " threads";
	}

	/** The form that {@link #parse} understands. */
	@Override
	public String toString() {
		return this.connections + "," + this.reserved + "," + this.direct + "," + this.heap + ","
				+ String.join(",", this.threads);
	}

}

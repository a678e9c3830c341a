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
import java.util.Set;
import java.util.stream.Collectors;

import com.sun.management.UnixOperatingSystemMXBean;
import org.apache.tomcat.util.net.AbstractEndpoint;
import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a server holds for its connections, and the process besides.
 *
 * @param keys the selection keys of the loops
 * @param registered the connections that count against the limits
 * @param slots the places that are taken in Tomcat's {@code max-connections}, with the
 * one for the next connection, which is taken most of the time
 * @param tomcats the connections that Tomcat knows
 * @param descriptors the open descriptors of the process
 */
record Holdings(int keys, int registered, long slots, int tomcats, long descriptors) {

	/** What other threads open for themselves, class files among it. */
	private static final int TOLERANCE = 20;

	static Holdings of(EngineServer server) {
		Object handler = server.connector().getProtocolHandler();
		AbstractEndpoint<?, ?> endpoint = (AbstractEndpoint<?, ?>) ReflectionTestUtils.getField(handler, "endpoint");
		return new Holdings(server.bean(EventLoops.class).connections(), server.connections(),
				Math.max(1, endpoint.getConnectionCount()), endpoint.getConnections().size(), openDescriptors());
	}

	static long openDescriptors() {
		return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
	}

	/** How many connections this process may have with itself, and still have a few. */
	static int mostConnections() {
		UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
		long free = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount() - 200;
		return (int) Math.min(Integer.MAX_VALUE, free / 2);
	}

	/**
	 * Those that sources and hubs of the whole process share come and go for others too.
	 */
	static Set<Thread> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("halley-"))
			.filter((thread) -> !thread.getName().startsWith("halley-source-"))
			.collect(Collectors.toSet());
	}

	/** Waits until a server holds no more than it did at some time before. */
	static void awaitReturn(EngineServer server, Holdings before) {
		await().untilAsserted(() -> {
			Holdings now = of(server);
			assertThat(now.keys).as("keys").isEqualTo(before.keys);
			assertThat(now.registered).as("registered").isEqualTo(before.registered);
			assertThat(now.slots).as("slots").isLessThanOrEqualTo(before.slots);
			assertThat(now.tomcats).as("tomcats").isLessThanOrEqualTo(before.tomcats);
			assertThat(now.descriptors).as("descriptors").isLessThan(before.descriptors + TOLERANCE);
		});
	}

}

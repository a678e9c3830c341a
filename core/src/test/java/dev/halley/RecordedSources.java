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

package dev.halley;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.reactivestreams.Publisher;

/**
 * Sources that are to be recorded, in the order in which they are begun.
 */
abstract class RecordedSources {

	static final Duration KEEP = Duration.ofMinutes(10);

	static final SendBuffer SMALL = new SendBuffer(1, 1, Overflow.CLOSE, null);

	private final List<TestSource> sources = new ArrayList<>();

	/** Begins another one. */
	final synchronized Publisher<String> source() {
		TestSource source = new TestSource();
		this.sources.add(source);
		return source;
	}

	final synchronized int begun() {
		return this.sources.size();
	}

	/** Waits for a source, and until it is subscribed to. */
	final TestSource source(int number) {
		await().until(() -> begun() > number);
		TestSource source = get(number);
		source.awaitSubscribed();
		return source;
	}

	private synchronized TestSource get(int number) {
		return this.sources.get(number);
	}

	static ConditionFactory await() {
		return Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(5));
	}

}

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

package dev.halley.boot;

import java.time.Duration;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * A value that is dear to find out and may be a second old. One scrape of all meters asks
 * for it many times. Thread-safe: while one thread finds it out, others wait.
 *
 * @param <T> the type of the value
 */
final class Refreshed<T> implements Supplier<T> {

	private static final long FRESH = Duration.ofSeconds(1).toNanos();

	private final Supplier<T> source;

	private volatile @Nullable Known<T> known;

	Refreshed(Supplier<T> source) {
		this.source = source;
	}

	@Override
	public T get() {
		Known<T> known = this.known;
		return (known != null && known.isFresh()) ? known.value : refresh();
	}

	private synchronized T refresh() {
		Known<T> known = this.known;
		if (known == null || !known.isFresh()) {
			known = new Known<>(this.source.get(), System.nanoTime());
			this.known = known;
		}
		return known.value;
	}

	private record Known<T>(T value, long since) {

		boolean isFresh() {
			return System.nanoTime() - this.since < FRESH;
		}

	}

}

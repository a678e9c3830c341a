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

package dev.halley.hub.broker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.Overflow;
import dev.halley.SendBuffer;
import dev.halley.SharedMessage;

/**
 * What one subscriber has heard.
 *
 * @param <T> the type of what it hears
 */
public final class Heard<T> implements AutoCloseable {

	private static final SendBuffer PATIENT = new SendBuffer(100_000, 1 << 30, Overflow.CLOSE, null);

	private final List<T> heard = new ArrayList<>();

	private volatile @Nullable Throwable error;

	private volatile boolean completed;

	private final Disposable subscription;

	private Heard(Out<T> out) {
		this.subscription = InOut.of(In.ignore(), out)
			.run()
			.out()
			.contextWrite((context) -> context.put(SendBuffer.class, PATIENT))
			.subscribe(this::hear, (error) -> this.error = error, () -> this.completed = true);
	}

	public static <T> Heard<T> of(Out<T> out) {
		return new Heard<>(out);
	}

	@SuppressWarnings("unchecked")
	private void hear(Object element) {
		T message = (T) ((element instanceof SharedMessage<?> shared) ? shared.message() : element);
		synchronized (this.heard) {
			this.heard.add(message);
		}
	}

	public List<T> all() {
		synchronized (this.heard) {
			return List.copyOf(this.heard);
		}
	}

	public int count() {
		synchronized (this.heard) {
			return this.heard.size();
		}
	}

	public @Nullable T last() {
		synchronized (this.heard) {
			return this.heard.isEmpty() ? null : this.heard.get(this.heard.size() - 1);
		}
	}

	/** Waits for so many, or more. */
	public List<T> await(int count) {
		Awaitility.await()
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(2))
			.until(() -> count() >= count || this.error != null);
		return all();
	}

	public @Nullable Throwable error() {
		return this.error;
	}

	public boolean isCompleted() {
		return this.completed;
	}

	@Override
	public void close() {
		this.subscription.dispose();
	}

}

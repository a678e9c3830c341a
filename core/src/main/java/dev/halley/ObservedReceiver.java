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

import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.web.socket.CloseStatus;

/**
 * Runs another receiver, and something more when the connection has opened and ended.
 */
final class ObservedReceiver<T> implements Receiver<T> {

	private final Receiver<T> receiver;

	private final Runnable whenOpen;

	private final Consumer<? super CloseStatus> whenDone;

	private ObservedReceiver(Receiver<T> receiver, Runnable whenOpen, Consumer<? super CloseStatus> whenDone) {
		this.receiver = receiver;
		this.whenOpen = whenOpen;
		this.whenDone = whenDone;
	}

	static <T> Receiver<T> whenOpen(Receiver<T> receiver, Runnable action) {
		return new ObservedReceiver<>(receiver, action, (status) -> {
		});
	}

	static <T> Receiver<T> whenDone(Receiver<T> receiver, Consumer<? super CloseStatus> action) {
		return new ObservedReceiver<>(receiver, () -> {
		}, action);
	}

	@Override
	public void start(Runnable finished, Consumer<Throwable> failed) {
		this.receiver.start(finished, failed);
	}

	@Override
	public void open() {
		this.receiver.open();
		this.whenOpen.run();
	}

	@Override
	public @Nullable Publisher<?> receive(T message) throws Exception {
		return this.receiver.receive(message);
	}

	@Override
	public void done(CloseStatus status, Runnable then) {
		this.receiver.done(status, () -> {
			try {
				this.whenDone.accept(status);
			}
			finally {
				then.run();
			}
		});
	}

	@Override
	public boolean isIgnoring() {
		return this.receiver.isIgnoring();
	}

	@Override
	public boolean isPipeline() {
		return this.receiver.isPipeline();
	}

}

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

package dev.halley.test;

import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;

import dev.halley.InOut;
import dev.halley.Receiver;
import dev.halley.RunningPair;
import dev.halley.connection.FailureHandler;

/**
 * One run of a pair, and what it is at. Thread-safe.
 */
final class ObservedRun {

	private final Transcript transcript;

	private volatile String out = "has not started";

	private volatile boolean cancelled;

	private volatile @Nullable Object handled;

	private volatile boolean done;

	ObservedRun(Transcript transcript) {
		this.transcript = transcript;
	}

	/** Returns the pair, whose next run is observed. */
	<I, O> InOut<I, O> of(InOut<I, O> pair) {
		return InOut.<I, O>ofRuns(() -> {
			RunningPair<I> run = pair.run();
			return new RunningPair<>(new Observed<>(run.in()), observe(run.out()));
		}).whenDone((status) -> {
			this.transcript.note("the in is done: " + Transcript.print(status));
			this.done = true;
		});
	}

	/** Told, and then left to the connection, as without exception handlers. */
	@Nullable Object failed(Throwable failure, @Nullable Object message) throws Throwable {
		String what = (message != null) ? "the handler of " + Transcript.print(message) + " has failed: " : "failed: ";
		this.transcript.problem(what + Transcript.print(failure));
		return FailureHandler.NONE.handle(failure, message);
	}

	private Flux<Object> observe(Flux<Object> out) {
		return out.doOnSubscribe((subscription) -> this.out = "is running")
			.doOnCancel(this::cancelled)
			.doOnComplete(() -> ended("has completed"))
			.doOnError((ex) -> ended("has failed: " + Transcript.print(ex)));
	}

	private void ended(String how) {
		this.transcript.note("the out " + how);
		this.out = how;
	}

	private void cancelled() {
		this.transcript.note("the out is cancelled");
		this.cancelled = true;
	}

	boolean isCancelled() {
		return this.cancelled;
	}

	/** Whether the in has finished, so that nothing of the pair runs any more. */
	boolean isDone() {
		return this.done;
	}

	/** Says of the out what it does, if it was not cancelled. */
	String out() {
		return this.out;
	}

	/** Returns the message whose handler is at work, if one is. */
	@Nullable Object handled() {
		return this.handled;
	}

	private final class Observed<I> implements Receiver<I> {

		private final Receiver<I> receiver;

		Observed(Receiver<I> receiver) {
			this.receiver = receiver;
		}

		@Override
		public void start(Runnable finished, Consumer<Throwable> failed) {
			this.receiver.start(finished, failed);
		}

		@Override
		public void open() {
			this.receiver.open();
		}

		@Override
		public @Nullable Publisher<?> receive(I message) throws Exception {
			if (isPipeline()) {
				return this.receiver.receive(message);
			}
			ObservedRun.this.handled = message;
			Publisher<?> rest = null;
			try {
				rest = this.receiver.receive(message);
			}
			finally {
				ObservedRun.this.handled = (rest != null) ? message : null;
			}
			return (rest != null) ? Flux.from(rest).doFinally((signal) -> ObservedRun.this.handled = null) : null;
		}

		@Override
		public void done(CloseStatus status, Runnable then) {
			this.receiver.done(status, then);
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

}

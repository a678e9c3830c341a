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

package dev.halley.connection;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import dev.halley.CallContext;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where the parts of a {@link Connection} meet: an end that comes in the middle of a
 * write, a worker whose handler becomes an asynchronous one, a context that cannot be
 * left.
 */
@Timeout(60)
class SeamTests {

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<String> calls = Collections.synchronizedList(new ArrayList<>());

	private final FakeTransport transport = new FakeTransport();

	private final Runs runs = new Runs();

	@AfterEach
	void stopThreads() {
		this.threads.shutdownNow();
	}

	/** Runs work on another thread, and returns when that has done it. */
	private Executor others() {
		return (task) -> CompletableFuture.runAsync(task, this.threads).orTimeout(1, TimeUnit.MINUTES).join();
	}

	private InOut<String, String> observed(Flux<String> source) {
		return InOut.of(In.<String>ignore().whenDone(() -> this.calls.add("done")),
				Out.from(source.doOnCancel(() -> this.calls.add("cancelled"))));
	}

	@Test
	void aWriteThatFindsTheEndHasTheSourceCancelledBeforeWhenDone() {
		Sinks.Many<String> source = Sinks.many().unicast().onBackpressureBuffer();
		this.runs.open(observed(source.asFlux()), this.transport.broken());
		source.tryEmitNext("a");
		assertThat(this.calls).containsExactly("cancelled", "done");
	}

	@Test
	void anEndThatComesInTheMiddleOfAWriteHasTheSourceCancelledBeforeWhenDone() {
		this.transport.completingOn(
				(sent) -> others().execute(() -> this.transport.connection().ended(CloseStatus.NO_CLOSE_FRAME)));
		Sinks.Many<String> source = Sinks.many().unicast().onBackpressureBuffer();
		this.runs.open(observed(source.asFlux()), this.transport);
		source.tryEmitNext("a");
		assertThat(this.calls).containsExactly("cancelled", "done");
	}

	@Test
	void aCloseThatIsAnsweredAtOnceHasTheSourceCancelledBeforeWhenDone() {
		this.runs.open(observed(Flux.never()), this.transport).close(CloseStatus.NORMAL);
		assertThat(this.calls).containsExactly("cancelled", "done");
	}

	@Test
	void whatFailsToAbortIsCountedOut() {
		this.transport.onAbort = () -> {
			throw new StackOverflowError();
		};
		Connection connection = this.runs.open(observed(Flux.never()), this.transport);
		connection.abort(CloseStatus.NO_CLOSE_FRAME);
		assertThat(this.calls).containsExactly("cancelled", "done");
		assertThat(this.runs.registry.size()).isZero();
		assertThat(this.runs.registry.reserved()).isZero();
	}

	/** The worker is faster than the one who reads. */
	@Test
	void readsOnWhileAWorkersHandlerIsAsynchronous() {
		Sinks.Empty<Void> handler = Sinks.empty();
		this.transport.workers = others();
		Connection connection = this.runs.open(InOut.of(In.<String>forEachAsync((message) -> {
			this.calls.add(message);
			return handler.asMono();
		}), Out.never()), this.transport);
		connection.received(Runs.text("a"));
		assertThat(this.transport.resumes).hasValue(this.transport.suspends.get());
		connection.received(Runs.text("b"));
		assertThat(this.calls).containsExactly("a");
		handler.tryEmitEmpty();
		assertThat(this.calls).containsExactly("a", "b");
	}

	@Test
	void aContextThatCannotBeLeftIsNoReasonToHandleTwoMessagesAtOnce() {
		staysWithItsMessage(null);
	}

	@Test
	void aContextThatAWorkerCannotLeaveIsNoReasonToHandleTwoMessagesAtOnce() {
		staysWithItsMessage(others());
	}

	private void staysWithItsMessage(Executor workers) {
		AtomicBoolean broken = new AtomicBoolean();
		Runs runs = new Runs(() -> new Unleavable(broken));
		runs.failures = (failure, message) -> {
			broken.set(false);
			return null;
		};
		this.transport.workers = workers;
		Sinks.Empty<Void> handler = Sinks.empty();
		Connection connection = runs.open(InOut.of(In.<String>forEachAsync((message) -> {
			this.calls.add(message);
			return handler.asMono();
		}).whenDone(() -> this.calls.add("done")), Out.never()), this.transport);
		broken.set(true);
		connection.received(Runs.text("a"));
		broken.set(false);
		connection.received(Runs.text("b"));
		assertThat(this.calls).containsExactly("a");
		connection.ended(CloseStatus.NORMAL);
		assertThat(this.calls).containsExactly("a");
		handler.tryEmitEmpty();
		assertThat(this.calls).containsExactly("a", "b", "done");
	}

	/** The next message, the handler's end and the connection's come together. */
	@Test
	void nothingIsHandledAfterWhenDone() throws Exception {
		Phaser phaser = new Phaser(3);
		AtomicInteger late = new AtomicInteger();
		for (int i = 0; i < 20_000; i++) {
			FakeTransport wire = new FakeTransport();
			wire.handling = Runnable::run;
			AtomicBoolean done = new AtomicBoolean();
			Sinks.Empty<Void> handler = Sinks.empty();
			Connection connection = this.runs.open(InOut.of(In.<String>forEachAsync((message) -> {
				late.addAndGet(done.get() ? 1 : 0);
				return message.equals("a") ? handler.asMono() : Mono.empty();
			}).whenDone(() -> done.set(true)), Out.never()), wire);
			connection.received(Runs.text("a"));
			CompletableFuture<Void> first = together(phaser, handler::tryEmitEmpty);
			CompletableFuture<Void> second = together(phaser, () -> connection.ended(CloseStatus.NO_CLOSE_FRAME));
			phaser.arriveAndAwaitAdvance();
			connection.received(Runs.text("b"));
			first.orTimeout(1, TimeUnit.MINUTES).join();
			second.orTimeout(1, TimeUnit.MINUTES).join();
			assertThat(done).isTrue();
		}
		assertThat(late).hasValue(0);
	}

	private CompletableFuture<Void> together(Phaser phaser, Runnable work) {
		return CompletableFuture.runAsync(() -> {
			phaser.arriveAndAwaitAdvance();
			work.run();
		}, this.threads);
	}

	@Test
	void anEndingThatComesAgainIsAnotherOne() {
		List<Runnable> tasks = new ArrayList<>();
		Runs later = new Runs(Runnable::run, tasks::add);
		Runnable ending = () -> this.calls.add("ended");
		later.registry.threads().callBackAtEnd(ending);
		later.registry.threads().callBackAtEnd(ending);
		tasks.get(0).run();
		assertThat(later.registry.finishing()).isEqualTo(1);
		tasks.get(1).run();
		assertThat(later.registry.finishing()).isZero();
	}

	private static final class Unleavable extends CallContext {

		private final AtomicBoolean broken;

		Unleavable(AtomicBoolean broken) {
			this.broken = broken;
		}

		@Override
		protected Scope apply() {
			return () -> {
				if (this.broken.get()) {
					throw new IllegalStateException("stays");
				}
			};
		}

	}

}

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

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Exception handlers may block: they run on the thread that reads for their connection or
 * on one for callbacks, and not on one that the application's own scheduler has for many.
 */
class ExceptionHandlerThreadTests {

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	private final ExecutorService callbacks = Executors.newCachedThreadPool((task) -> new Thread(task, "callback"));

	private final ExecutorService scheduler = Executors
		.newSingleThreadExecutor((task) -> new Thread(task, "scheduler"));

	private final Runs runs = new Runs(Runnable::run, this.callbacks);

	private final FakeTransport transport = new FakeTransport();

	private final CountDownLatch latch = new CountDownLatch(1);

	private final AtomicReference<Thread> handling = new AtomicReference<>();

	@BeforeEach
	void answerFailures() {
		this.runs.failures = (failure, message) -> {
			this.handling.set(Thread.currentThread());
			this.latch.await();
			return Runs.text("sorry");
		};
	}

	@AfterEach
	void stopThreads() {
		this.latch.countDown();
		this.callbacks.shutdownNow();
		this.scheduler.shutdownNow();
	}

	private void awaitHandling() {
		Awaitility.await().until(() -> this.handling.get() != null);
	}

	private void assertSchedulerIsFree() throws Exception {
		this.scheduler.submit(() -> {
		}).get(30, TimeUnit.SECONDS);
		assertThat(this.handling.get().getName()).isEqualTo("callback");
	}

	@Test
	void holdNoThreadOnWhichAnAsynchronousHandlerFailed() throws Exception {
		Sinks.Empty<Void> end = Sinks.empty();
		In<String> in = In.forEachAsync((message) -> message.equals("a") ? end.asMono() : Mono.empty());
		Connection connection = this.runs.open(InOut.of(in, Out.never()), this.transport);
		connection.received(Runs.text("a"));
		this.scheduler.execute(() -> end.tryEmitError(new IllegalStateException("boom")));
		awaitHandling();
		assertSchedulerIsFree();
		assertThat(this.transport.wire).isEmpty();
		this.latch.countDown();
		Awaitility.await().until(() -> this.transport.wire.contains("sorry"));
		connection.received(Runs.text("b"));
		assertThat(connection.isOpen()).isTrue();
	}

	@Test
	void holdNoThreadOnWhichAPipelineFailed() throws Exception {
		In<String> in = In
			.through((messages) -> messages.publishOn(Schedulers.fromExecutor(this.scheduler)).map((text) -> {
				throw new IllegalStateException("boom");
			}));
		this.runs.open(InOut.of(in, Out.never()), this.transport).received(Runs.text("a"));
		awaitHandling();
		assertSchedulerIsFree();
		this.latch.countDown();
		Awaitility.await().until(() -> this.transport.closes.contains(CloseStatus.SERVER_ERROR));
		assertThat(this.transport.wire).containsExactly("sorry", "<Close 1011>");
	}

	@Test
	void runOnTheThreadThatReadsWhenAHandlerFailsThere() {
		this.latch.countDown();
		In<String> in = In.forEachAsync((message) -> Mono.error(new IllegalStateException("boom")));
		Connection connection = this.runs.open(InOut.of(in, Out.never()), this.transport);
		connection.received(Runs.text("a"));
		assertThat(this.handling).hasValue(Thread.currentThread());
		assertThat(this.transport.wire).containsExactly("sorry");
		assertThat(this.transport.suspends).hasValue(0);
	}

}

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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What comes while a message is handled asynchronously.
 */
class ReadAheadTests {

	private static final int ROUNDS = 2000;

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	private final Runs runs = new Runs();

	private final FakeTransport transport = new FakeTransport();

	private final List<Sinks.Empty<Void>> handlers = new ArrayList<>();

	private final AtomicBoolean cancelled = new AtomicBoolean();

	private Connection open() {
		return open(this.runs);
	}

	private Connection open(Runs runs) {
		return runs.open(InOut.of(In.<String>forEachAsync((message) -> {
			runs.received.add(message);
			this.handlers.add(Sinks.empty());
			return this.handlers.get(this.handlers.size() - 1).asMono();
		}).whenDone(runs.done::add), Out.from(Flux.<String>never().doOnCancel(() -> this.cancelled.set(true)))),
				this.transport);
	}

	private void complete(int handler) {
		this.handlers.get(handler).tryEmitEmpty();
	}

	@Test
	void aMessageOfSixteenKilobytesStopsReading() {
		Connection connection = open();
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b".repeat(16 * 1024 - 64)));
		assertThat(this.transport.suspends).hasValue(1);
		complete(0);
		assertThat(this.transport.resumes).hasValue(1);
	}

	@Test
	void aMessageThatIsALittleSmallerDoesNot() {
		Connection connection = open();
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b".repeat(16 * 1024 - 65)));
		assertThat(this.transport.suspends).hasValue(0);
		complete(0);
		assertThat(this.transport.resumes).hasValue(0);
	}

	@Test
	void manyEmptyMessagesStopReadingUntilHalfOfThemAreHandled() {
		Connection connection = open();
		connection.received(Runs.text("a"));
		for (int i = 0; i < 256; i++) {
			assertThat(this.transport.suspends).hasValue(0);
			connection.received(Runs.text(""));
		}
		assertThat(this.transport.suspends).hasValue(1);
		for (int i = 0; i < 127; i++) {
			complete(i);
		}
		assertThat(this.transport.resumes).hasValue(0);
		complete(127);
		assertThat(this.transport.resumes).hasValue(1);
		complete(128);
		assertThat(this.transport.resumes).hasValue(1);
	}

	@Test
	void thePeersCloseCancelsTheOutAtOnceAndWhenDoneComesAfterAllThatCameBefore() {
		Connection connection = open();
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b"));
		connection.closing(CloseStatus.NORMAL);
		assertThat(this.cancelled).isTrue();
		connection.ended(CloseStatus.NORMAL);
		complete(0);
		assertThat(this.runs.received).containsExactly("a", "b");
		assertThat(this.runs.done).isEmpty();
		complete(1);
		assertThat(this.runs.done).containsExactly(CloseStatus.NORMAL);
	}

	@Test
	void whatCameBeforeTheWireBrokeIsHandled() {
		Connection connection = open();
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b"));
		connection.ended(CloseStatus.NO_CLOSE_FRAME);
		complete(0);
		complete(1);
		assertThat(this.runs.received).containsExactly("a", "b");
		assertThat(this.runs.done).containsExactly(CloseStatus.NO_CLOSE_FRAME);
	}

	@Test
	void nothingMoreIsHandledOnceWeHaveClosed() {
		Connection connection = open();
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b"));
		connection.close(CloseStatus.GOING_AWAY);
		connection.received(Runs.text("c"));
		complete(0);
		assertThat(this.runs.received).containsExactly("a");
		assertThat(this.runs.done).containsExactly(CloseStatus.GOING_AWAY);
	}

	@Test
	void nothingMoreIsHandledOnceWeHaveGivenUp() {
		Connection connection = open();
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b"));
		connection.abort(CloseStatus.NO_CLOSE_FRAME);
		complete(0);
		assertThat(this.runs.received).containsExactly("a");
		assertThat(this.runs.done).containsExactly(CloseStatus.NO_CLOSE_FRAME);
	}

	@Test
	void nothingMoreIsHandledOnceAHandlerHasFailed() {
		Connection connection = open();
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b"));
		connection.closing(CloseStatus.NORMAL);
		connection.ended(CloseStatus.NORMAL);
		this.handlers.get(0).tryEmitError(new IllegalStateException("bad"));
		assertThat(this.runs.received).containsExactly("a");
		assertThat(this.runs.done).containsExactly(CloseStatus.NORMAL);
	}

	@Test
	void givingUpWakesNoPipelineThatAsksForNothing() {
		List<String> events = new ArrayList<>();
		Sinks.Empty<Void> gate = Sinks.empty();
		Connection connection = this.runs.open(
				InOut.of(In.<String>through((messages) -> messages.delaySubscription(gate.asMono())
					.doOnNext(events::add)
					.doOnComplete(() -> events.add("completed"))).whenDone(this.runs.done::add), Out.never()),
				this.transport);
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b"));
		connection.abort(CloseStatus.NO_CLOSE_FRAME);
		gate.tryEmitEmpty();
		assertThat(events).containsExactly("a", "completed");
		assertThat(this.runs.done).containsExactly(CloseStatus.NO_CLOSE_FRAME);
	}

	@Test
	void aMessageThatWasReadAheadIsHandledWhereTheWireHandlesMessages() {
		List<Runnable> handling = new ArrayList<>();
		this.transport.handling = handling::add;
		Connection connection = open();
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b"));
		complete(0);
		assertThat(this.runs.received).containsExactly("a");
		assertThat(handling).hasSize(1);
		handling.get(0).run();
		assertThat(this.runs.received).containsExactly("a", "b");
	}

	@Test
	void aMessageThatWasReadAheadIsHandledByTheCallbacksThreadsWhereTheWireHasNone() {
		List<Runnable> callbacks = new ArrayList<>();
		Runs runs = new Runs(Runnable::run, callbacks::add);
		Connection connection = open(runs);
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b"));
		complete(0);
		assertThat(runs.received).containsExactly("a");
		callbacks.forEach(Runnable::run);
		assertThat(runs.received).containsExactly("a", "b");
	}

	@Test
	void theEndMeetsHandlersOnOtherThreads() throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(3);
		try {
			for (int i = 0; i < ROUNDS; i++) {
				meet(threads, i % 6);
			}
		}
		finally {
			threads.shutdown();
		}
	}

	private static void meet(ExecutorService threads, int messages) throws InterruptedException {
		Runs runs = new Runs(threads);
		CountDownLatch done = new CountDownLatch(1);
		List<Integer> handledBefore = new ArrayList<>();
		FakeTransport transport = new FakeTransport();
		Connection connection = runs.open(InOut.of(In
			.<String>forEachAsync((message) -> CompletableFuture.runAsync(() -> runs.received.add(message), threads))
			.whenDone((status) -> {
				handledBefore.add(runs.received.size());
				done.countDown();
			}), Out.never()), transport);
		List<String> sent = new ArrayList<>();
		for (int i = 0; i < messages; i++) {
			sent.add("m" + i);
			connection.received(Runs.text("m" + i));
		}
		connection.ended(CloseStatus.NORMAL);
		assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
		assertThat(runs.received).containsExactlyElementsOf(sent);
		assertThat(handledBefore).containsExactly(messages);
	}

	@Test
	void nothingIsLeftOfWhatIsDropped() {
		ReadAhead ahead = new ReadAhead();
		ahead.add(Runs.text("a"));
		ahead.clear();
		assertThat(ahead.isEmpty()).isTrue();
		assertThat(ahead.poll()).isNull();
	}

}

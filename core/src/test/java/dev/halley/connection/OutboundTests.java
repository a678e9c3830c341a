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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

import dev.halley.Channel;
import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.Overflow;
import dev.halley.codec.Payload;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Outbound}: batches, demand, limits and sources that break the rules.
 */
class OutboundTests {

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	private final Runs runs = new Runs();

	private final FakeTransport transport = new FakeTransport();

	private final AtomicLong asked = new AtomicLong();

	@Test
	void writesAllThatIsQueuedAtOnceWhenTheWireIsFree() {
		List<Channel<String>> channels = new ArrayList<>();
		this.runs.open(Out.<String>unicast(channels::add), this.transport.stalled());
		IntStream.range(0, 20).forEach((i) -> channels.get(0).push("m" + i));
		assertThat(this.transport.batches).hasSize(1);
		this.transport.finishWrite();
		assertThat(this.transport.batches).hasSize(2);
		assertThat(this.transport.batches.get(1)).hasSize(19);
		this.transport.finishWrite();
		assertThat(this.transport.wire).containsExactlyElementsOf(messages(20));
	}

	@Test
	void writesTheAnswersOfABatchAtOnce() {
		Connection connection = this.runs.open(echo(), this.transport);
		connection.batchStarted();
		messages(10).forEach((message) -> connection.received(Runs.text(message)));
		assertThat(this.transport.batches).isEmpty();
		connection.batchEnded();
		assertThat(this.transport.batches).hasSize(1);
		assertThat(this.transport.wire).containsExactlyElementsOf(messages(10));
	}

	@Test
	void writesWithinALargeBatchRatherThanTakeItsPeerForSlow() {
		Hub<String> hub = Hubs.inMemory().hub("room", String.class);
		Connection connection = this.runs.open(InOut.of(In.forEach(hub::publish), hub.out()), this.transport);
		connection.batchStarted();
		messages(2000).forEach((message) -> connection.received(Runs.text(message)));
		connection.batchEnded();
		assertThat(this.transport.wire).containsExactlyElementsOf(messages(2000));
	}

	@Test
	void answersEachUnreadableMessageOfALargeBatch() {
		this.runs.failures = (failure, message) -> Payload.text("bad");
		Connection connection = this.runs.open(Out.never(), this.transport);
		connection.batchStarted();
		IntStream.range(0, 1000).forEach((i) -> connection.received(Runs.text("?")));
		connection.batchEnded();
		assertThat(this.transport.wire).hasSize(1000).containsOnly("bad");
	}

	@Test
	void holdsBackOnlyTheThreadOfTheBatch() {
		List<Channel<String>> channels = new ArrayList<>();
		Connection connection = this.runs.open(Out.<String>unicast(channels::add), this.transport);
		connection.batchStarted();
		CompletableFuture.runAsync(() -> channels.get(0).push("other")).orTimeout(1, TimeUnit.MINUTES).join();
		assertThat(this.transport.wire).containsExactly("other");
		connection.batchEnded();
	}

	@Test
	void closesAtTheEndOfTheBatchInWhichItWasAskedTo() {
		List<Connection> connections = new ArrayList<>();
		Connection connection = this.runs.open(InOut.of(In.<String>forEach((message) -> {
			this.runs.received.add(message);
			connections.get(0).close(CloseStatus.NORMAL);
		}), Out.of("hello")), this.transport);
		connections.add(connection);
		connection.batchStarted();
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b"));
		assertThat(this.transport.closes).isEmpty();
		connection.batchEnded();
		assertThat(this.transport.wire).containsExactly("hello", "<Close 1000>");
		assertThat(this.runs.received).containsExactly("a");
	}

	@Test
	void endsABatchInWhichTheConnectionEnded() {
		Connection connection = this.runs.open(echo(), this.transport);
		connection.batchStarted();
		connection.received(Runs.text("a"));
		connection.ended(CloseStatus.NO_CLOSE_FRAME);
		connection.batchEnded();
		assertThat(this.transport.wire).isEmpty();
	}

	@Test
	void cancelsASourceThoughItsBatchHoldsBackWhatIsWritten() {
		ManualSource<String> source = new ManualSource<>();
		Connection connection = this.runs.open(Out.from(source), this.transport);
		connection.batchStarted();
		connection.close(CloseStatus.NORMAL);
		assertThat(source.cancels).isOne();
		assertThat(this.transport.closes).isEmpty();
		connection.batchEnded();
		assertThat(this.transport.closes).containsExactly(CloseStatus.NORMAL);
	}

	@Test
	void endsThoughCancelThrows() {
		ManualSource<String> source = new ManualSource<>();
		source.cancelFailure = new IllegalStateException("boom");
		this.runs.open(Out.from(source), this.transport).close(CloseStatus.NORMAL);
		assertThat(this.transport.closes).containsExactly(CloseStatus.NORMAL);
		assertThat(this.runs.done).containsExactly(CloseStatus.NORMAL);
	}

	@Test
	void countsTheEndOfAWriteOnce() {
		List<Channel<String>> channels = new ArrayList<>();
		this.runs.open(Out.<String>unicast(channels::add), this.transport.stalled());
		channels.get(0).push("a");
		channels.get(0).push("b");
		channels.get(0).push("c");
		Runnable first = this.transport.finishedWrite();
		first.run();
		channels.get(0).push("d");
		this.transport.sending.set(1);
		first.run();
		assertThat(this.transport.wire).containsExactly("a", "b", "c");
		assertThat(this.transport.overlaps).hasValue(0);
		this.transport.finishAllWrites();
		assertThat(this.transport.wire).containsExactly("a", "b", "c", "d");
	}

	@Test
	void ignoresTheEndOfAWriteAfterTheEndOfTheConnection() {
		Connection connection = this.runs.open(counted(100), this.transport.stalled());
		connection.ended(CloseStatus.NO_CLOSE_FRAME);
		this.transport.finishAllWrites();
		assertThat(this.transport.batches).hasSize(1);
	}

	@Test
	void reusesNoListThatTheWireStillHolds() {
		List<Channel<String>> channels = new ArrayList<>();
		this.runs.open(Out.<String>unicast(channels::add), this.transport.stalled());
		for (int i = 0; i < 10; i++) {
			channels.get(0).push("m" + i);
			channels.get(0).push("n" + i);
			this.transport.finishAllWrites();
		}
		assertThat(this.transport.wire).hasSize(20).startsWith("m0", "n0", "m1").endsWith("m9", "n9");
	}

	@Test
	void boundsTheAnswersToAPeerThatOnlySends() {
		this.runs.with(Overflow.CLOSE, 8, 1 << 20);
		this.runs.failures = (failure, message) -> Payload.text("bad");
		Connection connection = this.runs.open(Out.of("hello"), this.transport.stalled());
		IntStream.range(0, 100).forEach((i) -> connection.received(Runs.text("?")));
		this.transport.finishAllWrites();
		assertThat(this.transport.wire).containsExactly("hello", "<Close 1013>");
	}

	@Test
	void passesOnWhatIsEncodedAlready() {
		this.runs.open(InOut.of(this.runs.in(), Out.from(Flux.<Object>just(Payload.ping(new byte[0]), "a"))),
				this.transport);
		assertThat(this.transport.wire).containsExactly("<PING>", "a");
		assertThat(this.runs.codec.encoded).hasValue(1);
	}

	@Test
	void putsAPingBeforeWhatWaits() {
		List<Channel<String>> channels = new ArrayList<>();
		Connection connection = this.runs.open(Out.<String>unicast(channels::add), this.transport);
		connection.batchStarted();
		channels.get(0).push("a");
		CompletableFuture.runAsync(() -> {
			this.runs.nanos.addAndGet(Duration.ofSeconds(30).toNanos());
			this.runs.registry.tick();
		}).orTimeout(1, TimeUnit.MINUTES).join();
		connection.batchEnded();
		assertThat(this.transport.wire).containsExactly("<PING>", "a");
	}

	@Test
	void keepsTheOrderOfASourceOnAnotherThread() {
		this.runs.open(
				Out.from(Flux.range(0, 5000).map((i) -> "m" + i).publishOn(Schedulers.parallel())).andThen(Out.eof()),
				this.transport);
		Awaitility.await().until(() -> !this.runs.done.isEmpty());
		assertThat(this.transport.wire.subList(0, 5000)).containsExactlyElementsOf(messages(5000));
	}

	private Out<String> counted(int count) {
		return Out.from(Flux.range(0, count).map((i) -> "m" + i).doOnRequest(this.asked::addAndGet));
	}

	private static List<String> messages(int count) {
		return IntStream.range(0, count).mapToObj((i) -> "m" + i).toList();
	}

	private static InOut<String, String> echo() {
		Sinks.Many<String> sink = Sinks.many().unicast().onBackpressureBuffer();
		return InOut.of(In.<String>forEach(sink::tryEmitNext), Out.from(sink.asFlux()));
	}

}

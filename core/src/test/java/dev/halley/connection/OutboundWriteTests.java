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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;

import dev.halley.Channel;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.Overflow;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.Payload;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When an {@link Outbound} writes and who does: what is held back, what waits for nobody,
 * and which threads must not write. One step at a time, on executors that a test plays.
 */
class OutboundWriteTests {

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	private final Queue<Runnable> handedOver = new ArrayDeque<>();

	private final Queue<Runnable> callbacks = new ArrayDeque<>();

	private final Runs runs = new Runs(this.handedOver::add, this.callbacks::add);

	private final FakeTransport transport = new FakeTransport();

	private final ManualSource<Object> source = new ManualSource<>();

	private static void runAll(Queue<Runnable> tasks) {
		for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
			next.run();
		}
	}

	private static void elsewhere(Runnable work) throws Exception {
		CompletableFuture.runAsync(work, (task) -> new Thread(task).start()).get(30, TimeUnit.SECONDS);
	}

	/** A status is emitted as a message is: its thread may be interrupted, too. */
	@Test
	void aThreadOnWhichTheSourceEmittedItsCloseWritesNothingAfterTheCancellation() throws Exception {
		AtomicReference<Thread> closer = new AtomicReference<>();
		this.transport.onClose = () -> closer.set(Thread.currentThread());
		this.runs.open(InOut.of(In.<String>ignore(), Out.from(this.source)), this.transport.stalled());
		elsewhere(() -> this.source.emit("a"));
		this.source.emit(CloseStatus.NORMAL);
		this.transport.finishWrite();
		runAll(this.callbacks);
		assertThat(this.transport.closes).isEmpty();
		elsewhere(() -> runAll(this.handedOver));
		assertThat(this.transport.wire).containsExactly("a", "<Close 1000>");
		assertThat(closer.get()).isNotSameAs(Thread.currentThread());
	}

	@Test
	void anyOtherThreadWritesTheClose() throws Exception {
		this.runs.open(InOut.of(In.<String>ignore(), Out.from(this.source)), this.transport.stalled());
		elsewhere(() -> this.source.emit("a"));
		this.transport.connection().close(CloseStatus.NORMAL);
		this.transport.finishWrite();
		assertThat(this.transport.wire).containsExactly("a", "<Close 1000>");
	}

	/** Once the wire is gone nothing is written that could be interrupted. */
	@Test
	void theEndIsNobodyElsesWork() {
		Connection connection = this.runs.open(InOut.of(In.<String>ignore(), Out.from(this.source)),
				this.transport.stalled());
		this.source.emit("a");
		connection.close(CloseStatus.NORMAL);
		connection.ended(CloseStatus.NO_CLOSE_FRAME);
		this.transport.finishWrite();
		assertThat(this.handedOver).isEmpty();
		assertThat(this.transport.wire).containsExactly("a");
	}

	@Test
	void aLastMessageComesTooLateOnceTheEndWasAskedFor() throws Exception {
		this.runs.failures = (failure, message) -> Payload.text("last");
		Connection connection = this.runs.open(
				Out.of("a").andThen(Out.from(Flux.error(new IllegalStateException("boom")))), this.transport.stalled());
		connection.close(CloseStatus.GOING_AWAY);
		runAll(this.callbacks);
		this.transport.finishAllWrites();
		elsewhere(() -> runAll(this.handedOver));
		assertThat(this.transport.wire).containsExactly("a", "<Close 1001>");
	}

	/**
	 * It is out before the source is cancelled, after which this thread writes no more.
	 */
	@Test
	void aLastMessageAndTheCloseAreWrittenByTheThreadThatAnswersTheFailure() {
		this.runs.failures = (failure, message) -> Payload.text("last");
		this.runs.open(InOut.of(In.<String>ignore(), Out.from(this.source)), this.transport);
		this.source.emit("a");
		this.source.fail();
		runAll(this.callbacks);
		assertThat(this.transport.wire).containsExactly("a", "last", "<Close 1011>");
		assertThat(this.handedOver).isEmpty();
	}

	@Test
	void aMessageAfterWhichThereIsNoRoomIsNotHeldBack() {
		this.runs.with(Overflow.CLOSE, 16, 10);
		Connection connection = this.runs.open(InOut.of(In.<String>ignore(), Out.from(this.source)), this.transport);
		connection.batchStarted();
		this.source.emit("larger than the buffer");
		assertThat(this.transport.wire).containsExactly("larger than the buffer");
		connection.batchEnded();
	}

	@Test
	void aSmallMessageAfterWhichThereIsRoomIsHeldBack() {
		Connection connection = this.runs.open(InOut.of(In.<String>ignore(), Out.from(this.source)), this.transport);
		connection.batchStarted();
		this.source.emit("a");
		assertThat(this.transport.wire).isEmpty();
		connection.batchEnded();
		assertThat(this.transport.wire).containsExactly("a");
	}

	/** As many as a thread lends itself to, and some more. */
	@Test
	void theSourceIsAskedAfterTheWritesThatAnotherThreadHasTakenOver() throws Exception {
		this.runs.with(Overflow.CLOSE, 4, 1 << 20);
		this.runs.failures = (failure, message) -> Payload.text("answer");
		AtomicInteger writes = new AtomicInteger();
		this.transport.completingOn((sent) -> {
			if (writes.incrementAndGet() < 100) {
				this.transport.connection().received(Runs.text("?"));
			}
			else {
				runAll(this.callbacks);
			}
			sent.run();
		});
		this.runs.open(InOut.of(this.runs.in(), Out.from(this.source)), this.transport);
		this.source.emit("a");
		assertThat(this.transport.wire).hasSize(64);
		assertThat(this.source.requests).containsExactly(1L);
		elsewhere(() -> runAll(this.handedOver));
		assertThat(this.transport.wire).hasSize(100);
		runAll(this.callbacks);
		assertThat(this.source.requests).containsExactly(1L, 1L);
	}

	@Test
	void nothingIsReleasedWhereNothingIsHeldBack() {
		List<Channel<String>> channels = new ArrayList<>();
		this.runs.open(Out.<String>unicast(channels::add), this.transport.stalled());
		runAll(this.callbacks);
		this.runs.pass(Duration.ofSeconds(1));
		assertThat(this.handedOver).isEmpty();
		channels.get(0).push("a");
		channels.get(0).push("b");
		this.runs.pass(Duration.ofSeconds(1));
		assertThat(this.handedOver).isEmpty();
		this.transport.finishAllWrites();
		assertThat(this.transport.wire).containsExactly("a", "b");
	}

	@Test
	void whatIsHeldBackIsReleasedOnAThreadOfTheWires() {
		List<Channel<String>> channels = new ArrayList<>();
		Connection connection = this.runs.open(Out.<String>unicast(channels::add), this.transport);
		connection.batchStarted();
		channels.get(0).push("a");
		this.runs.pass(Duration.ofMillis(500));
		assertThat(this.handedOver).hasSize(1);
		connection.batchEnded();
	}

	@Test
	void nothingIsKeptForAWireThatIsGone() {
		OutboundState state = state();
		Outbound outbound = outbound(state);
		outbound.cork();
		outbound.offer(Runs.text("a"));
		assertThat(state.isHeldBack()).isTrue();
		outbound.end();
		assertThat(state.isHeldBack()).isFalse();
		outbound.offer(Runs.text("b"));
		outbound.offerLast(Runs.text("c"));
		outbound.ping(Payload.ping(new byte[0]));
		assertThat(state.isHeldBack()).isFalse();
	}

	@Test
	void nothingIsTakenAfterTheClose() {
		OutboundState state = state();
		Outbound outbound = outbound(state);
		outbound.close(CloseStatus.NORMAL, false);
		outbound.offer(Runs.text("a"));
		outbound.offerLast(Runs.text("b"));
		outbound.ping(Payload.ping(new byte[0]));
		assertThat(state.isHeldBack()).isFalse();
	}

	@Test
	void nothingWaitsForThePeerUntilSomethingIsWritten() {
		OutboundState state = state();
		state.progress();
		assertThat(state.stuckSince()).isEqualTo(OutboundState.NOT_WAITING);
		state.end();
		state.progress();
		assertThat(state.stuckSince()).isEqualTo(OutboundState.NOT_WAITING);
	}

	/** Messages that wait at the source are to share its write, but the Close is not. */
	@Test
	void theCloseDoesNotWaitForMessagesThatAreNotWanted() throws Exception {
		this.runs.with(Overflow.DROP_OLDEST, 4, 1 << 20);
		Connection connection = this.runs.open(InOut.of(In.<String>ignore(), Out.from(this.source)),
				this.transport.stalled());
		elsewhere(() -> this.source.emit("a"));
		connection.close(CloseStatus.NORMAL);
		this.runs.registry.executor().execute(this.transport::finishWrite);
		runAll(this.handedOver);
		connection.batchEnded();
		assertThat(this.transport.wire).containsExactly("a", "<Close 1000>");
	}

	/** Whoever asks blocks, on a thread that is none of the wires'. */
	@Test
	void aPingDoesNotWaitForMessagesThatAreBeingFetched() {
		this.runs.with(Overflow.DROP_OLDEST, 4, 1 << 20);
		this.runs.open(InOut.of(In.<String>ignore(), Out.from(this.source)), this.transport.stalled());
		this.source.emit("a");
		this.runs.registry.executor().execute(this.transport::finishWrite);
		runAll(this.handedOver);
		this.runs.pass(Duration.ofSeconds(30));
		runAll(this.handedOver);
		assertThat(this.transport.wire).containsExactly("a", "<PING>");
	}

	@Test
	void aSourceIsAskedElsewhereWhenAThreadOfTheWiresHasWritten() {
		this.runs.with(Overflow.DROP_OLDEST, 4, 1 << 20);
		this.runs.open(InOut.of(In.<String>ignore(), Out.from(this.source)), this.transport.stalled());
		this.source.emit("a");
		int before = this.source.requests.size();
		this.runs.registry.executor().execute(this.transport::finishWrite);
		runAll(this.handedOver);
		assertThat(this.source.requests).hasSize(before);
		runAll(this.callbacks);
		assertThat(this.source.requests).hasSizeGreaterThan(before);
	}

	private OutboundState state() {
		return new OutboundState(this.runs.connection(InOut.of(In.<String>ignore(), Out.never())), Runs.SETTINGS);
	}

	private Outbound outbound(OutboundState state) {
		Connection connection = this.runs.connection(InOut.of(In.<String>ignore(), Out.never()));
		return new Outbound(connection, encoder(), Runs.SETTINGS, state);
	}

	@SuppressWarnings({ "unchecked", "rawtypes" })
	private PayloadEncoder encoder() {
		return new PayloadEncoder((MessageCodec) this.runs.codec);
	}

}

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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.reactivestreams.Publisher;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import dev.halley.Channel;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * How connections end, whoever begins it and whatever goes wrong with it.
 */
class ConnectionEndTests {

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	private final Runs runs = new Runs();

	private final FakeTransport transport = new FakeTransport();

	@Test
	void runsWhenDoneAfterTheHandlerInProgress() throws Exception {
		List<String> order = new CopyOnWriteArrayList<>();
		CountDownLatch entered = new CountDownLatch(1);
		CountDownLatch mayLeave = new CountDownLatch(1);
		Connection connection = this.runs.open(InOut.of(In.<String>forEach((message) -> {
			entered.countDown();
			awaitUninterruptibly(mayLeave);
			order.add("handled");
		}).whenDone(() -> order.add("done")), Out.never()), this.transport);
		CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> connection.received(Runs.text("a")),
				(task) -> new Thread(task).start());
		assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
		connection.ended(CloseStatus.NO_CLOSE_FRAME);
		assertThat(order).isEmpty();
		mayLeave.countDown();
		reader.get(30, TimeUnit.SECONDS);
		assertThat(order).containsExactly("handled", "done");
	}

	@Test
	void runsWhenDoneAfterTheAsynchronousHandlerInProgress() {
		Sinks.Empty<Void> handler = Sinks.empty();
		Connection connection = this.runs.open(InOut
			.of(In.<String>forEachAsync((message) -> handler.asMono()).whenDone(this.runs.done::add), Out.never()),
				this.transport);
		connection.received(Runs.text("a"));
		connection.ended(CloseStatus.NORMAL);
		assertThat(this.runs.done).isEmpty();
		handler.tryEmitEmpty();
		assertThat(this.runs.done).containsExactly(CloseStatus.NORMAL);
	}

	@Test
	void handlesNothingAfterItsEndAndSendsNothingAfterTheClose() {
		AtomicInteger pushes = new AtomicInteger();
		List<Channel<String>> channels = new ArrayList<>();
		Connection connection = this.runs.open(Out.<String>unicast(channels::add), this.transport.neverAcknowledging());
		connection.close(CloseStatus.NORMAL);
		connection.received(Runs.text("late"));
		pushes.addAndGet(channels.get(0).push("late") ? 1 : 0);
		connection.ended(CloseStatus.NORMAL);
		connection.received(Runs.text("later"));
		assertThat(this.runs.received).isEmpty();
		assertThat(pushes).hasValue(0);
		assertThat(this.transport.wire).containsExactly("<Close 1000>");
	}

	@Test
	void reportsThePeersStatus() {
		this.runs.open(Out.never(), this.transport).ended(new CloseStatus(4000));
		this.runs.open(Out.never(), new FakeTransport()).ended(CloseStatus.NO_STATUS_CODE);
		assertThat(this.runs.done).containsExactly(new CloseStatus(4000), CloseStatus.NO_STATUS_CODE);
	}

	@Test
	void cancelsTheOutAndDiscardsItsQueueWhenThePeerBeginsToClose() {
		AtomicInteger cancels = new AtomicInteger();
		this.transport.stalled();
		Connection connection = this.runs.open(
				Out.from(Flux.just("a", "b").concatWith(Flux.never()).doOnCancel(cancels::incrementAndGet)),
				this.transport);
		connection.closing(new CloseStatus(4000));
		assertThat(cancels).hasValue(1);
		assertThat(connection.isOpen()).isFalse();
		this.transport.finishAllWrites();
		connection.received(Runs.text("late"));
		connection.ended(new CloseStatus(4000));
		assertThat(this.transport.wire).containsExactly("a");
		assertThat(this.runs.received).isEmpty();
		assertThat(this.runs.done).containsExactly(new CloseStatus(4000));
	}

	@Test
	void boundsTheEndThatThePeerBegan() {
		this.runs.open(Out.never(), this.transport).closing(CloseStatus.NO_STATUS_CODE);
		this.runs.pass(Duration.ofSeconds(3));
		assertThat(this.transport.aborts).containsExactly(CloseStatus.NO_STATUS_CODE);
		assertThat(this.runs.done).containsExactly(CloseStatus.NO_STATUS_CODE);
	}

	@Test
	void reportsItsOwnStatusWhenThePeerAcknowledges() {
		Connection connection = this.runs.open(Out.never(), this.transport.neverAcknowledging());
		connection.close(new CloseStatus(4002));
		connection.ended(CloseStatus.NO_CLOSE_FRAME);
		assertThat(this.runs.done).containsExactly(new CloseStatus(4002));
	}

	@Test
	void reportsThePeersEndWhenItsOwnCloseNeverWentOut() {
		this.transport.stalled();
		Connection connection = this.runs.open(Out.of("a"), this.transport);
		connection.close(new CloseStatus(4002));
		connection.ended(CloseStatus.NO_CLOSE_FRAME);
		assertThat(this.runs.done).containsExactly(CloseStatus.NO_CLOSE_FRAME);
	}

	@Test
	void closesOnlyOnce() {
		Connection connection = this.runs.open(Out.never(), this.transport.neverAcknowledging());
		connection.close(new CloseStatus(4001));
		connection.close(new CloseStatus(4002));
		assertThat(this.transport.closes).containsExactly(new CloseStatus(4001));
	}

	@Test
	void sendsTheCloseOnlyAfterTheWriteInProgress() {
		this.transport.stalled();
		Connection connection = this.runs.open(Out.of("a"), this.transport);
		connection.close(CloseStatus.NORMAL);
		assertThat(this.transport.closes).isEmpty();
		this.transport.finishWrite();
		assertThat(this.transport.closes).containsExactly(CloseStatus.NORMAL);
	}

	@Test
	void closesAtOnceWhenItWasClosedBeforeItWasOpened() {
		AtomicInteger subscriptions = new AtomicInteger();
		Connection connection = this.runs.connection(InOut.of(this.runs.in(),
				Out.from(Flux.just("a").doOnSubscribe((subscription) -> subscriptions.incrementAndGet()))));
		this.transport.attach(connection);
		connection.close(CloseStatus.GOING_AWAY);
		assertThat(connection.isOpen()).isFalse();
		connection.open(this.transport);
		assertThat(this.transport.wire).containsExactly("<Close 1001>");
		assertThat(subscriptions).hasValue(0);
		assertThat(this.runs.done).containsExactly(CloseStatus.GOING_AWAY);
		assertThat(this.runs.registry.size()).isZero();
	}

	@Test
	void dropsTheWireWhenItEndedBeforeItWasOpened() {
		Connection connection = this.runs.connection(InOut.of(this.runs.in(), Out.of("a")));
		connection.ended(CloseStatus.NO_CLOSE_FRAME);
		connection.open(this.transport);
		assertThat(this.transport.aborts).hasSize(1);
		assertThat(this.transport.wire).isEmpty();
		assertThat(this.runs.done).containsExactly(CloseStatus.NO_CLOSE_FRAME);
		assertThat(this.runs.registry.size()).isZero();
	}

	@Test
	void startsTheInBeforeItIsDoneThoughTheEndComesInTheMiddleOfOpening() {
		List<String> order = new ArrayList<>();
		this.transport.broken();
		In<String> in = In.<String>through((messages) -> {
			order.add("start");
			return messages;
		}).whenDone((status) -> order.add("done " + status.getCode()));
		this.runs.open(InOut.of(in, Out.of("a")), this.transport);
		assertThat(order).containsExactly("start", "done 1006");
		assertThat(this.runs.registry.size()).isZero();
	}

	@Test
	void isNotRegisteredWhenItEndsWhileItIsBeingRegistered() {
		this.runs.registry.stopAccepting();
		this.runs.registry.startAccepting();
		Connection connection = this.runs.connection(InOut.of(this.runs.in(), Out.never()));
		this.transport.attach(connection);
		this.runs.registry.stopAccepting();
		connection.open(this.transport);
		assertThat(this.transport.closes).containsExactly(CloseStatus.GOING_AWAY);
		assertThat(this.runs.registry.size()).isZero();
	}

	@Test
	void tellsOneThatComesDuringADrainWhatTheDrainTells() {
		Connection connection = this.runs.connection(InOut.of(this.runs.in(), Out.never()));
		this.transport.attach(connection);
		this.runs.registry.stopAccepting(CloseStatus.SERVICE_RESTARTED);
		connection.open(this.transport);
		assertThat(this.transport.closes).containsExactly(CloseStatus.SERVICE_RESTARTED);
	}

	/** What the peer had sent before its Close is handled. */
	@Test
	void handlesWhatCameBeforeThePeersCloseThoughItIsClosedHereAfterwards() {
		Sinks.Empty<Void> handler = Sinks.empty();
		Connection connection = this.runs.open(InOut.of(In.<String>forEachAsync((message) -> {
			this.runs.received.add(message);
			return message.equals("a") ? handler.asMono() : Mono.empty();
		}).whenDone(this.runs.done::add), Out.never()), this.transport);
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b"));
		connection.closing(CloseStatus.NORMAL);
		connection.close(CloseStatus.GOING_AWAY);
		connection.ended(CloseStatus.NORMAL);
		connection.close(CloseStatus.GOING_AWAY);
		handler.tryEmitEmpty();
		assertThat(this.runs.received).containsExactly("a", "b");
		assertThat(this.runs.done).containsExactly(CloseStatus.NORMAL);
	}

	@Test
	void canBeOpenedOnlyOnce() {
		Connection connection = this.runs.open(Out.never(), this.transport);
		assertThatIllegalStateException().isThrownBy(() -> connection.open(this.transport));
	}

	@Test
	void endsWhenAWriteThrows() {
		this.transport.throwing(new IllegalStateException("recycled"));
		this.runs.open(Out.of("a"), this.transport);
		assertThat(this.transport.aborts).hasSize(1);
		assertThat(this.runs.done).containsExactly(CloseStatus.NO_CLOSE_FRAME);
		assertThat(this.log.messages()).singleElement().asString().contains("write failed");
	}

	@Test
	void endsThoughTheCancelledOutThrows() {
		Out<String> out = Out.unicast((channel) -> channel.onEnd(() -> {
			throw new IllegalStateException("boom");
		}));
		this.runs.open(out, this.transport).ended(CloseStatus.NORMAL);
		assertThat(this.runs.done).containsExactly(CloseStatus.NORMAL);
		assertThat(this.runs.registry.size()).isZero();
	}

	@Test
	void reportsWhyItWasDroppedWhateverTheTransportMakesOfIt() {
		Connection connection = this.runs.open(Out.never(), this.transport);
		this.transport.onAbort = () -> connection.ended(CloseStatus.SERVER_ERROR);
		connection.abort(CloseStatus.NO_CLOSE_FRAME);
		assertThat(this.runs.done).containsExactly(CloseStatus.NO_CLOSE_FRAME);
	}

	@Test
	void endsThoughAbortThrows() {
		Connection connection = this.runs.open(Out.never(), this.transport);
		this.transport.onAbort = () -> {
			throw new IllegalStateException("recycled");
		};
		connection.abort(CloseStatus.GOING_AWAY);
		assertThat(this.runs.done).containsExactly(CloseStatus.GOING_AWAY);
	}

	@Test
	void logsWhatWhenDoneThrows() {
		Connection connection = this.runs.open(InOut.of(In.<String>ignore().whenDone(() -> {
			throw new AssertionError("boom");
		}), Out.never()), this.transport);
		connection.ended(CloseStatus.NORMAL);
		assertThat(this.log.messages()).singleElement().asString().contains("whenDone failed");
	}

	@Test
	void leavesTheThreadThatWroteToRunWhenDoneElsewhere() {
		List<Runnable> handedOver = new ArrayList<>();
		Runs runs = new Runs(handedOver::add);
		List<Channel<String>> channels = new ArrayList<>();
		runs.open(Out.<String>unicast(channels::add), this.transport.broken());
		channels.get(0).push("a");
		assertThat(runs.done).isEmpty();
		handedOver.forEach(Runnable::run);
		assertThat(runs.done).containsExactly(CloseStatus.NO_CLOSE_FRAME);
	}

	@Test
	void runsWhenDoneItselfWhenNoThreadIsLeft() {
		Runs runs = new Runs((task) -> {
			throw new RejectedExecutionException("shut down");
		});
		runs.open(Out.of("a"), this.transport.broken());
		assertThat(runs.done).containsExactly(CloseStatus.NO_CLOSE_FRAME);
	}

	@Test
	void rejectsAMessageWhileItIsSuspended() {
		Connection connection = this.runs
			.open(InOut.of(In.<String>forEachAsync((message) -> Mono.never()), Out.never()), this.transport);
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b".repeat(16 * 1024)));
		assertThat(this.transport.suspends).hasValue(1);
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> connection.received(Runs.text("c")))
			.withMessageContaining("suspend()");
	}

	@Test
	void closesWith1011WhenSubscribingToTheOutThrows() {
		this.runs.open(Out.from((Publisher<String>) (subscriber) -> {
			throw new IllegalStateException("boom");
		}), this.transport);
		assertThat(this.transport.closes).containsExactly(CloseStatus.SERVER_ERROR);
	}

	@Test
	void ignoresTheFailureOfAnOutThatIsNotNeededAnyMore() {
		Sinks.Many<String> sink = Sinks.many().unicast().onBackpressureBuffer();
		Connection connection = this.runs.open(Out.from(sink.asFlux()), this.transport.neverAcknowledging());
		connection.close(CloseStatus.NORMAL);
		sink.tryEmitError(new IllegalStateException("late"));
		assertThat(this.transport.closes).containsExactly(CloseStatus.NORMAL);
		assertThat(this.log.messages()).isEmpty();
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}

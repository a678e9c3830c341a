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
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

import dev.halley.Channel;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.Overflow;
import dev.halley.codec.MessageCodec;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What sources are asked for, and those that break the rules.
 */
class OutboundDemandTests {

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	private final Runs runs = new Runs();

	private final FakeTransport transport = new FakeTransport();

	private final AtomicLong asked = new AtomicLong();

	@Test
	void asksASourceForNoMoreThanThereIsRoomFor() {
		this.runs.open(counted(1_000_000), this.transport.stalled());
		assertThat(this.asked).hasValueLessThanOrEqualTo(64);
		this.transport.finishWrite();
		this.transport.finishWrite();
		assertThat(this.asked).hasValueLessThanOrEqualTo(3 * 64);
		assertThat(this.transport.wire).isSubsetOf(messages(200));
	}

	@Test
	void asksAgainAfterEachWriteUntilTheSourceIsEmpty() {
		this.runs.open(counted(1000), this.transport.stalled());
		this.transport.finishAllWrites();
		assertThat(this.transport.wire).containsExactlyElementsOf(messages(1000));
	}

	@Test
	void sendsALongSourceOverAFastWireWithoutDeepRecursion() {
		this.runs.open(counted(20_000).andThen(Out.eof()), this.transport.stalled());
		this.transport.completingOn(Runnable::run).finishWrite();
		assertThat(this.transport.wire).hasSize(20_001).endsWith("m19999", "<Close 1000>");
	}

	@Test
	void lendsAThreadToAnEndlessSourceForAWhileOnly() {
		ExecutorService threads = Executors.newCachedThreadPool();
		try {
			Runs runs = new Runs(threads);
			Connection connection = CompletableFuture
				.supplyAsync(() -> runs.open(Out.from(Flux.range(0, Integer.MAX_VALUE).map((i) -> "")), this.transport))
				.orTimeout(30, TimeUnit.SECONDS)
				.join();
			connection.ended(CloseStatus.NO_CLOSE_FRAME);
			Awaitility.await().until(() -> runs.done.contains(CloseStatus.NO_CLOSE_FRAME));
		}
		finally {
			threads.shutdownNow();
		}
	}

	@Test
	void sendsALongSourceThoughThereIsNoOtherThread() {
		Runs runs = new Runs((task) -> {
			throw new RejectedExecutionException("shut down");
		});
		runs.open(counted(1_000_000).andThen(Out.eof()), this.transport);
		assertThat(this.transport.wire).hasSize(1_000_001).endsWith("m999999", "<Close 1000>");
	}

	@Test
	void asksForOneMessageAtLeastThoughItIsLargerThanTheBuffer() {
		this.runs.with(Overflow.CLOSE, 16, 10);
		this.runs.open(Out.from(Flux.range(0, 20).map((i) -> "x".repeat(100))), this.transport.stalled());
		this.transport.finishAllWrites();
		assertThat(this.transport.wire).hasSize(20);
	}

	@Test
	void countsBytesOnceItKnowsHowLargeMessagesAre() {
		this.runs.with(Overflow.CLOSE, 256, 1000);
		Flux<String> large = Flux.range(0, 1000).map((i) -> "x".repeat(200)).doOnRequest(this.asked::addAndGet);
		this.runs.open(Out.from(large), this.transport.stalled());
		this.transport.finishWrite();
		this.transport.finishWrite();
		long first = this.asked.get();
		for (int i = 0; i < 10; i++) {
			this.transport.finishWrite();
		}
		assertThat(this.asked.get() - first).isLessThanOrEqualTo(10 * 5);
		assertThat(this.transport.batches.subList(3, 10)).allSatisfy((batch) -> assertThat(batch).hasSizeLessThan(6));
	}

	@Test
	void keepsWithinTheBytesFromTheFirstMessageOn() {
		String large = "x".repeat(500_000);
		AtomicLong taken = new AtomicLong();
		Flux<String> source = Flux.range(0, 40).map((i) -> large).doOnNext((message) -> taken.incrementAndGet());
		this.runs.open(Out.from(source), this.transport.stalled());
		assertThat(taken).hasValueLessThanOrEqualTo(3);
		long sent = 0;
		while (this.transport.isWriting()) {
			sent += this.transport.batches.get(this.transport.batches.size() - 1).size();
			this.transport.finishWrite();
			assertThat(taken.get() - sent).isLessThanOrEqualTo(3);
		}
		assertThat(taken).hasValue(40);
	}

	@Test
	void takesAWindowOfSmallMessagesThoughTheFirstWriteStalls() {
		Flux<String> source = Flux.range(0, 1000).map((i) -> "m" + i).doOnNext((m) -> this.asked.incrementAndGet());
		this.runs.open(Out.from(source), this.transport.stalled());
		assertThat(this.asked).hasValueGreaterThanOrEqualTo(64);
		this.transport.finishWrite();
		assertThat(this.transport.batches.get(1)).hasSizeGreaterThan(32);
	}

	@Test
	void writesTheFirstMessageBeforeItAsksForMore() {
		List<Integer> written = new ArrayList<>();
		Flux<String> source = Flux.range(0, 10).map((i) -> "m" + i);
		Flux<String> watched = source.doOnRequest((n) -> written.add(this.transport.wire.size()));
		this.runs.open(Out.from(watched), this.transport.stalled());
		assertThat(written).startsWith(0, 1);
	}

	@Test
	void takesEmptyMessages() {
		this.runs.open(Out.from(Flux.range(0, 500).map((i) -> "")), this.transport.stalled());
		this.transport.finishAllWrites();
		assertThat(this.transport.wire).hasSize(500);
	}

	@Test
	void closesASourceThatIgnoresDemand() {
		this.runs.with(Overflow.CLOSE, 8, 1 << 20);
		ManualSource<String> source = new ManualSource<>();
		this.runs.open(Out.from(source), this.transport.stalled().neverAcknowledging());
		IntStream.range(0, 100).forEach((i) -> source.emit("m" + i));
		this.transport.finishAllWrites();
		assertThat(this.transport.wire).containsExactly("m0", "<Close 1013>");
		assertThat(source.cancels).isOne();
	}

	@Test
	void closesASourceThatIgnoresDemandWithLargeMessages() {
		this.runs.with(Overflow.CLOSE, 8, 1000);
		ManualSource<String> source = new ManualSource<>();
		this.runs.open(Out.from(source), this.transport.stalled());
		IntStream.range(0, 6).forEach((i) -> source.emit("x".repeat(400)));
		this.transport.finishAllWrites();
		assertThat(this.transport.wire).hasSize(2).endsWith("<Close 1013>");
	}

	@Test
	void survivesASourceThatEmitsAfterItsEnd() {
		ManualSource<String> source = new ManualSource<>();
		Connection connection = this.runs.open(Out.from(source), this.transport);
		source.complete();
		source.complete();
		source.subscriber().onError(new IllegalStateException("after the end"));
		source.emit("late");
		connection.ended(CloseStatus.NORMAL);
		source.emit("later");
		assertThat(this.transport.wire).doesNotContain("later");
		assertThat(this.runs.done).hasSize(1);
	}

	@Test
	void cancelsASecondSubscription() {
		Connection connection = this.runs.connection(InOut.of(In.ignore(), Out.never()));
		Outbound outbound = new Outbound(connection, new PayloadEncoder(codec()), Runs.SETTINGS,
				new OutboundState(connection, Runs.SETTINGS));
		ManualSource<String> first = new ManualSource<>();
		ManualSource<String> second = new ManualSource<>();
		outbound.start((subscriber) -> subscriber.onSubscribe(first));
		outbound.start((subscriber) -> subscriber.onSubscribe(second));
		assertThat(first.cancels).isZero();
		assertThat(second.cancels).isOne();
	}

	@Test
	void closesWith1011WhenASourceEmitsNull() {
		ManualSource<String> source = new ManualSource<>();
		this.runs.open(Out.from(source), this.transport);
		source.emit(null);
		assertThat(this.transport.closes).containsExactly(CloseStatus.SERVER_ERROR);
	}

	@Test
	void closesWith1011WhenRequestThrows() {
		ManualSource<String> source = new ManualSource<>();
		source.requestFailure = new IllegalStateException("boom");
		this.runs.open(Out.from(source), this.transport);
		assertThat(this.transport.closes).containsExactly(CloseStatus.SERVER_ERROR);
	}

	/** What is cancelled may be interrupted, and a socket does not survive that. */
	@Test
	void interruptsNoSourceWhileItsThreadWrites() throws Exception {
		CountDownLatch writing = new CountDownLatch(1);
		AtomicBoolean writeOn = new AtomicBoolean();
		AtomicBoolean interrupted = new AtomicBoolean();
		this.transport.completingOn((sent) -> {
			writing.countDown();
			while (!writeOn.get()) {
				Thread.onSpinWait();
			}
			interrupted.set(Thread.currentThread().isInterrupted());
			sent.run();
		});
		Flux<String> source = Flux.just("a").concatWith(Flux.never()).subscribeOn(Schedulers.boundedElastic());
		Connection connection = this.runs.open(Out.from(source), this.transport);
		assertThat(writing.await(30, TimeUnit.SECONDS)).isTrue();
		connection.close(CloseStatus.NORMAL);
		writeOn.set(true);
		Awaitility.await().until(() -> !this.runs.done.isEmpty());
		assertThat(this.transport.wire).containsExactly("a", "<Close 1000>");
		assertThat(interrupted).isFalse();
	}

	@Test
	void writesOnAThreadThatWasInterrupted() {
		AtomicBoolean interrupted = new AtomicBoolean();
		List<Channel<String>> channels = new ArrayList<>();
		this.runs.open(Out.<String>unicast(channels::add), this.transport.completingOn((sent) -> {
			interrupted.set(Thread.currentThread().isInterrupted());
			sent.run();
		}));
		Thread.currentThread().interrupt();
		channels.get(0).push("a");
		assertThat(Thread.interrupted()).isTrue();
		assertThat(this.transport.wire).containsExactly("a");
		assertThat(interrupted).isFalse();
	}

	private Out<String> counted(int count) {
		return Out.from(Flux.range(0, count).map((i) -> "m" + i).doOnRequest(this.asked::addAndGet));
	}

	private static List<String> messages(int count) {
		return IntStream.range(0, count).mapToObj((i) -> "m" + i).toList();
	}

	@SuppressWarnings({ "unchecked", "rawtypes" })
	private static MessageCodec<Object> codec() {
		return (MessageCodec) new Runs.CountingCodec();
	}

}

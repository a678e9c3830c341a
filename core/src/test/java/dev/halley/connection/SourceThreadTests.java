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
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.Overflow;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * On which threads a source is asked and cancelled, and what those who block there hold
 * up: nothing of their connection, and none of the threads that all wires share.
 */
@Timeout(60)
class SourceThreadTests {

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	private final ExecutorService wires = Executors.newSingleThreadExecutor((task) -> new Thread(task, "wire"));

	private final ExecutorService callbacks = Executors.newCachedThreadPool((task) -> new Thread(task, "callback"));

	private final ExecutorService peers = Executors.newCachedThreadPool((task) -> new Thread(task, "peer"));

	private final Runs runs = new Runs(this.wires, this.callbacks);

	private final FakeTransport transport = new FakeTransport();

	private final Source source = new Source();

	@AfterEach
	void stopThreads() {
		this.source.latch.countDown();
		this.wires.shutdownNow();
		this.callbacks.shutdownNow();
		this.peers.shutdownNow();
	}

	private void awaitBlocked() {
		Awaitility.await().until(() -> this.source.blocked.get() != null);
	}

	@ParameterizedTest
	@EnumSource
	void aSourceThatBlocksWhenItIsAskedForMoreKeepsNoCloseBack(Overflow overflow) throws Exception {
		this.runs.with(overflow, 16, 1 << 20);
		Connection connection = this.runs.open(Out.from(this.source), this.transport);
		this.peers.execute(() -> this.source.subscriber.onNext("a"));
		awaitBlocked();
		this.peers.submit(() -> connection.close(CloseStatus.NORMAL)).get(30, TimeUnit.SECONDS);
		assertThat(this.transport.wire).containsExactly("a", "<Close 1000>");
		assertThat(this.source.cancelled.await(30, TimeUnit.SECONDS)).isTrue();
		Awaitility.await().until(() -> this.runs.done.contains(CloseStatus.NORMAL));
	}

	@ParameterizedTest
	@EnumSource
	void aSourceThatBlocksWhenItIsAskedForMoreKeepsNoPingBack(Overflow overflow) {
		this.runs.with(overflow, 16, 1 << 20);
		this.runs.open(Out.from(this.source), this.transport);
		this.peers.execute(() -> this.source.subscriber.onNext("a"));
		awaitBlocked();
		this.runs.pass(Duration.ofSeconds(30));
		Awaitility.await().until(() -> this.transport.wire.contains("<PING>"));
	}

	@ParameterizedTest
	@EnumSource
	void aSourceThatBlocksWhenItIsAskedForMoreKeepsNoAnswerBackForLong(Overflow overflow) {
		this.runs.with(overflow, 16, 1 << 20);
		this.runs.failures = (failure, message) -> Runs.text("answer");
		Connection connection = this.runs.open(Out.from(this.source), this.transport);
		this.peers.execute(() -> this.source.subscriber.onNext("a"));
		awaitBlocked();
		connection.received(Runs.text("?"));
		this.runs.pass(Duration.ofMillis(500));
		Awaitility.await().until(() -> this.transport.wire.contains("answer"));
	}

	@Test
	void aSourceIsNeverAskedOnAThreadOfTheWires() {
		this.runs.with(Overflow.CLOSE, 4, 1 << 20);
		this.transport.completingOn(this.runs.registry.executor());
		this.runs.open(Out.from(this.source), this.transport);
		this.peers.execute(() -> this.source.subscriber.onNext("a"));
		awaitBlocked();
		assertThat(this.source.blocked.get()).isEqualTo("callback");
		FakeTransport other = new FakeTransport();
		this.runs.open(Out.never(), other);
		this.runs.pass(Duration.ofSeconds(30));
		Awaitility.await().until(() -> other.wire.contains("<PING>"));
	}

	@Test
	void theRestOfManyWritesInARowAsksOnNoThreadOfTheWires() {
		List<String> threads = new CopyOnWriteArrayList<>();
		Flux<String> source = Flux.range(0, 20_000)
			.map(String::valueOf)
			.doOnRequest((n) -> threads.add(Thread.currentThread().getName()));
		this.runs.open(Out.from(source), this.transport);
		Awaitility.await().until(() -> this.transport.wire.size() == 20_000);
		assertThat(threads).doesNotContain("wire");
	}

	/** The thread on which the source emits is in the middle of it when all ends. */
	@Test
	void theCloseIsNotWrittenOnAThreadThatTheCancellationMayInterrupt() throws Exception {
		CountDownLatch emitted = new CountDownLatch(1);
		AtomicReference<Thread> emitter = new AtomicReference<>();
		AtomicReference<Thread> closer = new AtomicReference<>();
		this.transport.stalled().neverAcknowledging();
		this.source.latch.countDown();
		Connection connection = this.runs.open(Out.from(this.source), this.transport);
		this.transport.onClose = () -> closer.set(Thread.currentThread());
		this.peers.execute(() -> {
			emitter.set(Thread.currentThread());
			this.source.subscriber.onNext("a");
			emitted.countDown();
			this.source.awaitCancelled();
			this.transport.finishWrite();
		});
		assertThat(emitted.await(30, TimeUnit.SECONDS)).isTrue();
		connection.close(CloseStatus.NORMAL);
		Awaitility.await().until(() -> closer.get() != null);
		assertThat(closer.get()).isNotSameAs(emitter.get());
		assertThat(this.transport.wire).containsExactly("a", "<Close 1000>");
	}

	@Test
	void aSourceIsCancelledAfterTheWriteThatItsThreadIsDoing() throws Exception {
		CountDownLatch writing = new CountDownLatch(1);
		CountDownLatch writeOn = new CountDownLatch(1);
		this.transport.completingOn((sent) -> {
			writing.countDown();
			Source.await(writeOn);
			sent.run();
		});
		Connection connection = this.runs.open(Out.from(this.source), this.transport);
		this.source.latch.countDown();
		this.peers.execute(() -> this.source.subscriber.onNext("a"));
		assertThat(writing.await(30, TimeUnit.SECONDS)).isTrue();
		connection.close(CloseStatus.NORMAL);
		assertThat(this.source.cancelled.getCount()).isOne();
		writeOn.countDown();
		assertThat(this.source.cancelled.await(30, TimeUnit.SECONDS)).isTrue();
		assertThat(this.transport.wire).containsExactly("a", "<Close 1000>");
	}

	@Test
	void aSourceIsCancelledThoughTheWireIsBusy() throws Exception {
		this.source.latch.countDown();
		Connection connection = this.runs.open(Out.from(this.source), this.transport.stalled());
		this.source.subscriber.onNext("a");
		connection.close(CloseStatus.NORMAL);
		assertThat(this.source.cancelled.await(30, TimeUnit.SECONDS)).isTrue();
		assertThat(this.transport.closes).isEmpty();
		this.transport.finishWrite();
		Awaitility.await().until(() -> this.transport.closes.contains(CloseStatus.NORMAL));
	}

	@Test
	void aSourceThatEndedByItselfIsNotCancelled() {
		Connection connection = this.runs.open(Out.from(this.source), this.transport);
		this.source.subscriber.onComplete();
		connection.close(CloseStatus.NORMAL);
		Awaitility.await().until(() -> this.runs.done.contains(CloseStatus.NORMAL));
		assertThat(this.source.cancelled.getCount()).isOne();
	}

	@Test
	void aSourceIsCancelledOnce() {
		AtomicInteger cancels = new AtomicInteger();
		Connection connection = this.runs.open(
				InOut.of(this.runs.in(), Out.from(Flux.<String>never().doOnCancel(cancels::incrementAndGet))),
				this.transport.neverAcknowledging());
		connection.close(CloseStatus.NORMAL);
		connection.closing(CloseStatus.NORMAL);
		connection.ended(CloseStatus.NORMAL);
		Awaitility.await().until(() -> this.runs.done.contains(CloseStatus.NORMAL));
		assertThat(cancels).hasValue(1);
	}

	@Test
	void aSubscriptionThatComesTooLateIsCancelledWhereNobodyWaits() throws Exception {
		AtomicReference<Subscriber<? super String>> late = new AtomicReference<>();
		Connection connection = this.runs.open(InOut.of(In.ignore(), Out.from((Publisher<String>) late::set)),
				this.transport);
		connection.close(CloseStatus.NORMAL);
		late.get().onSubscribe(this.source);
		assertThat(this.source.cancelled.await(30, TimeUnit.SECONDS)).isTrue();
		assertThat(this.source.canceller).isEqualTo("callback");
	}

	/** Emits when a test says so, and blocks when it is asked for more. */
	private static final class Source implements Publisher<String>, Subscription {

		private final CountDownLatch latch = new CountDownLatch(1);

		private final CountDownLatch cancelled = new CountDownLatch(1);

		private final AtomicReference<String> blocked = new AtomicReference<>();

		private volatile Subscriber<? super String> subscriber;

		private volatile String canceller;

		private boolean asked;

		@Override
		public void subscribe(Subscriber<? super String> subscriber) {
			this.subscriber = subscriber;
			subscriber.onSubscribe(this);
		}

		@Override
		public void request(long n) {
			if (this.asked) {
				this.blocked.set(Thread.currentThread().getName());
				await(this.latch);
			}
			this.asked = true;
		}

		@Override
		public void cancel() {
			this.canceller = Thread.currentThread().getName();
			this.cancelled.countDown();
		}

		private void awaitCancelled() {
			await(this.cancelled);
		}

		private static void await(CountDownLatch latch) {
			try {
				latch.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}

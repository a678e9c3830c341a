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
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.codec.Payload;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Inbound}: one message at a time, however it is handled.
 */
class InboundTests {

	/** As much as may be read ahead. */
	private static final String BIG = "b".repeat(16 * 1024);

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	private final Runs runs = new Runs();

	private final FakeTransport transport = new FakeTransport();

	@Test
	void readsAheadWhileAnAsynchronousHandlerIsAtWork() {
		Sinks.Empty<Void> handler = Sinks.empty();
		Connection connection = async((message) -> handler.asMono());
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b"));
		assertThat(this.runs.received).containsExactly("a");
		assertThat(this.transport.suspends).hasValue(0);
		handler.tryEmitEmpty();
		assertThat(this.runs.received).containsExactly("a", "b");
	}

	@Test
	void readsOnWhenAnAsynchronousHandlerIsDoneAtOnce() {
		Connection connection = async((message) -> Mono.just("ignored").thenMany(Flux.range(0, 1000)));
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b"));
		assertThat(this.runs.received).containsExactly("a", "b");
		assertThat(this.transport.suspends).hasValue(0);
	}

	@Test
	void takesTheNextMessageWhileItResumes() {
		List<Sinks.Empty<Void>> handlers = new ArrayList<>();
		Connection connection = async((message) -> {
			handlers.add(Sinks.empty());
			return handlers.get(handlers.size() - 1).asMono();
		});
		this.transport.onResume = () -> connection.received(Runs.text("c"));
		connection.received(Runs.text("a"));
		connection.received(Runs.text(BIG));
		handlers.get(0).tryEmitEmpty();
		assertThat(this.runs.received).containsExactly("a", BIG);
		handlers.get(1).tryEmitEmpty();
		assertThat(this.runs.received).containsExactly("a", BIG, "c");
	}

	@Test
	void takesCompletionStages() {
		CompletableFuture<String> handler = new CompletableFuture<>();
		Connection connection = async((message) -> handler);
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b"));
		assertThat(this.runs.received).containsExactly("a");
		handler.complete("done");
		assertThat(this.runs.received).containsExactly("a", "b");
	}

	@Test
	void asksTheExceptionHandlerWhenAnAsynchronousHandlerFails() {
		this.runs.failures = (failure, message) -> Payload.text(failure.getMessage() + message);
		Sinks.Empty<Void> handler = Sinks.empty();
		Connection connection = async((message) -> handler.asMono());
		connection.received(Runs.text("a"));
		handler.tryEmitError(new IllegalStateException("bad "));
		assertThat(this.transport.wire).containsExactly("bad a");
		assertThat(connection.isOpen()).isTrue();
		connection.received(Runs.text("b"));
		assertThat(this.transport.wire).containsExactly("bad a", "bad b");
	}

	@Test
	void answersAFailureBeforeItTakesTheNextMessage() {
		List<Object> order = new ArrayList<>();
		this.runs.failures = (failure, message) -> {
			order.add("answered " + message);
			return null;
		};
		Sinks.Empty<Void> handler = Sinks.empty();
		Connection connection = async((message) -> {
			order.add(message);
			return handler.asMono();
		});
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b"));
		handler.tryEmitError(new IllegalStateException("bad"));
		assertThat(order).containsExactly("a", "answered a", "b", "answered b");
	}

	@Test
	void closesWith1011WhenAnAsynchronousHandlerFailsAtOnce() {
		async((message) -> Mono.error(new IllegalStateException("bad"))).received(Runs.text("a"));
		assertThat(this.transport.closes).containsExactly(CloseStatus.SERVER_ERROR);
	}

	@Test
	void closesWith1011WhenAnAsynchronousHandlerReturnsNull() {
		async((message) -> null).received(Runs.text("a"));
		assertThat(this.transport.closes).containsExactly(CloseStatus.SERVER_ERROR);
	}

	@Test
	void closesWith1011WhenAnAsynchronousHandlerReturnsWhatNobodyKnows() {
		async((message) -> new Object()).received(Runs.text("a"));
		assertThat(this.transport.closes).containsExactly(CloseStatus.SERVER_ERROR);
	}

	@Test
	void closesWith1011WhenSubscribingToAHandlersResultThrows() {
		async((message) -> (Publisher<Object>) (subscriber) -> {
			throw new IllegalStateException("boom");
		}).received(Runs.text("a"));
		assertThat(this.transport.closes).containsExactly(CloseStatus.SERVER_ERROR);
	}

	@Test
	void countsOnlyTheFirstOfSeveralEndsOfAHandler() {
		AtomicInteger failures = new AtomicInteger();
		this.runs.failures = (failure, message) -> failures.incrementAndGet();
		List<Subscriber<? super Object>> subscribers = new ArrayList<>();
		Connection connection = async((message) -> rude(subscribers));
		connection.received(Runs.text("a"));
		subscribers.get(0).onComplete();
		subscribers.get(0).onComplete();
		subscribers.get(0).onError(new IllegalStateException("late"));
		connection.received(Runs.text("b"));
		connection.received(Runs.text("c"));
		subscribers.get(0).onComplete();
		assertThat(this.runs.received).containsExactly("a", "b");
		assertThat(failures).hasValue(0);
	}

	@Test
	void countsOnlyTheFirstOfSeveralFailuresOfAHandler() {
		AtomicInteger failures = new AtomicInteger();
		this.runs.failures = (failure, message) -> {
			failures.incrementAndGet();
			return null;
		};
		async((message) -> (Publisher<Object>) (subscriber) -> {
			subscriber.onSubscribe(Operators.emptySubscription());
			subscriber.onError(new IllegalStateException("first"));
			subscriber.onError(new IllegalStateException("second"));
			throw new IllegalStateException("third");
		}).received(Runs.text("a"));
		assertThat(failures).hasValue(1);
	}

	@Test
	void cancelsASecondSubscriptionOfAHandlersResult() {
		AtomicInteger cancels = new AtomicInteger();
		List<Subscriber<? super Object>> subscribers = new ArrayList<>();
		async((message) -> rude(subscribers)).received(Runs.text("a"));
		subscribers.get(0).onSubscribe(new Subscription() {
			@Override
			public void request(long n) {
			}

			@Override
			public void cancel() {
				cancels.incrementAndGet();
			}
		});
		assertThat(cancels).hasValue(1);
	}

	@Test
	void doesNotResumeAWireThatIsGone() {
		Sinks.Empty<Void> handler = Sinks.empty();
		Connection connection = async((message) -> handler.asMono());
		connection.received(Runs.text("a"));
		connection.received(Runs.text(BIG));
		assertThat(this.transport.suspends).hasValue(1);
		connection.ended(CloseStatus.NO_CLOSE_FRAME);
		handler.tryEmitEmpty();
		assertThat(this.transport.resumes).hasValue(0);
	}

	@Test
	void handlesAThousandMessagesInOrderAndNeverTwoAtOnce() throws Exception {
		ExecutorService handlers = Executors.newFixedThreadPool(4);
		ExecutorService readers = Executors.newFixedThreadPool(2);
		try {
			AtomicInteger active = new AtomicInteger();
			AtomicInteger overlaps = new AtomicInteger();
			CountDownLatch handled = new CountDownLatch(1000);
			Connection connection = async((message) -> CompletableFuture.runAsync(() -> {
				overlaps.addAndGet((active.incrementAndGet() != 1) ? 1 : 0);
				LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(20_000));
				active.decrementAndGet();
				handled.countDown();
			}, handlers));
			new Reader(connection, this.transport, readers, 1000).start();
			assertThat(handled.await(30, TimeUnit.SECONDS)).isTrue();
			assertThat(this.runs.received)
				.containsExactlyElementsOf(IntStream.range(0, 1000).mapToObj((i) -> "m" + i).toList());
			assertThat(overlaps).hasValue(0);
		}
		finally {
			handlers.shutdown();
			readers.shutdown();
		}
	}

	@Test
	void readsAheadOfAPipelineThatAsksForNothing() {
		List<BaseSubscriber<String>> pipelines = new ArrayList<>();
		Connection connection = pipeline(pipelines);
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b"));
		connection.received(Runs.text(BIG));
		assertThat(this.transport.suspends).hasValue(1);
		assertThat(this.runs.received).isEmpty();
		pipelines.get(0).request(1);
		assertThat(this.runs.received).containsExactly("a");
		assertThat(this.transport.resumes).hasValue(0);
		pipelines.get(0).request(1);
		assertThat(this.runs.received).containsExactly("a", "b");
		assertThat(this.transport.resumes).hasValue(0);
		pipelines.get(0).request(1);
		assertThat(this.runs.received).containsExactly("a", "b", BIG);
		assertThat(this.transport.resumes).hasValue(1);
	}

	@Test
	void endsAPipelineThatAsksForNothing() {
		List<BaseSubscriber<String>> pipelines = new ArrayList<>();
		Connection connection = pipeline(pipelines);
		connection.received(Runs.text("a"));
		connection.ended(CloseStatus.NORMAL);
		pipelines.get(0).request(10);
		assertThat(this.runs.received).containsExactly("a", "<completed>");
	}

	@Test
	void completesAPipelineAfterWhatWasReadAhead() {
		List<BaseSubscriber<String>> pipelines = new ArrayList<>();
		Connection connection = pipeline(pipelines);
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b"));
		connection.received(Runs.text("c"));
		connection.ended(CloseStatus.NORMAL);
		pipelines.get(0).request(2);
		assertThat(this.runs.received).containsExactly("a", "b");
		pipelines.get(0).request(1);
		assertThat(this.runs.received).containsExactly("a", "b", "c", "<completed>");
	}

	@Test
	void runsWhenDoneOfAPipelineAfterItHasFinished() {
		Sinks.Empty<Void> last = Sinks.empty();
		Connection connection = this.runs
			.open(InOut.of(In.<String>through((messages) -> messages.then(last.asMono())).whenDone(this.runs.done::add),
					Out.never()), this.transport);
		connection.ended(CloseStatus.NORMAL);
		assertThat(this.runs.done).isEmpty();
		last.tryEmitEmpty();
		assertThat(this.runs.done).containsExactly(CloseStatus.NORMAL);
	}

	@Test
	void closesWith1011WhenAPipelineCannotBeMade() {
		this.runs.open(InOut.of(In.<String>through((messages) -> {
			throw new IllegalStateException("boom");
		}).whenDone(this.runs.done::add), Out.never()), this.transport);
		assertThat(this.transport.closes).containsExactly(CloseStatus.SERVER_ERROR);
		assertThat(this.runs.done).containsExactly(CloseStatus.SERVER_ERROR);
	}

	@Test
	void decodesNothingThatIsIgnored() {
		Connection connection = this.runs.open(InOut.of(In.ignore(), Out.never()), this.transport);
		connection.received(Runs.text("?"));
		connection.received(Payload.binary(new byte[1]));
		assertThat(connection.isOpen()).isTrue();
	}

	@Test
	void foldsMessagesUntilTheEnd() {
		List<String> folded = new ArrayList<>();
		Connection connection = this.runs
			.open(InOut.of(In.<String, String>fold("", String::concat, folded::add), Out.never()), this.transport);
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b"));
		connection.ended(CloseStatus.NORMAL);
		assertThat(folded).containsExactly("ab");
	}

	private Connection async(Function<String, Object> handler) {
		return this.runs.open(InOut.of(In.<String>forEachAsync((message) -> {
			this.runs.received.add(message);
			return handler.apply(message);
		}), Out.never()), this.transport);
	}

	private Connection pipeline(List<BaseSubscriber<String>> pipelines) {
		return this.runs.open(InOut.of(In.<String>through((messages) -> {
			BaseSubscriber<String> pipeline = new ManualSubscriber(this.runs.received);
			pipelines.add(pipeline);
			messages.subscribe(pipeline);
			return Mono.never();
		}), Out.never()), this.transport);
	}

	private static Publisher<Object> rude(List<Subscriber<? super Object>> subscribers) {
		return (subscriber) -> {
			subscribers.add(subscriber);
			subscriber.onSubscribe(Operators.emptySubscription());
		};
	}

	/**
	 * Reads as a transport does: until it is suspended, and on another thread when it is
	 * resumed.
	 */
	private static final class Reader {

		private final Connection connection;

		private final FakeTransport transport;

		private final ExecutorService threads;

		private final int count;

		private final AtomicInteger work = new AtomicInteger();

		private int next;

		Reader(Connection connection, FakeTransport transport, ExecutorService threads, int count) {
			this.connection = connection;
			this.transport = transport;
			this.threads = threads;
			this.count = count;
		}

		void start() {
			this.transport.onResume = this::wake;
			wake();
		}

		private void wake() {
			if (this.work.getAndIncrement() == 0) {
				this.threads.execute(this::read);
			}
		}

		private void read() {
			int missed = 1;
			do {
				while (this.next < this.count && this.transport.suspends.get() == this.transport.resumes.get()) {
					this.connection.received(Runs.text("m" + this.next++));
				}
				missed = this.work.addAndGet(-missed);
			}
			while (missed != 0);
		}

	}

}

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

package dev.halley.client;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.web.socket.CloseStatus;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * That connections have an end when what they rely on fails: strategies, observers, and
 * the timer, which does when the client is closed at that moment.
 */
class FailingPartsTests {

	private static final Duration SHORT = Duration.ofMillis(20);

	private static final Duration LONG = Duration.ofHours(1);

	private final TestTimer timer = new TestTimer();

	private final HalleyClient.Builder builder = HalleyClient.builder();

	private HalleyClient client;

	FailingPartsTests() {
		this.builder.timer = this.timer;
	}

	@AfterEach
	void close() {
		this.client.close();
		this.timer.dispose();
	}

	private static RawServer.Script closing(int code) {
		return (peer) -> {
			peer.accept();
			peer.close(code);
			peer.drain();
		};
	}

	private ClientConnection connect(RawServer server, ConnectStrategy strategy) {
		this.client = this.builder.connectStrategy(strategy).build();
		return this.client.webSocket(server.ws())
			.settings((settings) -> settings.withPingInterval(LONG).withCloseTimeout(SHORT))
			.connect(() -> InOut.of(In.ignore(), Out.<String>never()));
	}

	private static ConnectStrategy lasting(Supplier<Duration> lasting) {
		return new ConnectStrategy() {

			@Override
			public Duration delay(int inARow, Duration asked) {
				return Duration.ZERO;
			}

			@Override
			public Duration lasting() {
				return lasting.get();
			}

		};
	}

	private static CloseStatus done(ClientConnection connection) throws Exception {
		return connection.done().toCompletableFuture().get(30, TimeUnit.SECONDS);
	}

	private static Throwable failure(ClientConnection connection) {
		CompletableFuture<CloseStatus> done = connection.done().toCompletableFuture();
		ExecutionException thrown = catchThrowableOfType(ExecutionException.class,
				() -> done.get(30, TimeUnit.SECONDS));
		assertThat(thrown).isNotNull();
		return thrown.getCause();
	}

	@Test
	void aStrategyThatFailsToSayWhatLastsGivesUp() throws Exception {
		try (RawServer server = RawServer.start(closing(1012))) {
			assertThat(done(connect(server, lasting(() -> {
				throw new IllegalStateException("none");
			}))).getCode()).isEqualTo(1012);
			assertThat(server.peers()).hasSize(1);
		}
	}

	@Test
	void aStrategyForWhichNoTimeLastsGivesUp() throws Exception {
		try (RawServer server = RawServer.start(closing(1012))) {
			assertThat(done(connect(server, lasting(() -> null))).getCode()).isEqualTo(1012);
			assertThat(server.peers()).hasSize(1);
		}
	}

	@Test
	void whatLastsMayBeLongerThanAnyClock() throws Exception {
		try (RawServer server = RawServer.start(closing(1012), closing(1000))) {
			assertThat(done(connect(server, lasting(ChronoUnit.FOREVER::getDuration))).getCode()).isEqualTo(1000);
		}
	}

	@Test
	void aTimerThatIsOverWhenAnAttemptBeginsEndsIt() throws Exception {
		this.timer.rejected = LONG;
		this.builder.handshakeTimeout(LONG);
		try (RawServer server = RawServer.start(closing(1000))) {
			assertThat(failure(connect(server, lasting(() -> SHORT)))).isInstanceOf(RejectedExecutionException.class);
		}
	}

	@Test
	void aTimerThatIsOverWhenAServerAcceptsEndsTheConnection() throws Exception {
		this.timer.rejectsPeriods = true;
		try (RawServer server = RawServer.start((peer) -> {
			peer.accept();
			peer.drain();
		})) {
			assertThat(failure(connect(server, lasting(() -> SHORT)))).isInstanceOf(RejectedExecutionException.class);
		}
	}

	@Test
	void aTimerThatIsOverWhenAConnectionIsLostIsTheEnd() throws Exception {
		this.timer.rejected = LONG;
		try (RawServer server = RawServer.start(closing(1012))) {
			assertThat(failure(connect(server, (inARow, asked) -> LONG)))
				.isInstanceOf(RejectedExecutionException.class);
		}
	}

	@Test
	void anObserverThatFailsToBeginIsTheFailure() throws Exception {
		IllegalStateException failure = new IllegalStateException("no observation");
		this.builder.observer((transport, headers) -> {
			throw failure;
		});
		try (RawServer server = RawServer.start(closing(1012))) {
			assertThat(failure(connect(server, lasting(() -> SHORT)))).isSameAs(failure);
		}
	}

	@Test
	void anObserverThatFailsAfterwardsChangesNothing() throws Exception {
		this.builder.observer((transport, headers) -> (failure) -> {
			throw new IllegalStateException("no observation");
		});
		try (RawServer server = RawServer.start((peer) -> peer.answer("503 Service Unavailable"), closing(1000))) {
			assertThat(done(connect(server, lasting(() -> SHORT))).getCode()).isEqualTo(1000);
		}
	}

	@Test
	void anObserverThatFailsAfterwardsChangesNothingForStreams() throws Exception {
		this.client = this.builder.observer((transport, headers) -> (failure) -> {
			throw new IllegalStateException("no observation");
		}).connectStrategy(lasting(() -> SHORT)).build();
		try (RawServer server = RawServer.start((peer) -> peer.answer("503 Service Unavailable"), (peer) -> {
			peer.stream();
			peer.write("data: a\n\n");
		}, (peer) -> peer.answer("204 No Content"))) {
			assertThat(this.client.events(server.http(), String.class)
				.messages()
				.collectList()
				.block(Duration.ofSeconds(30))).containsExactly("a");
		}
	}

	/** As one that is closed by another thread between the loss and the timer. */
	@Test
	void aCloseJustBeforeTheTimerIsSetLeavesNoTimer() throws Exception {
		AtomicReference<ClientConnection> connection = new AtomicReference<>();
		CountDownLatch known = new CountDownLatch(1);
		this.timer.before = () -> {
			await(known);
			connection.get().close();
		};
		try (RawServer server = RawServer.start(closing(1012))) {
			connection.set(connect(server, (inARow, asked) -> LONG));
			known.countDown();
			assertThat(done(connection.get())).isEqualTo(CloseStatus.NORMAL);
			Awaitility.await().until(() -> this.timer.longest.get() != null && this.timer.longest.get().isDisposed());
		}
	}

	@Test
	void anAttemptThatIsCancelledBeforeItBeginsIsObservedToItsEnd() throws Exception {
		AtomicReference<ClientConnection> connection = new AtomicReference<>();
		CountDownLatch known = new CountDownLatch(1);
		AtomicInteger attempts = new AtomicInteger();
		BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
		this.builder.observer((transport, headers) -> {
			if (attempts.incrementAndGet() == 1) {
				return (failure) -> {
				};
			}
			await(known);
			connection.get().close();
			return failures::add;
		});
		try (RawServer server = RawServer.start(closing(1012))) {
			connection.set(connect(server, lasting(() -> SHORT)));
			known.countDown();
			assertThat(failures.poll(30, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
			assertThat(done(connection.get())).isEqualTo(CloseStatus.NORMAL);
			assertThat(failures).isEmpty();
		}
	}

	@Test
	void aListenerThatFailsIsToldTheRest() throws Exception {
		BlockingQueue<ConnectionState> states = new LinkedBlockingQueue<>();
		this.client = this.builder.build();
		try (RawServer server = RawServer.start(closing(1000))) {
			this.client.webSocket(server.ws()).onState((state) -> {
				states.add(state);
				throw new AssertionError("a listener");
			}).connect(InOut.of(In.ignore(), Out.<String>never()));
			assertThat(states.poll(30, TimeUnit.SECONDS)).isInstanceOf(ConnectionState.Connecting.class);
			assertThat(states.poll(30, TimeUnit.SECONDS)).isInstanceOf(ConnectionState.Open.class);
			assertThat(states.poll(30, TimeUnit.SECONDS)).isInstanceOf(ConnectionState.Closed.class);
		}
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Fails when a test says so.
	 */
	private static final class TestTimer implements Scheduler {

		private final Scheduler timer = Schedulers.newSingle("timer", true);

		/** The delay with which nothing is taken. */
		private volatile Duration rejected = Duration.ofNanos(-1);

		private volatile boolean rejectsPeriods;

		/** What happens just before something is scheduled with the longest delay. */
		private volatile Runnable before = () -> {
		};

		private final AtomicReference<Disposable> longest = new AtomicReference<>();

		@Override
		public Disposable schedule(Runnable task) {
			return this.timer.schedule(task);
		}

		@Override
		public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
			if (unit.toNanos(delay) == this.rejected.toNanos()) {
				throw new RejectedExecutionException("over");
			}
			if (unit.toNanos(delay) < LONG.toNanos()) {
				return this.timer.schedule(task, delay, unit);
			}
			this.before.run();
			Disposable scheduled = this.timer.schedule(task, delay, unit);
			this.longest.set(scheduled);
			return scheduled;
		}

		@Override
		public Disposable schedulePeriodically(Runnable task, long first, long period, TimeUnit unit) {
			if (this.rejectsPeriods) {
				throw new RejectedExecutionException("over");
			}
			return this.timer.schedulePeriodically(task, first, period, unit);
		}

		@Override
		public Worker createWorker() {
			return this.timer.createWorker();
		}

		@Override
		public void dispose() {
			this.timer.dispose();
		}

	}

}

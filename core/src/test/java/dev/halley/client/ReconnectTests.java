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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.web.socket.CloseStatus;
import reactor.test.scheduler.VirtualTimeScheduler;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.client.ErrorStrategy.Reaction;
import dev.halley.web.TestServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * WebSockets that are lost, and come back or not.
 */
class ReconnectTests {

	private static final Duration SHORT = Duration.ofMillis(20);

	private final BlockingQueue<ConnectionState> states = new LinkedBlockingQueue<>();

	private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

	private final HalleyClient client = HalleyClient.builder()
		.connectStrategy(ConnectStrategy.backoff(SHORT, SHORT))
		.build();

	@AfterEach
	void close() {
		this.client.close();
	}

	private static RawServer.Script closing(int code) {
		return (peer) -> {
			peer.accept();
			peer.close(code);
			peer.drain();
		};
	}

	private static RawServer.Script saying(String text) {
		return (peer) -> {
			peer.accept();
			peer.text(text);
			peer.drain();
		};
	}

	private InOut<String, String> pair() {
		return InOut.of(In.forEach(this.received::add), Out.never());
	}

	private ClientConnection connect(String uri) {
		return this.client.webSocket(uri).onState(this.states::add).connect(this::pair);
	}

	private static void hold(CountDownLatch release) {
		try {
			release.await(30, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static Throwable failure(ClientConnection connection) {
		CompletableFuture<CloseStatus> done = connection.done().toCompletableFuture();
		ExecutionException thrown = catchThrowableOfType(ExecutionException.class,
				() -> done.get(30, TimeUnit.SECONDS));
		assertThat(thrown).isNotNull();
		return thrown.getCause();
	}

	private String next() throws InterruptedException {
		return this.received.poll(30, TimeUnit.SECONDS);
	}

	private ConnectionState nextState() throws InterruptedException {
		return this.states.poll(30, TimeUnit.SECONDS);
	}

	@Test
	void aServerThatIsRestartedIsFoundAgain() throws Exception {
		TestServer server = TestServer.start(Endpoints.class);
		int port = server.port();
		AtomicInteger runs = new AtomicInteger();
		ClientConnection connection = this.client.webSocket("ws://127.0.0.1:" + port + "/echo")
			.onState(this.states::add)
			.connect(() -> InOut.of(In.forEach(this.received::add),
					Out.of("run " + runs.incrementAndGet()).andThen(Out.never())));
		assertThat(next()).isEqualTo("run 1");
		server.close();
		Awaitility.await().until(() -> this.states.stream().anyMatch(ConnectionState.Waiting.class::isInstance));
		try (TestServer again = TestServer.startAgain(port, Endpoints.class)) {
			assertThat(next()).isEqualTo("run 2");
			assertThat(connection.isOpen()).isTrue();
			connection.close();
			assertThat(again.bean(Endpoints.class).end().getCode()).isEqualTo(1000);
		}
	}

	@Test
	void aServerThatIsNotThereYetIsFound() throws Exception {
		RawServer gone = RawServer.start(saying("never"));
		gone.close();
		ClientConnection connection = connect(gone.ws());
		Awaitility.await().until(() -> this.states.stream().anyMatch(ConnectionState.Waiting.class::isInstance));
		assertThat(connection.isOpen()).isFalse();
		try (RawServer server = RawServer.startAgain(gone.port(), saying("here"))) {
			assertThat(next()).isEqualTo("here");
			assertThat(connection.whenOpen().toCompletableFuture().get(30, TimeUnit.SECONDS)).isSameAs(connection);
			assertThat(server.peers()).isNotEmpty();
		}
	}

	@Test
	void eachStateIsToldInOrder() throws Exception {
		try (RawServer server = RawServer.start(closing(1012), closing(1000))) {
			ClientConnection connection = connect(server.ws());
			assertThat(nextState()).isEqualTo(new ConnectionState.Connecting(1));
			assertThat(nextState()).isEqualTo(new ConnectionState.Open(null));
			assertThat(nextState()).isInstanceOfSatisfying(ConnectionState.Waiting.class, (waiting) -> {
				assertThat(waiting.delay()).isBetween(Duration.ZERO, SHORT);
				assertThat(waiting.loss().status().getCode()).isEqualTo(1012);
				assertThat(waiting.loss().inARow()).isEqualTo(1);
			});
			assertThat(nextState()).isEqualTo(new ConnectionState.Connecting(2));
			assertThat(nextState()).isEqualTo(new ConnectionState.Open(null));
			assertThat(nextState()).isInstanceOf(ConnectionState.Closed.class);
			assertThat(connection.done().toCompletableFuture().get(30, TimeUnit.SECONDS).getCode()).isEqualTo(1000);
		}
	}

	@Test
	void aPolicyViolationIsTheEnd() throws Exception {
		try (RawServer server = RawServer.start(closing(1008))) {
			assertThat(connect(server.ws()).done().toCompletableFuture().get(30, TimeUnit.SECONDS).getCode())
				.isEqualTo(1008);
			assertThat(server.peers()).hasSize(1);
		}
	}

	@Test
	void aRefusalIsTheEnd() throws Exception {
		try (RawServer server = RawServer.start((peer) -> peer.answer("401 Unauthorized", "X-Why: token"))) {
			ClientConnection connection = connect(server.ws());
			assertThatExceptionOfType(ExecutionException.class)
				.isThrownBy(() -> connection.done().toCompletableFuture().get(30, TimeUnit.SECONDS))
				.satisfies((ex) -> assertThat(ex.getCause()).isInstanceOfSatisfying(ConnectFailedException.class,
						(refused) -> assertThat(refused.headers().getFirst("X-Why")).isEqualTo("token")));
			assertThat(server.peers()).hasSize(1);
		}
	}

	@Test
	void aServerThatIsBusySaysWhenToComeAgain() throws Exception {
		try (RawServer server = RawServer.start((peer) -> peer.answer("503 Service Unavailable", "Retry-After: 1"),
				saying("now"))) {
			connect(server.ws());
			assertThat(nextState()).isInstanceOf(ConnectionState.Connecting.class);
			assertThat(nextState()).isInstanceOfSatisfying(ConnectionState.Waiting.class,
					(waiting) -> assertThat(waiting.delay()).isBetween(Duration.ofSeconds(1),
							Duration.ofSeconds(1).plus(SHORT)));
			assertThat(next()).isEqualTo("now");
		}
	}

	@Test
	void whatThePairAsksForIsTheEnd() throws Exception {
		try (RawServer server = RawServer.start((peer) -> {
			peer.accept();
			peer.drain();
		})) {
			ClientConnection connection = this.client.webSocket(server.ws())
				.settings((settings) -> settings.withCloseTimeout(SHORT))
				.connect(() -> InOut.of(In.ignore(), Out.<String>close(CloseStatus.SERVER_ERROR)));
			assertThat(connection.done().toCompletableFuture().get(30, TimeUnit.SECONDS).getCode()).isEqualTo(1011);
			assertThat(server.peers()).hasSize(1);
		}
	}

	@Test
	void aHandlerWithoutItsFileIsTheEnd() throws Exception {
		UncheckedIOException failure = new UncheckedIOException(new IOException("no file"));
		try (RawServer server = RawServer.start(saying("a"))) {
			ClientConnection connection = this.client.webSocket(server.ws())
				.settings((settings) -> settings.withCloseTimeout(SHORT))
				.connect(() -> InOut.of(In.forEach((String text) -> {
					throw failure;
				}), Out.<String>never()));
			assertThat(failure(connection)).isSameAs(failure);
			assertThat(server.peers()).hasSize(1);
		}
	}

	@Test
	void aSupplierWithoutItsFileIsTheEnd() throws Exception {
		UncheckedIOException failure = new UncheckedIOException(new IOException("no file"));
		try (RawServer server = RawServer.start(saying("a"))) {
			ClientConnection connection = this.client.webSocket(server.ws())
				.connect((Supplier<InOut<String, String>>) () -> {
					throw failure;
				});
			assertThat(failure(connection)).isSameAs(failure);
			assertThat(server.peers()).hasSize(1);
		}
	}

	@Test
	void aTokenIsFetchedForEachAttempt() throws Exception {
		AtomicInteger tokens = new AtomicInteger();
		try (RawServer server = RawServer.start(closing(1012), closing(1000))) {
			this.client.webSocket(server.ws())
				.headers((headers) -> headers.setBearerAuth("t" + tokens.incrementAndGet()))
				.connect(this::pair)
				.done()
				.toCompletableFuture()
				.get(30, TimeUnit.SECONDS);
			assertThat(server.peers()).extracting((peer) -> peer.header("Authorization"))
				.containsExactly("Bearer t1", "Bearer t2");
		}
	}

	@Test
	void aRequestThatIsUsedAgainChangesNoConnectionBefore() throws Exception {
		CountDownLatch changed = new CountDownLatch(1);
		try (RawServer server = RawServer.start((peer) -> {
			peer.accept();
			hold(changed);
			peer.close(1012);
			peer.drain();
		}, (peer) -> {
			peer.accept();
			peer.drain();
		}, saying("again"))) {
			WebSocketRequest<String, String> request = this.client.webSocket(server.ws()).header("X-User", "Ada");
			ClientConnection ada = request.connect(this::pair);
			ada.whenOpen().toCompletableFuture().get(30, TimeUnit.SECONDS);
			ClientConnection bob = request.header("X-User", "Bob").onState(this.states::add).connect(this::pair);
			bob.whenOpen().toCompletableFuture().get(30, TimeUnit.SECONDS);
			changed.countDown();
			assertThat(next()).isEqualTo("again");
			assertThat(server.peers()).extracting((peer) -> peer.header("X-User")).containsExactly("Ada", "Bob", "Ada");
			assertThat(this.states).doesNotHaveAnyElementsOfTypes(ConnectionState.Waiting.class);
		}
	}

	@Test
	void noTokenIsOnlyAFailedAttempt() throws Exception {
		AtomicInteger attempts = new AtomicInteger();
		try (RawServer server = RawServer.start(saying("here"))) {
			this.client.webSocket(server.ws()).headers((headers) -> {
				if (attempts.incrementAndGet() == 1) {
					throw new IllegalStateException("no token");
				}
			}).connect(this::pair);
			assertThat(next()).isEqualTo("here");
			assertThat(attempts).hasValue(2);
		}
	}

	@Test
	void aCloseWhileWaitingIsTheEnd() throws Exception {
		try (RawServer server = RawServer.start(closing(1012))) {
			ClientConnection connection = this.client.webSocket(server.ws())
				.connectStrategy((inARow, asked) -> Duration.ofHours(1))
				.onState(this.states::add)
				.connect(this::pair);
			Awaitility.await().until(() -> connection.state() instanceof ConnectionState.Waiting);
			connection.close();
			assertThat(connection.done().toCompletableFuture().get(30, TimeUnit.SECONDS)).isEqualTo(CloseStatus.NORMAL);
			assertThat(server.peers()).hasSize(1);
		}
	}

	@Test
	void strategiesAreReplaceable() throws Exception {
		BlockingQueue<ConnectionLoss> losses = new LinkedBlockingQueue<>();
		try (RawServer server = RawServer.start(closing(1008))) {
			CloseStatus last = this.client.webSocket(server.ws())
				.connectStrategy((inARow, asked) -> Duration.ZERO)
				.errorStrategy((loss) -> {
					losses.add(loss);
					return (loss.inARow() < 4) ? Reaction.COME_BACK : Reaction.GIVE_UP;
				})
				.connect(this::pair)
				.done()
				.toCompletableFuture()
				.get(30, TimeUnit.SECONDS);
			assertThat(last.getCode()).isEqualTo(1008);
			assertThat(losses).extracting(ConnectionLoss::inARow).containsExactly(1, 2, 3, 4);
			assertThat(server.peers()).hasSize(4);
		}
	}

	@Test
	void aStrategyThatFailsGivesUp() throws Exception {
		try (RawServer server = RawServer.start(closing(1012))) {
			CloseStatus last = this.client.webSocket(server.ws()).errorStrategy((loss) -> {
				throw new IllegalStateException("none");
			}).connect(this::pair).done().toCompletableFuture().get(30, TimeUnit.SECONDS);
			assertThat(last.getCode()).isEqualTo(1012);
		}
	}

	/** On a clock that stands still, nothing has lasted, unless it has to be no time. */
	@Test
	void aConnectionThatHasLastedStartsTheCountAnew() throws Exception {
		BlockingQueue<Integer> counts = new LinkedBlockingQueue<>();
		try (RawServer server = RawServer.start(closing(1012), closing(1012), closing(1012), closing(1000))) {
			this.client.webSocket(server.ws())
				.connectStrategy(ConnectStrategy.backoff(SHORT, SHORT, Duration.ZERO))
				.errorStrategy((loss) -> {
					counts.add(loss.inARow());
					return ErrorStrategy.standard().decide(loss);
				})
				.connect(this::pair)
				.done()
				.toCompletableFuture()
				.get(30, TimeUnit.SECONDS);
			assertThat(counts).containsExactly(1, 1, 1, 1);
		}
	}

	@Test
	void aPairEndsBeforeTheNextOneRuns() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		AtomicInteger running = new AtomicInteger();
		AtomicInteger runs = new AtomicInteger();
		try (RawServer server = RawServer.start(saying("a"))) {
			// That the server is gone is found by a ping
			this.client.webSocket(server.ws()).settings((settings) -> settings.withPingInterval(SHORT)).connect(() -> {
				runs.incrementAndGet();
				assertThat(running.incrementAndGet()).isEqualTo(1);
				return InOut.of(In.forEach((String text) -> {
					this.received.add(text);
					hold(release);
				}), Out.<String>never()).whenDone(() -> running.decrementAndGet());
			});
			assertThat(next()).isEqualTo("a");
			server.peers().get(0).end();
			assertThat(runs).hasValue(1);
			release.countDown();
			assertThat(next()).isEqualTo("a");
			assertThat(runs).hasValue(2);
		}
	}

	@Test
	void inVirtualTimeFiveHundredClientsComeBackSpread() throws Exception {
		int clients = 500;
		VirtualTimeScheduler time = VirtualTimeScheduler.create();
		List<ClientConnection> connections = new ArrayList<>();
		HalleyClient.Builder builder = HalleyClient.builder()
			.connectStrategy(ConnectStrategy.backoff(Duration.ofMinutes(1), Duration.ofMinutes(1)));
		builder.timer = time;
		try (RawServer server = RawServer.start(IntStream.rangeClosed(0, clients)
			.mapToObj((i) -> (i < clients) ? closing(1012) : saying("again"))
			.toArray(RawServer.Script[]::new)); HalleyClient client = builder.build()) {
			for (int i = 0; i < clients; i++) {
				connections.add(client.webSocket(server.ws())
					.handshakeTimeout(Duration.ofHours(1))
					.settings((settings) -> settings.withPingInterval(Duration.ofHours(1)))
					.connect(this::pair));
			}
			Awaitility.await()
				.until(() -> connections.stream()
					.allMatch((connection) -> connection.state() instanceof ConnectionState.Waiting));
			for (int tenth = 0, before = 0; tenth < 10; tenth++) {
				time.advanceTimeBy(Duration.ofSeconds(6));
				int first = before;
				// Whoever's time has come is on its way, and no other
				long waiting = connections.stream()
					.filter((connection) -> connection.state() instanceof ConnectionState.Waiting)
					.count();
				Awaitility.await().until(() -> server.peers().size() > clients + first);
				before = clients - (int) waiting;
				assertThat(before - first).as("of tenth %s", tenth).isLessThan(100);
			}
			Awaitility.await().until(() -> connections.stream().allMatch(ClientConnection::isOpen));
		}
	}

	/** The same by real clocks: the delays that were told, and that all are back. */
	@Test
	void fiveHundredClientsThatLoseTheirServerComeBackSpread() throws Exception {
		int clients = 500;
		Duration longest = Duration.ofSeconds(2);
		BlockingQueue<Duration> delays = new LinkedBlockingQueue<>();
		List<ClientConnection> connections = new ArrayList<>();
		RawServer server = RawServer.start(saying("first"));
		for (int i = 0; i < clients; i++) {
			connections.add(this.client.webSocket(server.ws())
				.handshakeTimeout(Duration.ofSeconds(60))
				.connectStrategy(ConnectStrategy.backoff(longest, longest))
				.onState((state) -> {
					if (state instanceof ConnectionState.Waiting waiting && waiting.loss().inARow() == 1) {
						delays.add(waiting.delay());
					}
				})
				.connect(this::pair));
		}
		Awaitility.await().until(() -> connections.stream().allMatch(ClientConnection::isOpen));
		server.close();
		Awaitility.await().until(() -> delays.size() == clients);
		try (RawServer again = RawServer.startAgain(server.port(), saying("again"))) {
			Awaitility.await().until(() -> connections.stream().allMatch(ClientConnection::isOpen));
			int[] histogram = new int[10];
			delays.forEach((delay) -> histogram[(int) (delay.toNanos() * 10 / longest.toNanos())]++);
			assertThat(histogram).satisfies((counts) -> {
				for (int count : counts) {
					assertThat(count).isBetween(15, 100);
				}
			});
			assertThat(again.peers()).hasSizeGreaterThanOrEqualTo(clients);
			connections.forEach(ClientConnection::close);
		}
	}

}

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

import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import reactor.core.Disposable;

import dev.halley.CarriedUser;
import dev.halley.client.ErrorStrategy.Reaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What event streams leave in messages, take along to other threads, and do when their
 * client is closed.
 */
class EventStreamLifeTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private static final ThreadLocal<String> USER = CarriedUser.NAME;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final HalleyClient client = HalleyClient.builder()
		.connectStrategy((inARow, asked) -> Duration.ZERO)
		.build();

	private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();

	@AfterEach
	void end() {
		USER.remove();
		this.client.close();
		this.threads.shutdownNow();
	}

	private static RawServer.Script holding(CountDownLatch drop) {
		return (peer) -> {
			peer.stream();
			peer.write("data: a\n\n");
			drop.await(30, TimeUnit.SECONDS);
		};
	}

	private static String secret(int port) {
		return "http://user:secret@127.0.0.1:" + port + "/raw?token=secret";
	}

	/** Asks once. */
	private Throwable failure(EventStreamRequest<String> request) {
		return Objects.requireNonNull(
				Objects.requireNonNull(request.reconnecting(false).messages().then().materialize().block(LONG))
					.getThrowable());
	}

	@Test
	void aRefusalDoesNotTellTheQuery() throws Exception {
		try (RawServer raw = RawServer.start((peer) -> peer.answer("403 Forbidden"))) {
			assertThat(failure(this.client.events(secret(raw.port()), String.class)))
				.isInstanceOfSatisfying(ConnectFailedException.class,
						(refused) -> assertThat(refused.status()).isEqualTo(HttpStatus.FORBIDDEN))
				.hasMessageStartingWith("http://127.0.0.1:" + raw.port() + "/raw: 403")
				.hasStackTraceContaining("403")
				.satisfies((ex) -> assertThat(ex.toString()).doesNotContain("secret"));
		}
	}

	@Test
	void noAnswerDoesNotTellTheQuery() throws Exception {
		try (RawServer raw = RawServer.start(RawServer.Peer::drain)) {
			assertThat(failure(
					this.client.events(secret(raw.port()), String.class).handshakeTimeout(Duration.ofMillis(300))))
				.hasMessage("http://127.0.0.1:" + raw.port() + "/raw: no answer within 300 ms");
		}
	}

	@Test
	void noServerDoesNotTellTheQuery() throws Exception {
		int port;
		try (ServerSocket socket = new ServerSocket(0)) {
			port = socket.getLocalPort();
		}
		assertThat(failure(this.client.events(secret(port), String.class))).isInstanceOf(ConnectFailedException.class)
			.hasMessageStartingWith("http://127.0.0.1:" + port + "/raw: ")
			.satisfies((ex) -> assertThat(ex.toString()).doesNotContain("secret"));
	}

	@Test
	void silenceDoesNotTellTheQuery() throws Exception {
		try (RawServer raw = RawServer.start((peer) -> {
			peer.stream();
			peer.drain();
		})) {
			assertThat(failure(this.client.events(secret(raw.port()), String.class)
				.settings((settings) -> settings.withIdleTimeout(Duration.ofMillis(200)))))
				.isInstanceOf(SocketTimeoutException.class)
				.hasMessage("http://127.0.0.1:" + raw.port() + "/raw: nothing came for PT0.2S");
		}
	}

	@Test
	void anAddressThatIsNoneDoesNotTellTheQuery() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.client.events("ws://user:secret@localhost:1/a?token=secret", String.class))
			.withMessageStartingWith("uri: ws://localhost:1/a (expected: http://… or https://…; ");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.client.events("http://localhost/a?token=secret#secret", String.class))
			.withMessageStartingWith("uri: http://localhost/a#… (expected: no fragment");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.client.events("mailto:secret@localhost", String.class))
			.withMessageStartingWith("uri: mailto: (expected: ");
	}

	@Test
	void listenersAndHeadersHaveWhatTheSubscribersThreadHas() throws Exception {
		Queue<String> seen = new ConcurrentLinkedQueue<>();
		try (RawServer raw = RawServer.start(holding(new CountDownLatch(0)), (peer) -> peer.answer("204 No Content"));
				HalleyClient client = HalleyClient.builder()
					.contexts(() -> new CarriedUser(USER.get()))
					.headers((headers) -> seen.add("client " + USER.get()))
					.connectStrategy((inARow, asked) -> Duration.ZERO)
					.build()) {
			EventStreamRequest<String> request = client.events(raw.http(), String.class)
				.headers((headers) -> seen.add("request " + USER.get()))
				.headersLater(() -> {
					seen.add("later " + USER.get());
					return CompletableFuture.supplyAsync(HttpHeaders::new, this.threads);
				})
				.headers((headers) -> seen.add("last " + USER.get()))
				.onState((state) -> seen.add(state.getClass().getSimpleName() + " " + USER.get()));
			USER.set("alice");
			request.messages().blockLast(LONG);
			Awaitility.await().untilAsserted(() -> assertThat(seen).anyMatch((place) -> place.startsWith("Closed")));
			USER.set("bob");
			assertThat(seen).filteredOn((place) -> place.startsWith("l"))
				.containsExactly("later alice", "last alice", "later alice", "last alice");
			assertThat(seen).allMatch((place) -> place.endsWith(" alice")).hasSize(13);
		}
	}

	@Test
	void theCloseOfTheClientDoesNotWaitForItsReaders() throws Exception {
		CountDownLatch closed = new CountDownLatch(1);
		CountDownLatch drop = new CountDownLatch(1);
		CompletableFuture<Boolean> first = new CompletableFuture<>();
		BlockingQueue<String> received = new LinkedBlockingQueue<>();
		try (RawServer raw = RawServer.start(holding(drop))) {
			this.client.events(raw.http(), String.class).messages().subscribe(received::add, (ex) -> {
				try {
					first.complete(closed.await(20, TimeUnit.SECONDS));
				}
				catch (InterruptedException interrupted) {
					first.completeExceptionally(interrupted);
				}
			});
			assertThat(received.poll(30, TimeUnit.SECONDS)).isEqualTo("a");
			this.client.close();
			closed.countDown();
			assertThat(first.get(60, TimeUnit.SECONDS)).isTrue();
			drop.countDown();
		}
	}

	@Test
	void whoReadsIsNotInterruptedByWhoeverEndsTheSubscription() throws Exception {
		CountDownLatch entered = new CountDownLatch(1);
		CountDownLatch leave = new CountDownLatch(1);
		CompletableFuture<Boolean> read = new CompletableFuture<>();
		// At once, so that the thread that has the answer reads the event too
		try (RawServer raw = RawServer.start((peer) -> {
			peer.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: a\n\n");
			leave.await(30, TimeUnit.SECONDS);
		})) {
			Disposable subscription = this.client.events(raw.http(), String.class).messages().subscribe((message) -> {
				entered.countDown();
				try {
					read.complete(leave.await(30, TimeUnit.SECONDS));
				}
				catch (InterruptedException interrupted) {
					read.completeExceptionally(interrupted);
				}
			});
			assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
			subscription.dispose();
			leave.countDown();
			assertThat(read.get(60, TimeUnit.SECONDS)).isTrue();
		}
	}

	/** The end of the JDK's client is the first that its readers hear of the close. */
	@Test
	void whoClosesTheClientTellsNoReader() throws Exception {
		Thread closer = Thread.currentThread();
		BlockingQueue<Runnable> handedOver = new LinkedBlockingQueue<>();
		Executor executor = (task) -> {
			if (Thread.currentThread() == closer) {
				handedOver.add(task);
			}
			else {
				this.threads.execute(task);
			}
		};
		BlockingQueue<String> received = new LinkedBlockingQueue<>();
		BlockingQueue<Thread> told = new LinkedBlockingQueue<>();
		CountDownLatch drop = new CountDownLatch(1);
		try (RawServer raw = RawServer.start(holding(drop));
				HalleyClient client = HalleyClient.builder().executor(executor).build()) {
			this.threads
				.submit(() -> client.events(raw.http(), String.class)
					.messages()
					.subscribe(received::add, (ex) -> told.add(Thread.currentThread())))
				.get(30, TimeUnit.SECONDS);
			assertThat(received.poll(30, TimeUnit.SECONDS)).isEqualTo("a");
			client.close();
			assertThat(told).doesNotContain(closer);
			handedOver.forEach(this.threads::execute);
			assertThat(told.poll(30, TimeUnit.SECONDS)).isNotNull().isNotEqualTo(closer);
			drop.countDown();
		}
	}

	/** The stream ends before its readers are told of the close. */
	@Test
	void aStreamThatIsLostWhileItsClientClosesIsNotAskedForAgain() throws Exception {
		Thread closer = Thread.currentThread();
		AtomicBoolean holding = new AtomicBoolean();
		Executor executor = (task) -> {
			if (Thread.currentThread() != closer || !holding.compareAndSet(true, false)) {
				this.threads.execute(task);
			}
		};
		CountDownLatch drop = new CountDownLatch(1);
		BlockingQueue<String> received = new LinkedBlockingQueue<>();
		Queue<ConnectionLoss> losses = new ConcurrentLinkedQueue<>();
		try (RawServer raw = RawServer.start(holding(drop));
				HalleyClient client = HalleyClient.builder().executor(executor).build()) {
			client.events(raw.http(), String.class).errorStrategy((loss) -> {
				losses.add(loss);
				return Reaction.COME_BACK;
			}).messages().subscribe(received::add, this.failures::add);
			assertThat(received.poll(30, TimeUnit.SECONDS)).isEqualTo("a");
			holding.set(true);
			client.close();
			assertThat(holding).isFalse();
			drop.countDown();
			assertThat(this.failures.poll(30, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class)
				.hasMessage("The client is closed");
			assertThat(losses).isEmpty();
		}
	}

	/** All is done by one thread, which so can tell of the close only afterwards. */
	@Test
	void aStrategyMayCloseTheClient() throws Exception {
		ExecutorService thread = Executors.newSingleThreadExecutor();
		try (RawServer raw = RawServer.start(holding(new CountDownLatch(0)));
				HalleyClient client = HalleyClient.builder()
					.executor(thread)
					.connectStrategy((inARow, asked) -> Duration.ofMillis(1))
					.build()) {
			client.events(raw.http(), String.class).errorStrategy((loss) -> {
				client.close();
				return Reaction.COME_BACK;
			}).messages().subscribe((message) -> {
			}, this.failures::add);
			assertThat(this.failures.poll(30, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class)
				.hasMessage("The client is closed");
		}
		finally {
			thread.shutdownNow();
		}
	}

}

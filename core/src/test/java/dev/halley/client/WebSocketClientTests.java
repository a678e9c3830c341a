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
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.socket.CloseStatus;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.client.Endpoints.Said;
import dev.halley.client.Endpoints.Say;
import dev.halley.codec.MessageDecodingException;
import dev.halley.web.TestServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * WebSockets of each library, to a real server of Halley.
 */
@ParameterizedClass
@EnumSource
class WebSocketClientTests {

	private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();

	private final HalleyClient client;

	private final WebSocketLibrary library;

	private TestServer server;

	WebSocketClientTests(WebSocketLibrary library) {
		this.library = library;
		this.client = library.addTo(HalleyClient.builder()).build();
	}

	@BeforeEach
	void start() {
		this.server = TestServer.start(Endpoints.class, Endpoints.Impatient.class);
	}

	@AfterEach
	void stop() {
		this.client.close();
		this.server.close();
	}

	private String uri(String path) {
		return "ws://127.0.0.1:" + this.server.port() + path;
	}

	private Endpoints endpoints() {
		return this.server.bean(Endpoints.class);
	}

	private <I, O> InOut<I, O> pair(Out<O> out) {
		return InOut.of(In.forEach(this.received::add), out);
	}

	private Object next() throws InterruptedException {
		return this.received.poll(30, TimeUnit.SECONDS);
	}

	private static void hold(CountDownLatch release) {
		try {
			release.await(30, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static CloseStatus done(ClientConnection connection) throws Exception {
		return connection.done().toCompletableFuture().get(30, TimeUnit.SECONDS);
	}

	private static void awaitOpen(ClientConnection connection) throws Exception {
		connection.whenOpen().toCompletableFuture().get(30, TimeUnit.SECONDS);
	}

	private static Throwable failure(ClientConnection connection) {
		CompletableFuture<CloseStatus> done = connection.done().toCompletableFuture();
		ExecutionException thrown = catchThrowableOfType(ExecutionException.class,
				() -> done.get(30, TimeUnit.SECONDS));
		assertThat(thrown).isNotNull();
		return thrown.getCause();
	}

	@Test
	void messagesAreTyped() throws Exception {
		ClientConnection connection = this.client.connect(uri("/rooms?name=Ada"),
				this.<Said, Say>pair(Out.of(new Say("Hello")).andThen(Out.never())), Said.class, Say.class);
		assertThat(next()).isEqualTo(new Said("Ada", "Hello"));
		assertThat(connection.isOpen()).isTrue();
		assertThat(connection.state()).isInstanceOf(ConnectionState.Open.class);
	}

	@Test
	void bytesGoBothWays() throws Exception {
		this.client.connect(uri("/bytes"),
				this.<byte[], byte[]>pair(Out.of(new byte[] { 1, 2, 3 }).andThen(Out.never())), byte[].class,
				byte[].class);
		assertThat((byte[]) next()).containsExactly(1, 2, 3);
	}

	@Test
	void theHandshakeHasHeadersOriginAndSubprotocols() throws Exception {
		BlockingQueue<ConnectionState> states = new LinkedBlockingQueue<>();
		ClientConnection connection = this.client.webSocket(uri("/head"))
			.header("Origin", "https://example.org")
			.headersLater(() -> CompletableFuture.supplyAsync(() -> {
				HttpHeaders headers = new HttpHeaders();
				headers.set("X-Token", "secret");
				return headers;
			}, (task) -> new Thread(task).start()))
			.subprotocols("chat.v3", "chat.v2")
			.onState(states::add)
			.connect(this.<String, String>pair(Out.never()));
		assertThat(next()).isEqualTo("secret");
		assertThat(next()).isEqualTo("https://example.org");
		assertThat(done(connection)).isEqualTo(CloseStatus.NORMAL);
		assertThat(List.of(states.poll(30, TimeUnit.SECONDS), states.poll(30, TimeUnit.SECONDS),
				states.poll(30, TimeUnit.SECONDS)))
			.containsExactly(new ConnectionState.Connecting(1), new ConnectionState.Open("chat.v2"),
					new ConnectionState.Closed(CloseStatus.NORMAL, null));
	}

	@Test
	void aRefusalHasTheStatusAndTheHeaders() {
		ClientConnection connection = this.client.connect(uri("/refused"), pair(Out.never()));
		assertThat(failure(connection)).isInstanceOfSatisfying(ConnectFailedException.class, (ex) -> {
			assertThat(ex.status()).isEqualTo(HttpStatus.UNAUTHORIZED);
			assertThat(ex).hasMessageContaining("/refused: 401 (expected: 101, a WebSocket)");
			if (this.library == WebSocketLibrary.JDK) {
				assertThat(ex.headers().getFirst("WWW-Authenticate")).isEqualTo("Bearer");
			}
		});
		assertThat(connection.whenOpen().toCompletableFuture()).isCompletedExceptionally();
		assertThat(connection.isOpen()).isFalse();
	}

	@Test
	void noFailureTellsTheSecretsOfAnAddress() throws IOException {
		RawServer gone = RawServer.start((peer) -> peer.drain());
		gone.close();
		String there = uri("/refused?token=secret").replace("ws://", "ws://ada:secret@");
		assertThat(List.of(there, gone.ws() + "?token=secret")).allSatisfy((uri) -> {
			Throwable failure = failure(this.client.connect(uri, pair(Out.never())));
			assertThat(failure).isInstanceOf(ConnectFailedException.class).hasMessageStartingWith("ws://127.0.0.1:");
			assertThat(Stream.iterate(failure, Objects::nonNull, Throwable::getCause).map(String::valueOf))
				.noneMatch((text) -> text.contains("secret"));
		});
	}

	@Test
	void anAttemptThatTakesTooLongDoesNotTellTheSecretsOfItsAddress() throws IOException {
		try (RawServer silent = RawServer.start((peer) -> peer.drain())) {
			assertThat(failure(this.client.webSocket(silent.ws() + "?token=secret")
				.handshakeTimeout(Duration.ofMillis(200))
				.connect(this.<String, String>pair(Out.never())))).hasMessageNotContaining("secret");
		}
	}

	@Test
	void nobodyThereIsAFailureWithoutStatus() throws IOException {
		RawServer gone = RawServer.start((peer) -> peer.drain());
		gone.close();
		assertThat(failure(this.client.connect(gone.ws(), pair(Out.never()))))
			.isInstanceOfSatisfying(ConnectFailedException.class, (ex) -> assertThat(ex.status()).isNull());
	}

	@Test
	void theServersCloseIsTold() throws Exception {
		assertThat(done(this.client.connect(uri("/close?code=4001"), pair(Out.never()))))
			.isEqualTo(new CloseStatus(4001, "why"));
	}

	@Test
	void thePairsCloseIsTheServers() throws Exception {
		CloseStatus status = new CloseStatus(4002, "enough");
		ClientConnection connection = this.client.connect(uri("/echo"), pair(Out.close(status)));
		assertThat(endpoints().end()).isEqualTo(status);
		assertThat(done(connection)).isEqualTo(status);
	}

	@Test
	void theHandlesCloseIsTheServers() throws Exception {
		ClientConnection connection = this.client.connect(uri("/echo"), pair(Out.never()));
		awaitOpen(connection);
		connection.close(CloseStatus.GOING_AWAY);
		assertThat(endpoints().end().getCode()).isEqualTo(1001);
		assertThat(done(connection).getCode()).isEqualTo(1001);
		assertThat(connection.state()).isInstanceOf(ConnectionState.Closed.class);
	}

	@Test
	void aCloseDuringTheAttemptEndsIt() throws Exception {
		try (RawServer silent = RawServer.start((peer) -> peer.drain())) {
			ClientConnection connection = this.client.connect(silent.ws(), pair(Out.never()));
			Awaitility.await().until(() -> !silent.peers().isEmpty());
			connection.close();
			assertThat(done(connection)).isEqualTo(CloseStatus.NORMAL);
			CompletableFuture<ClientConnection> open = connection.whenOpen().toCompletableFuture();
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> open.get(30, TimeUnit.SECONDS))
				.withCauseInstanceOf(CancellationException.class);
		}
	}

	@Test
	void aMessageThatIsTooLargeEndsTheConnection() throws Exception {
		ClientConnection connection = this.client.webSocket(uri("/large"))
			.settings((settings) -> settings.withMaxMessageSize(4999))
			.connect(this.<String, String>pair(Out.never()));
		assertThat(done(connection).getCode()).isEqualTo(1009);
		CloseStatus told = endpoints().end();
		assertThat(told).isEqualTo(
				(this.library == WebSocketLibrary.JDK) ? CloseStatus.POLICY_VIOLATION.withReason("1009 message too big")
						: CloseStatus.TOO_BIG_TO_PROCESS.withReason("message too big"));
	}

	@Test
	void aMessageOfTheLargestSizeIsTaken() throws Exception {
		this.client.webSocket(uri("/large"))
			.settings((settings) -> settings.withMaxMessageSize(5000))
			.connect(this.<String, String>pair(Out.never()));
		assertThat(next()).isEqualTo("x".repeat(5000));
	}

	@Test
	void aMessageThatCannotBeReadIsTheFailure() throws Exception {
		ClientConnection connection = this.client.connect(uri("/echo"),
				this.<Said, String>pair(Out.of("no JSON").andThen(Out.never())), Said.class, String.class);
		assertThat(failure(connection)).isInstanceOf(MessageDecodingException.class);
		assertThat(endpoints().end().getCode()).isEqualTo((this.library == WebSocketLibrary.JDK) ? 1008 : 1003);
	}

	@Test
	void whatAHandlerThrowsIsTheFailure() throws Exception {
		IllegalStateException failure = new IllegalStateException("no room");
		InOut<String, String> pair = InOut.of(In.forEach((text) -> {
			throw failure;
		}), Out.of("Hello").andThen(Out.never()));
		assertThat(failure(this.client.connect(uri("/echo"), pair))).isSameAs(failure);
		assertThat(endpoints().end().getCode()).isEqualTo(1011);
	}

	@Test
	void aPairThatIsRunTwiceFails() throws Exception {
		InOut<String, String> pair = pair(Out.from(Stream.of("a")));
		awaitOpen(this.client.connect(uri("/echo"), pair));
		assertThat(next()).isEqualTo("a");
		assertThat(failure(this.client.connect(uri("/echo"), pair)))
			.hasMessageContaining("A Stream can be sent to one connection only");
	}

	@Test
	void handlersMayBlock() throws Exception {
		CountDownLatch blocked = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		for (int i = 0; i < 20; i++) {
			this.client.connect(uri("/echo"), InOut.of(In.forEach((String text) -> {
				blocked.countDown();
				hold(release);
			}), Out.of("Hello").andThen(Out.never())));
		}
		assertThat(blocked.await(30, TimeUnit.SECONDS)).isTrue();
		this.client.connect(uri("/echo"), this.<String, String>pair(Out.of("Hi").andThen(Out.never())));
		assertThat(next()).isEqualTo("Hi");
		release.countDown();
	}

	@Test
	void largeMessagesGoBothWays() throws Exception {
		String text = "aä€😀".repeat(6000);
		this.client.connect(uri("/echo"), this.<String, String>pair(Out.of(text, "b").andThen(Out.never())));
		assertThat(next()).isEqualTo(text);
		assertThat(next()).isEqualTo("b");
		byte[] bytes = new byte[65_536];
		new Random(7).nextBytes(bytes);
		this.client.connect(uri("/bytes"), this.<byte[], byte[]>pair(Out.of(bytes).andThen(Out.never())), byte[].class,
				byte[].class);
		assertThat((byte[]) next()).isEqualTo(bytes);
	}

	/**
	 * The JDK's client may miss the end until it writes, if nothing was asked for then.
	 */
	@Test
	void aServerThatIsKilledIsALoss() throws Exception {
		try (RawServer server = RawServer.start((peer) -> {
			peer.accept();
			peer.text("a");
			peer.drain();
		})) {
			ClientConnection connection = this.client.webSocket(server.ws())
				.settings((settings) -> settings.withPingInterval(Duration.ofSeconds(1)))
				.connect(pair(Out.never()));
			assertThat(next()).isEqualTo("a");
			server.peers().get(0).end();
			assertThat(done(connection).getCode()).isEqualTo(1006);
		}
	}

	/** The buffers on the way are soon full. */
	@Test
	void aServerThatReadsNothingStallsTheSourceAndIsDropped() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		AtomicLong made = new AtomicLong();
		String filler = "x".repeat(1000);
		try (RawServer deaf = RawServer.start((peer) -> {
			peer.accept();
			hold(release);
		})) {
			ClientConnection connection = this.client.webSocket(deaf.ws())
				.settings((settings) -> settings.withSendTimeout(Duration.ofSeconds(1)))
				.connect(this.<String, String>pair(Out.generate(() -> Optional.of(made.incrementAndGet() + filler))));
			assertThat(done(connection).getCode()).isEqualTo(1006);
			assertThat(made.get()).isLessThan(100_000);
			release.countDown();
		}
	}

	/** It can get no message out for a second only when nothing reads. */
	@Test
	void aSlowHandlerStallsTheServer() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		this.client.connect(uri("/flood"), InOut.of(In.forEach((String text) -> hold(release)), Out.never()));
		assertThat(endpoints().end().getCode()).isEqualTo(1006);
		release.countDown();
	}

	@Test
	void allMessagesComeInOrder() throws Exception {
		int count = 2000;
		this.client.connect(uri("/echo"),
				this.<String, String>pair(
						Out.from(() -> Stream.iterate(1, (i) -> i + 1).limit(count).map(String::valueOf))
							.andThen(Out.never())));
		for (int i = 1; i <= count; i++) {
			assertThat(next()).isEqualTo(String.valueOf(i));
		}
	}

	@Test
	void textThatIsNotWellFormedIsSentAsQuestionMarks() throws Exception {
		this.client.connect(uri("/echo"), this.<String, String>pair(Out.of("a\uD800b", "ü€😀").andThen(Out.never())));
		assertThat(next()).isEqualTo("a?b");
		assertThat(next()).isEqualTo("ü€😀");
	}

	@Test
	void whenDoneComesWithTheStatus() throws Exception {
		BlockingQueue<CloseStatus> ends = new LinkedBlockingQueue<>();
		ClientConnection connection = this.client.connect(uri("/close?code=4001"),
				this.<String, String>pair(Out.never()).whenDone(ends::add));
		assertThat(ends.poll(30, TimeUnit.SECONDS)).isEqualTo(new CloseStatus(4001, "why"));
		done(connection);
	}

	@Test
	void theCloseOfTheClientClosesAll() throws Exception {
		ClientConnection connection = this.client.connect(uri("/echo"), pair(Out.never()));
		awaitOpen(connection);
		this.client.close();
		assertThat(endpoints().end().getCode()).isEqualTo(1001);
		assertThat(done(connection).getCode()).isEqualTo(1001);
	}

}

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

package dev.halley.test;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.awaitility.Awaitility;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.ee11.websocket.jakarta.client.JakartaWebSocketClientContainer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpHeaders;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.client.standard.StandardWebSocketClient;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.client.ClientConnection;
import dev.halley.client.ConnectFailedException;
import dev.halley.client.ConnectStrategy;
import dev.halley.client.ConnectionState;
import dev.halley.client.ErrorStrategy;
import dev.halley.client.ErrorStrategy.Reaction;
import dev.halley.client.HalleyClient;
import dev.halley.client.WebSocketConnector;
import dev.halley.test.ChatApplication.Price;
import dev.halley.test.ChatApplication.Question;
import dev.halley.test.ChatApplication.Said;
import dev.halley.test.ChatApplication.Say;
import dev.halley.test.ChatApplication.Subscribe;
import dev.halley.test.ChatApplication.Tick;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The examples of the guide to the client.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ClientGuideTests {

	private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();

	@LocalServerPort
	private int port;

	@Autowired
	private HalleyClient.Builder builder;

	private HalleyClient client;

	@BeforeEach
	void start() {
		this.client = this.builder.build();
	}

	@AfterEach
	void stop() {
		this.client.close();
	}

	private String ws(String path) {
		return "ws://localhost:" + this.port + path;
	}

	private String http(String path) {
		return "http://localhost:" + this.port + path;
	}

	private Object next() throws InterruptedException {
		return this.received.poll(30, TimeUnit.SECONDS);
	}

	@Test
	void smallest() throws Exception {
		String uri = ws("/echo");
		HalleyClient client = HalleyClient.create();
		InOut<String, String> pair = InOut.of(In.forEach(this.received::add), Out.of("Hello!").andThen(Out.never()));
		ClientConnection connection = client.connect(uri, pair);
		assertThat(next()).isEqualTo("Hello!");
		assertThat(connection.isOpen()).isTrue();
		client.close();
	}

	@Test
	void typed() throws Exception {
		String uri = ws("/rooms/client?name=Ada");
		InOut<Said, Say> pair = InOut.of(In.forEach(this.received::add), Out.of(new Say("Hello")).andThen(Out.never()));
		this.client.connect(uri, pair, Said.class, Say.class);
		assertThat(next()).isEqualTo(new Said("Ada", "Hello"));
	}

	@Test
	void handshake() throws Exception {
		ClientConnection connection = this.client.webSocket(ws("/echo"))
			.header("Origin", http(""))
			.subprotocols("v3", "v2")
			.settings((settings) -> settings.withMaxMessageSize(1_000_000).withPingInterval(Duration.ofSeconds(10)))
			.handshakeTimeout(Duration.ofSeconds(30))
			.connect(InOut.of(In.forEach(this.received::add), Out.never()));
		connection.whenOpen().toCompletableFuture().get(30, TimeUnit.SECONDS);
		assertThat(connection.state()).isEqualTo(new ConnectionState.Open("v2"));
	}

	@Test
	void ends() throws Exception {
		ClientConnection connection = this.client.connect(ws("/bye"), InOut.of(In.ignore(), Out.never()));
		CloseStatus status = connection.done().toCompletableFuture().get(30, TimeUnit.SECONDS);
		assertThat(status).isEqualTo(new CloseStatus(4000, "bye"));
	}

	@Test
	void refused() throws Exception {
		ClientConnection connection = this.client.connect(ws("/rooms/1?name=root"), InOut.of(In.ignore(), Out.never()));
		CompletableFuture<Object> answer = connection.done().<Object>handle((status, thrown) -> {
			Throwable failure = (thrown instanceof CompletionException) ? thrown.getCause() : thrown;
			return (failure instanceof ConnectFailedException refusal) ? refusal.status().value() : status;
		}).toCompletableFuture();
		assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo(403);
	}

	@Test
	void staysConnected() {
		Prices prices = new Prices(new Tokens());
		try (ClientConnection connection = prices.connect(this.client, ws("/prices"))) {
			Awaitility.await().until(() -> prices.latest.containsKey("ACME"));
			assertThat(connection.isOpen()).isTrue();
		}
	}

	@Test
	void fetchesTokensLater() throws Exception {
		AsyncTokens tokens = new AsyncTokens();
		this.client.webSocket(ws("/prices"))
			.types(Price.class, Subscribe.class)
			.headersLater(() -> tokens.next().thenApply((token) -> {
				HttpHeaders headers = new HttpHeaders();
				headers.setBearerAuth(token);
				return headers;
			}))
			.connect(
					() -> InOut.of(In.forEach(this.received::add), Out.of(new Subscribe("ACME")).andThen(Out.never())));
		assertThat(next()).isEqualTo(new Price("ACME", 42));
	}

	@Test
	void hasStrategies() throws Exception {
		HalleyClient client = HalleyClient.builder()
			.connectStrategy(ConnectStrategy.backoff(Duration.ofMillis(200), Duration.ofMinutes(5)))
			.errorStrategy((loss) -> {
				boolean moved = loss.failure() instanceof ConnectFailedException refusal && refusal.status() != null
						&& refusal.status().value() == 404;
				return moved ? Reaction.comeBackAfter(Duration.ofSeconds(30)) : ErrorStrategy.standard().decide(loss);
			})
			.build();
		this.client.close();
		this.client = client;
		client.webSocket(ws("/nowhere"))
			.onState(this.received::add)
			.connect(() -> InOut.of(In.ignore(), Out.<String>never()));
		assertThat(next()).isInstanceOf(ConnectionState.Connecting.class);
		assertThat(next()).isInstanceOfSatisfying(ConnectionState.Waiting.class,
				(waiting) -> assertThat(waiting.delay()).isGreaterThanOrEqualTo(Duration.ofSeconds(30)));
	}

	@Test
	void reads() {
		String uri = http("/ticks");
		List<Tick> ticks = this.client.events(uri, Tick.class)
			.named("tick")
			.connectStrategy((inARow, asked) -> Duration.ZERO)
			.messages()
			.take(3)
			.collectList()
			.block(Duration.ofSeconds(30));
		assertThat(ticks).containsExactly(new Tick(1), new Tick(2), new Tick(3));
	}

	@Test
	void goesOnLater() {
		String uri = http("/ticks");
		ServerSentEvent<Tick> event = this.client.events(uri, Tick.class)
			.named("tick")
			.after("41")
			.events()
			.blockFirst(Duration.ofSeconds(30));
		assertThat(event.id()).isEqualTo("42");
	}

	@Test
	void asks() {
		String uri = http("/answers");
		String answer = this.client.events(uri, String.class)
			.post(new Question("why?"))
			.messages()
			.reduce(String::concat)
			.block(Duration.ofSeconds(30));
		assertThat(answer).isEqualTo("You asked: why?");
	}

	@Test
	void sendsOn() {
		InOut<String, String> relay = InOut.of(In.ignore(),
				this.client.events(http("/texts"), String.class).out().map((text) -> text.toUpperCase(Locale.ROOT)));
		PairTester.of(relay).expectMatch((text) -> text.startsWith("IT'S")).expect("Ä");
	}

	@Test
	void compresses() throws Exception {
		HalleyClient client = HalleyClient.builder()
			.connector(WebSocketConnector.spring(new StandardWebSocketClient()))
			.build();
		client.webSocket(ws("/echo"))
			.compressed()
			.connect(InOut.of(In.forEach(this.received::add), Out.of("Hello!").andThen(Out.never())));
		assertThat(next()).isEqualTo("Hello!");
		client.close();
	}

	@Test
	void runsOverJetty() throws Exception {
		JakartaWebSocketClientContainer jetty = new JakartaWebSocketClientContainer(new HttpClient());
		jetty.start();
		HalleyClient client = HalleyClient.builder()
			.connector(WebSocketConnector.spring(new StandardWebSocketClient(jetty)))
			.build();
		client.connect(ws("/echo"), InOut.of(In.forEach(this.received::add), Out.of("Hello!").andThen(Out.never())));
		assertThat(next()).isEqualTo("Hello!");
		client.close();
		jetty.stop();
	}

	/** Keeps the latest prices, whatever becomes of the connection. */
	static class Prices {

		private static final Log logger = LogFactory.getLog(Prices.class);

		private final Map<String, Price> latest = new ConcurrentHashMap<>();

		private final Tokens tokens;

		Prices(Tokens tokens) {
			this.tokens = tokens;
		}

		ClientConnection connect(HalleyClient client, String uri) {
			return client.webSocket(uri)
				.types(Price.class, Subscribe.class)
				.headers((headers) -> headers.setBearerAuth(this.tokens.next()))
				.onState(this::log)
				.connect(() -> InOut.of(In.forEach(this::keep), Out.of(new Subscribe("ACME")).andThen(Out.never())));
		}

		private void keep(Price price) {
			this.latest.put(price.symbol(), price);
		}

		private void log(ConnectionState state) {
			if (state instanceof ConnectionState.Waiting waiting) {
				logger.warn("Lost " + waiting.loss() + ", the next attempt is in " + waiting.delay());
			}
		}

	}

	private static final class Tokens {

		String next() {
			return "token";
		}

	}

	private static final class AsyncTokens {

		CompletableFuture<String> next() {
			return CompletableFuture.completedFuture("token");
		}

	}

}

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
import java.net.ConnectException;
import java.net.URI;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.client.WebSocketClient;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.timeout;

/**
 * What is made of the failures of a client of Spring.
 */
class SpringConnectorTests {

	private final WebSocketClient library = mock();

	private final WebSocketSession session = mock();

	private final BlockingQueue<WebSocketHandler> handlers = new LinkedBlockingQueue<>();

	private final HalleyClient client = HalleyClient.builder()
		.connector(WebSocketConnector.spring(this.library))
		.build();

	private ClientConnection connection;

	@AfterEach
	void close() {
		this.client.close();
	}

	private static CloseStatus done(ClientConnection connection) throws Exception {
		return connection.done().toCompletableFuture().get(30, TimeUnit.SECONDS);
	}

	private ConnectFailedException refusal(Throwable failure) {
		given(this.library.execute(any(), any(), any(URI.class))).willReturn(CompletableFuture.failedFuture(failure));
		ClientConnection connection = this.client.connect("ws://localhost/a",
				InOut.of(In.ignore(), Out.<String>never()));
		ExecutionException thrown = catchThrowableOfType(ExecutionException.class, () -> done(connection));
		assertThat(thrown).isNotNull();
		assertThat(thrown.getCause()).isInstanceOf(ConnectFailedException.class);
		return (ConnectFailedException) thrown.getCause();
	}

	private WebSocketHandler open(Out<String> out) throws Exception {
		given(this.library.execute(any(), any(), any(URI.class))).willAnswer((call) -> {
			this.handlers.add(call.getArgument(0));
			return CompletableFuture.completedFuture(this.session);
		});
		this.connection = this.client.connect("ws://localhost/a", InOut.of(In.ignore(), out));
		WebSocketHandler handler = this.handlers.poll(30, TimeUnit.SECONDS);
		assertThat(handler).isNotNull();
		handler.afterConnectionEstablished(this.session);
		return handler;
	}

	@ParameterizedTest
	@CsvSource({ "The HTTP response from the server [401] did not permit the HTTP upgrade to WebSocket, 401",
			"Failed to upgrade to websocket: Unexpected HTTP Response Status Code: 503 Service Unavailable, 503",
			"Failed to upgrade to websocket: 403 Forbidden, 403", "404 Not Found, 404", "status 429, 429" })
	void theStatusIsThatOfTheServer(String message, int status) {
		assertThat(refusal(new IllegalStateException(message)).status()).isEqualTo(HttpStatusCode.valueOf(status));
	}

	@ParameterizedTest
	@ValueSource(strings = { "No connection to [127.0.0.1]", "No connection to [192.168.0.1]:8080",
			"Not reached: 127.0.0.1:8080", "127.0.0.1: no route", "No connection to [200:db8::1]", "Not there: 100:1" })
	void anAddressIsNoStatus(String message) {
		assertThat(refusal(new IllegalStateException(message)).status()).isNull();
	}

	@Test
	void whatTheNetworkSaysIsNoStatus() {
		assertThat(refusal(new IllegalStateException("failed", new ConnectException("Error: 111 refused"))).status())
			.isNull();
	}

	@Test
	void aSupplierThatFailsWithAnErrorClosesTheSession() throws Exception {
		AssertionError failure = new AssertionError("no pair");
		given(this.library.execute(any(), any(), any(URI.class))).willAnswer((call) -> {
			call.<WebSocketHandler>getArgument(0).afterConnectionEstablished(this.session);
			return CompletableFuture.completedFuture(this.session);
		});
		ClientConnection connection = this.client.webSocket("ws://localhost/a")
			.connect((Supplier<InOut<String, String>>) () -> {
				throw failure;
			});
		ExecutionException thrown = catchThrowableOfType(ExecutionException.class, () -> done(connection));
		assertThat(thrown).isNotNull();
		assertThat(thrown.getCause()).isSameAs(failure);
		then(this.session).should(timeout(30_000)).close(CloseStatus.GOING_AWAY);
	}

	/** The end that the library will tell says more. */
	@Test
	void aWriteThatFailsSinceTheServerHasClosedHidesNoStatus() throws Exception {
		willThrow(new IOException("closed")).given(this.session).sendMessage(any());
		WebSocketHandler handler = open(Out.of("a").andThen(Out.never()));
		then(this.session).should(timeout(30_000)).isOpen();
		handler.afterConnectionClosed(this.session, new CloseStatus(4001, "enough"));
		assertThat(done(this.connection)).isEqualTo(new CloseStatus(4001, "enough"));
	}

	@Test
	void aWriteThatFailsOtherwiseIsTheEnd() throws Exception {
		given(this.session.isOpen()).willReturn(true);
		willThrow(new IOException("broken")).given(this.session).sendMessage(any());
		open(Out.of("a").andThen(Out.never()));
		assertThat(done(this.connection).getCode()).isEqualTo(1006);
	}

}

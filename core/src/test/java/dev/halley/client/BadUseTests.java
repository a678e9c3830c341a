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

import java.net.URI;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.web.socket.CloseStatus;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.codec.MessageCodecs;
import dev.halley.codec.UnsupportedMessageTypeException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Mistakes, and what they are answered with.
 */
class BadUseTests {

	private final HalleyClient client = HalleyClient.builder().codecs(MessageCodecs.builder().build()).build();

	@AfterEach
	void close() {
		this.client.close();
	}

	private static InOut<String, String> pair() {
		return InOut.of(In.ignore(), Out.never());
	}

	@Test
	void aWebSocketHasItsOwnScheme() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.client.connect("http://localhost/chat", pair()))
			.withMessage("uri: http://localhost/chat (expected: ws://… or wss://…; "
					+ "for an event stream: HalleyClient.events(…))");
		assertThatIllegalArgumentException().isThrownBy(() -> this.client.connect("/chat", pair()))
			.withMessageStartingWith("uri: /chat (expected: ws://");
		assertThatIllegalArgumentException().isThrownBy(() -> this.client.connect("ws://localhost/chat#top", pair()))
			.withMessageContaining("no fragment");
	}

	@Test
	void anEventStreamIsAskedForByHttp() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.client.events("wss://localhost/events", String.class))
			.withMessage("uri: wss://localhost/events (expected: http://… or https://…; "
					+ "for a WebSocket: HalleyClient.webSocket(…) or HalleyClient.connect(…))");
	}

	@Test
	void noMessageTellsTheSecretsOfAnAddress() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.client.webSocket("http://ada:secret@localhost:81/a?token=secret"))
			.withMessageStartingWith("uri: http://localhost:81/a (expected: ws://");
		assertThatIllegalArgumentException().isThrownBy(() -> this.client.webSocket("ws://localhost/a?token=secret#b"))
			.withMessageStartingWith("uri: ws://localhost/a#… (expected: no fragment");
		assertThat(ClientRequest.name(URI.create("ws://[::1]:8080/a%0Ab?c"))).isEqualTo("ws://[::1]:8080/a%0Ab");
		assertThat(ClientRequest.name(URI.create("ws://localhost?c"))).isEqualTo("ws://localhost");
		assertThat(ClientRequest.name(URI.create("/a?b"))).isEqualTo("/a");
	}

	@Test
	void noMessageTellsAMalformedAddress() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.client.webSocket("ws://ada:secret@localhost/a b?token=secret"))
			.withMessage("uri: Illegal character in path at index 27 (expected: an address by RFC 2396)")
			.withNoCause();
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.client.events("http://localhost/a?token=secret|", String.class))
			.withMessage("uri: Illegal character in query at index 31 (expected: an address by RFC 2396)")
			.withNoCause();
	}

	@Test
	void aTypeWithoutCodecIsFoundBeforeAnythingIsSent() {
		InOut<Endpoints.Said, String> pair = InOut.of(In.ignore(), Out.never());
		assertThatExceptionOfType(UnsupportedMessageTypeException.class)
			.isThrownBy(() -> this.client.connect("ws://localhost/", pair, Endpoints.Said.class, String.class))
			.withMessageContaining("expected: a JsonMapper");
		assertThatExceptionOfType(UnsupportedMessageTypeException.class)
			.isThrownBy(() -> this.client.events("http://localhost/", Endpoints.Said.class));
		assertThatExceptionOfType(UnsupportedMessageTypeException.class)
			.isThrownBy(() -> this.client.events("http://localhost/", String.class).post(new Endpoints.Say("a")));
	}

	@Test
	void aClientThatIsClosedOpensNothing() {
		WebSocketRequest<String, String> request = this.client.webSocket("ws://localhost/");
		this.client.close();
		this.client.close();
		assertThatIllegalStateException().isThrownBy(() -> this.client.connect("ws://localhost/", pair()))
			.withMessage("The client is closed (expected: calls before close(); "
					+ "another client is made by HalleyClient.builder())");
		assertThatIllegalStateException().isThrownBy(() -> request.connect(pair()));
		assertThatIllegalStateException().isThrownBy(() -> this.client.events("http://localhost/", String.class));
	}

	@Test
	void compressionNeedsAnotherLibrary() {
		ClientConnection connection = this.client.webSocket("ws://localhost/").compressed().connect(pair());
		assertThatExceptionOfType(ExecutionException.class)
			.isThrownBy(() -> connection.done().toCompletableFuture().get(30, TimeUnit.SECONDS))
			.havingCause()
			.isInstanceOf(IllegalStateException.class)
			.withMessageContaining("WebSocketConnector.spring(new StandardWebSocketClient())");
	}

	@Test
	void aStatusThatMayNotBeSentIsRefused() {
		ClientConnection connection = this.client.connect("ws://localhost:1/", pair());
		assertThatIllegalArgumentException().isThrownBy(() -> connection.close(CloseStatus.NO_STATUS_CODE))
			.withMessageContaining("close status: 1005");
	}

	@Test
	void aSupplierHasAPair() throws Exception {
		try (RawServer server = RawServer.start((peer) -> {
			peer.accept();
			peer.drain();
		})) {
			ClientConnection connection = this.client.webSocket(server.ws()).connect(() -> null);
			assertThatExceptionOfType(ExecutionException.class)
				.isThrownBy(() -> connection.done().toCompletableFuture().get(30, TimeUnit.SECONDS))
				.havingCause()
				.withMessageContaining("pair: null (expected: an InOut");
		}
	}

	@Test
	void aHeaderThatBelongsToTheHandshakeIsRefused() throws Exception {
		try (RawServer server = RawServer.start(RawServer.Peer::drain)) {
			ClientConnection connection = this.client.webSocket(server.ws())
				.header("Sec-WebSocket-Key", "mine")
				.connect(pair());
			assertThatExceptionOfType(ExecutionException.class)
				.isThrownBy(() -> connection.done().toCompletableFuture().get(30, TimeUnit.SECONDS))
				.havingCause()
				.isInstanceOf(IllegalArgumentException.class);
			assertThat(server.peers()).isEmpty();
		}
	}

}

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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.http.HttpStatus;
import org.springframework.web.socket.CloseStatus;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * WebSockets of servers that do not keep to the protocol, or are gone without a word.
 */
class LyingServerTests {

	private static final Duration SHORT = Duration.ofMillis(200);

	private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

	private HalleyClient client;

	@AfterEach
	void close() {
		this.client.close();
	}

	private WebSocketRequest<String, String> to(RawServer server, WebSocketLibrary library) {
		this.client = library.addTo(HalleyClient.builder()).build();
		return this.client.webSocket(server.ws()).handshakeTimeout(Duration.ofSeconds(60));
	}

	private ClientConnection connect(RawServer server, WebSocketLibrary library) {
		return to(server, library).connect(pair());
	}

	/** Finds by pings what a library does not tell. */
	private ClientConnection impatiently(RawServer server, WebSocketLibrary library) {
		return to(server, library)
			.settings((settings) -> settings.withPingInterval(SHORT).withPongTimeout(SHORT).withCloseTimeout(SHORT))
			.connect(pair());
	}

	private InOut<String, String> pair() {
		return InOut.of(In.forEach(this.received::add), Out.never());
	}

	private static CloseStatus done(ClientConnection connection) throws Exception {
		return connection.done().toCompletableFuture().get(30, TimeUnit.SECONDS);
	}

	private static ConnectFailedException refusal(ClientConnection connection) {
		ExecutionException thrown = catchThrowableOfType(ExecutionException.class, () -> done(connection));
		assertThat(thrown).isNotNull();
		assertThat(thrown.getCause()).isInstanceOf(ConnectFailedException.class);
		return (ConnectFailedException) thrown.getCause();
	}

	@ParameterizedTest
	@EnumSource(names = { "JDK", "JETTY" })
	void aWrongAcceptKeyIsNoWebSocket(WebSocketLibrary library) throws Exception {
		try (RawServer server = RawServer.start((peer) -> {
			peer.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
					+ "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n");
			peer.drain();
		})) {
			assertThat(refusal(connect(server, library)).status())
				.isEqualTo((library == WebSocketLibrary.JDK) ? HttpStatus.SWITCHING_PROTOCOLS : null);
			if (library == WebSocketLibrary.JDK) {
				Awaitility.await().until(() -> server.peers().get(0).isGone());
			}
		}
	}

	/** How long others go on that nobody waits for is up to them. */
	@ParameterizedTest
	@EnumSource
	void aServerThatNeverAnswersIsGivenUp(WebSocketLibrary library) throws Exception {
		try (RawServer server = RawServer.start(RawServer.Peer::drain)) {
			assertThat(refusal(to(server, library).handshakeTimeout(Duration.ofSeconds(2)).connect(pair())).status())
				.isNull();
			if (library == WebSocketLibrary.JDK) {
				Awaitility.await().until(() -> server.peers().stream().anyMatch(RawServer.Peer::isGone));
			}
		}
	}

	@Test
	void aHeadWithoutEndIsGivenUp() throws Exception {
		try (RawServer server = RawServer.start((peer) -> {
			peer.write("HTTP/1.1 101 Switching Protocols\r\n");
			while (true) {
				peer.write("X-Endless: " + "x".repeat(1000) + "\r\n");
			}
		})) {
			assertThat(refusal(connect(server, WebSocketLibrary.JDK))).hasMessageContaining("Header size too big");
		}
	}

	@ParameterizedTest
	@EnumSource
	void framesInPiecesAreWhatTheyWereBefore(WebSocketLibrary library) throws Exception {
		try (RawServer server = RawServer.start((peer) -> {
			peer.accept();
			for (byte next : new byte[] { 0x01, 2, 'a', 'b', (byte) 0x89, 1, 'p', 0x00, 1, 'c', (byte) 0x80, 1, 'd' }) {
				peer.write(next);
			}
			peer.drain();
		})) {
			connect(server, library);
			assertThat(this.received.poll(30, TimeUnit.SECONDS)).isEqualTo("abcd");
		}
	}

	@ParameterizedTest
	@EnumSource
	void brokenFramesAreTheEnd(WebSocketLibrary library) throws Exception {
		try (RawServer server = RawServer.start((peer) -> {
			peer.accept();
			peer.frame(0xF1, (byte) 'a');
			peer.drain();
		})) {
			assertThat(done(connect(server, library)).getCode()).isEqualTo(1002);
			Awaitility.await().until(() -> server.peers().get(0).isGone());
		}
	}

	/** Tomcat drops it when it looks after its sessions the next time. */
	@ParameterizedTest
	@EnumSource
	void aServerThatIsGoneWithoutAWordIsFoundByPings(WebSocketLibrary library) throws Exception {
		try (RawServer server = RawServer.start((peer) -> {
			peer.accept();
			peer.drain();
		})) {
			assertThat(done(impatiently(server, library)).getCode()).isEqualTo(1006);
			if (library == WebSocketLibrary.JDK || library == WebSocketLibrary.JETTY) {
				Awaitility.await().until(() -> server.peers().get(0).isGone());
			}
		}
	}

	/** Sessions that are no more than Spring's end when their library says. */
	@ParameterizedTest
	@EnumSource
	void aServerThatNeverAnswersACloseIsDropped(WebSocketLibrary library) throws Exception {
		try (RawServer server = RawServer.start((peer) -> {
			peer.accept();
			peer.drain();
		})) {
			ClientConnection connection = to(server, library).settings((settings) -> settings.withCloseTimeout(SHORT))
				.connect(pair());
			connection.whenOpen().toCompletableFuture().get(30, TimeUnit.SECONDS);
			connection.close();
			assertThat(done(connection)).isEqualTo(CloseStatus.NORMAL);
			if (library != WebSocketLibrary.SPRING) {
				Awaitility.await().until(() -> server.peers().get(0).isGone());
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void aServerThatIsGoneInTheMiddleOfAMessageIsALoss(WebSocketLibrary library) throws Exception {
		try (RawServer server = RawServer.start((peer) -> {
			peer.accept();
			peer.write((byte) 0x81, (byte) 5, (byte) 'a');
		})) {
			assertThat(done(impatiently(server, library)).getCode()).isEqualTo(1006);
			assertThat(this.received).isEmpty();
		}
	}

}

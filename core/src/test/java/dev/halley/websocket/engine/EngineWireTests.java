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

package dev.halley.websocket.engine;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Both engines in a real Tomcat, byte by byte.
 */
class EngineWireTests {

	private static final Map<Engine, EngineServer> SERVERS = new EnumMap<>(Engine.class);

	@BeforeAll
	static void start() {
		for (Engine engine : Engine.values()) {
			SERVERS.put(engine,
					EngineServer.on(engine)
						.timeouts(Duration.ofSeconds(2), Duration.ofSeconds(4))
						.start(EngineEndpoints.class));
		}
	}

	@AfterAll
	static void stop() {
		SERVERS.values().forEach(EngineServer::close);
	}

	private static RawClient connect(Engine engine, String path) {
		return SERVERS.get(engine).connect(path);
	}

	private static List<String> next(RawClient client, int count) {
		return IntStream.range(0, count).mapToObj((number) -> client.next()).toList();
	}

	private static void awaitNobody(Engine engine) {
		await().until(() -> SERVERS.get(engine).connections() == 0);
	}

	@ParameterizedTest
	@EnumSource
	void framesInTheSamePacketAsTheHandshakeAreRead(Engine engine) throws IOException {
		try (RawClient client = new RawClient(new Socket("localhost", SERVERS.get(engine).port()))) {
			client.send(Frames.utf8(RawClient.request("/echo")), Frames.masked(Frames.FIN_TEXT, "a"),
					Frames.masked(Frames.FIN_TEXT, "b"));
			client.readHead();
			assertThat(next(client, 2)).containsExactly("text a", "text b");
		}
	}

	@ParameterizedTest
	@EnumSource
	void framesThatComeByteByByteAreRead(Engine engine) {
		try (RawClient client = connect(engine, "/echo")) {
			for (byte single : Frames.join(Frames.masked(Frames.TEXT, "he"),
					Frames.masked(Frames.FIN_CONTINUATION, "y"), Frames.close(1000, ""))) {
				client.send(new byte[] { single });
			}
			assertThat(next(client, 3)).containsExactly("text hey", "close 1000", RawClient.END);
		}
	}

	@ParameterizedTest
	@EnumSource
	void aPingBetweenFragmentsIsAnswered(Engine engine) {
		try (RawClient client = connect(engine, "/echo")) {
			client.send(Frames.masked(Frames.TEXT, "a"), Frames.masked(Frames.FIN_PING, "p"));
			assertThat(client.next()).isEqualTo("pong p");
			client.send(Frames.masked(Frames.FIN_CONTINUATION, "b"));
			assertThat(client.next()).isEqualTo("text ab");
		}
	}

	@ParameterizedTest
	@EnumSource
	void tenPingsInABurstAreAnswered(Engine engine) {
		try (RawClient client = connect(engine, "/echo")) {
			byte[][] pings = new byte[10][];
			for (int i = 0; i < pings.length; i++) {
				pings[i] = Frames.masked(Frames.FIN_PING, "p" + i);
			}
			client.send(pings);
			assertThat(next(client, 10)).containsExactly("pong p0", "pong p1", "pong p2", "pong p3", "pong p4",
					"pong p5", "pong p6", "pong p7", "pong p8", "pong p9");
		}
	}

	@ParameterizedTest
	@EnumSource
	void thousandsOfMessagesAtOnceComeBackInOrder(Engine engine) {
		try (RawClient client = connect(engine, "/echo")) {
			List<byte[]> frames = new ArrayList<>();
			IntStream.range(0, 3000).forEach((number) -> frames.add(Frames.masked(Frames.FIN_TEXT, "m" + number)));
			client.send(frames.toArray(byte[][]::new));
			assertThat(next(client, 3000))
				.containsExactlyElementsOf(IntStream.range(0, 3000).mapToObj((number) -> "text m" + number).toList());
		}
	}

	@ParameterizedTest
	@EnumSource
	void aMessageOfTheLimitPassesAndOneByteMoreIs1009(Engine engine) {
		try (RawClient client = connect(engine, "/echo")) {
			client.text("x".repeat(65_536));
			assertThat(client.next()).hasSize("text ".length() + 65_536);
			client.text("x".repeat(65_537));
			assertThat(client.next()).isEqualTo("close 1009");
			client.send(Frames.close(1009, ""));
			assertThat(client.next()).isEqualTo(RawClient.END);
		}
		awaitNobody(engine);
	}

	@ParameterizedTest
	@EnumSource
	void aCloseComesBackWithItsCode(Engine engine) {
		for (int code : new int[] { 1000, 1001, 1007, 1011, 3000, 4999 }) {
			try (RawClient client = connect(engine, "/echo")) {
				client.send(Frames.close(code, "because"));
				assertThat(next(client, 2)).containsExactly("close " + code, RawClient.END);
			}
		}
		awaitNobody(engine);
	}

	/** Tomcat answers with 1000. */
	@ParameterizedTest
	@EnumSource(names = "CONTAINER", mode = EnumSource.Mode.EXCLUDE)
	void aCloseWithoutACodeComesBackWithoutOne(Engine engine) {
		try (RawClient client = connect(engine, "/echo")) {
			client.send(Frames.masked(Frames.FIN_CLOSE, ""));
			assertThat(next(client, 2)).containsExactly("close 1005", RawClient.END);
		}
	}

	@ParameterizedTest
	@EnumSource
	void theServersCloseIsAnsweredAndTheConnectionEnds(Engine engine) {
		try (RawClient client = connect(engine, "/bye")) {
			assertThat(client.next()).isEqualTo("close 1000");
			client.send(Frames.close(1000, ""));
			assertThat(client.next()).isEqualTo(RawClient.END);
		}
		awaitNobody(engine);
	}

	/**
	 * On Tomcat's own WebSocket its background process sees to that, when its turn comes.
	 */
	@ParameterizedTest
	@EnumSource(names = "CONTAINER", mode = EnumSource.Mode.EXCLUDE)
	void aPeerThatDoesNotAnswerTheCloseIsDropped(Engine engine) {
		try (RawClient client = connect(engine, "/bye")) {
			assertThat(next(client, 2)).containsExactly("close 1000", RawClient.END);
		}
		awaitNobody(engine);
	}

	@ParameterizedTest
	@EnumSource
	void aHandshakeThatIsAcceptedLaterRunsToo(Engine engine) {
		try (RawClient client = connect(engine, "/later")) {
			assertThat(client.text("a").next()).isEqualTo("text a");
		}
	}

	@ParameterizedTest
	@EnumSource
	void aPeerThatVanishesIsNoticed(Engine engine) {
		RawClient client = connect(engine, "/hello");
		assertThat(client.next()).isEqualTo("text hello");
		client.vanish();
		awaitNobody(engine);
	}

	@ParameterizedTest
	@EnumSource
	void aHandlerThatNeverEndsStopsItsPeer(Engine engine) throws IOException {
		try (EngineServer server = EngineServer.on(engine).start(EngineEndpoints.class);
				SocketChannel channel = SocketChannel.open(new InetSocketAddress("localhost", server.port()))) {
			channel.write(ByteBuffer.wrap(Frames.utf8(RawClient.request("/stuck"))));
			channel.read(ByteBuffer.allocate(10_000));
			channel.configureBlocking(false);
			byte[] frame = Frames.masked(Frames.FIN_BINARY, new byte[60_000]);
			ByteBuffer next = ByteBuffer.wrap(frame);
			long written = 0;
			long progress = System.nanoTime();
			while (System.nanoTime() - progress < Duration.ofMillis(700).toNanos() && written < 100_000_000) {
				int count = channel.write(next);
				written += count;
				progress = (count > 0) ? System.nanoTime() : progress;
				if (!next.hasRemaining()) {
					next.rewind();
				}
			}
			assertThat(written).isLessThan(50_000_000);
			assertThat(server.bean(EngineEndpoints.class).stuck).hasValue(1);
			assertThat(server.connections()).isOne();
		}
	}

	@ParameterizedTest
	@EnumSource
	void aPeerThatNeverReadsIsDropped(Engine engine) {
		EngineServer server = SERVERS.get(engine);
		EngineEndpoints endpoints = server.bean(EngineEndpoints.class);
		endpoints.channels.clear();
		try (RawClient client = connect(engine, "/flood")) {
			await().until(() -> endpoints.channels.size() == 1);
			byte[] message = new byte[60_000];
			for (int i = 0; i < 1000 && server.connections() == 1; i++) {
				endpoints.channels.get(0).push(message);
			}
			awaitNobody(engine);
			assertThat(client.socket().isConnected()).isTrue();
		}
	}

	@ParameterizedTest
	@EnumSource
	void aPeerThatReadsSlowlyGetsAll(Engine engine) {
		try (RawClient client = connect(engine, "/echo")) {
			Thread sender = new Thread(() -> {
				for (int i = 0; i < 300; i++) {
					client.send(Frames.masked(Frames.FIN_BINARY, new byte[60_000 + i]));
				}
			});
			sender.start();
			for (int i = 0; i < 300; i++) {
				assertThat(client.next()).isEqualTo("binary " + (60_000 + i));
			}
		}
	}

}

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.apache.catalina.connector.Connector;
import org.apache.tomcat.util.threads.VirtualThreadExecutor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.halley.connection.ConnectionSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Both engines over TLS, whose records are cut at other places than frames and are
 * written in parts when the peer is slow; with Tomcat's threads, and with virtual ones
 * where the JDK has them.
 */
class EngineTlsTests {

	private static final int MEGABYTE = 1 << 20;

	/** So small that large messages are always written in parts. */
	private static final int NETWORK_BUFFER = 16 * 1024;

	/** The engine asks for 64 messages before it knows how large they are. */
	private static final int LATE = 100;

	private static final int FIRST_JDK_WITH_VIRTUAL_THREADS = 21;

	private static final Tls TLS = Tls.create();

	private static final Map<Setup, EngineServer> SERVERS = new HashMap<>();

	static List<Setup> setups() {
		List<Boolean> threads = (Runtime.version().feature() >= FIRST_JDK_WITH_VIRTUAL_THREADS) ? List.of(false, true)
				: List.of(false);
		return Stream.of(Engine.values())
			.flatMap((engine) -> threads.stream().map((virtual) -> new Setup(engine, virtual)))
			.toList();
	}

	private static EngineServer server(Setup setup) {
		return SERVERS.computeIfAbsent(setup,
				(key) -> EngineServer.on(key.engine())
					.settings(ConnectionSettings.DEFAULT.withMaxMessageSize(MEGABYTE))
					.timeouts(Duration.ofSeconds(1), Duration.ofSeconds(20))
					.connector(key::configure)
					.start(EngineEndpoints.class, EngineSpringTests.Handlers.class));
	}

	@AfterAll
	static void stop() {
		SERVERS.values().forEach(EngineServer::close);
		SERVERS.clear();
	}

	private static Tls.Connection open(Setup setup) throws IOException {
		return TLS.connect(server(setup).port(), "TLSv1.3", 0);
	}

	private static RawClient connect(Setup setup, String path) throws IOException {
		return new RawClient(open(setup).tls()).handshake(path);
	}

	/** Hardly anything fits between its server and itself. */
	private static RawClient connectSlowly(Setup setup, String path) throws IOException {
		return new RawClient(TLS.connect(server(setup).port(), "TLSv1.3", NETWORK_BUFFER).tls()).handshake(path);
	}

	private static void awaitNobody(Setup setup) {
		await().atMost(Duration.ofSeconds(60)).until(() -> server(setup).connections() == 0);
	}

	private static String text(int size, long seed) {
		return new Random(seed).ints(size, ' ', '~')
			.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
			.toString();
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void eachVersionOfTheProtocolIsSpoken(String version) throws IOException {
		for (Setup setup : setups()) {
			try (RawClient client = new RawClient(TLS.connect(server(setup).port(), version, 0).tls())) {
				assertThat(client.handshake("/echo").text("hello").next()).isEqualTo("text hello");
				client.send(Frames.close(1000, ""));
				assertThat(client.next()).isEqualTo("close 1000");
				assertThat(client.next()).isEqualTo(RawClient.END);
			}
			awaitNobody(setup);
		}
	}

	@ParameterizedTest
	@MethodSource("setups")
	void messagesOfAMegabyteComeBack(Setup setup) throws IOException {
		try (RawClient client = connect(setup, "/echo")) {
			for (int i = 0; i < 10; i++) {
				String text = text(MEGABYTE - i, i);
				assertThat(client.text(text).next().equals("text " + text)).as("message " + i).isTrue();
			}
			client.send(Frames.masked(Frames.FIN_BINARY, new byte[MEGABYTE]));
			assertThat(client.next()).isEqualTo("binary " + MEGABYTE);
		}
	}

	@ParameterizedTest
	@MethodSource("setups")
	void framesInOneRecordAreAllRead(Setup setup) throws IOException {
		try (RawClient client = connect(setup, "/echo")) {
			byte[][] frames = IntStream.range(0, 1000)
				.mapToObj((number) -> Frames.masked(Frames.FIN_TEXT, "m" + number))
				.toArray(byte[][]::new);
			client.send(frames);
			for (int i = 0; i < frames.length; i++) {
				assertThat(client.next()).isEqualTo("text m" + i);
			}
		}
	}

	@ParameterizedTest
	@MethodSource("setups")
	void framesInTheRecordOfTheHandshakeAreRead(Setup setup) throws IOException {
		try (RawClient client = new RawClient(open(setup).tls())) {
			client.send(Frames.utf8(RawClient.request("/echo")), Frames.masked(Frames.FIN_TEXT, "a"),
					Frames.masked(Frames.FIN_TEXT, "b"));
			client.readHead();
			assertThat(List.of(client.next(), client.next())).containsExactly("text a", "text b");
		}
	}

	@ParameterizedTest
	@MethodSource("setups")
	void aFrameThatIsSpreadOverRecordsIsRead(Setup setup) throws IOException {
		try (RawClient client = connect(setup, "/echo")) {
			for (byte single : Frames.join(Frames.masked(Frames.TEXT, "he"),
					Frames.masked(Frames.FIN_CONTINUATION, "y"))) {
				client.send(new byte[] { single });
			}
			assertThat(client.next()).isEqualTo("text hey");
		}
	}

	/** The peer reads only when nothing more fits into all the buffers on the way. */
	@ParameterizedTest
	@MethodSource("setups")
	void aPeerThatReadsLateGetsAllInOrder(Setup setup) throws Exception {
		try (RawClient client = connectSlowly(setup, "/echo")) {
			String text = text(MEGABYTE - 10, 1);
			AtomicLong sent = new AtomicLong();
			CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> {
				for (int i = 0; i < LATE; i++) {
					client.text(i + text);
					sent.incrementAndGet();
				}
			}, (task) -> new Thread(task).start());
			awaitNoProgress(sent);
			assertThat(sender).as("sent %s", sent).isNotDone();
			for (int i = 0; i < LATE; i++) {
				assertThat(client.next().equals("text " + i + text)).as("message " + i).isTrue();
			}
			sender.get(30, TimeUnit.SECONDS);
			assertThat(client.text("still there").next()).isEqualTo("text still there");
		}
	}

	/** The last part of a message must not wait for the next message. */
	@ParameterizedTest
	@MethodSource("setups")
	void aSingleMessageGetsOutToItsLastByte(Setup setup) throws IOException {
		for (int size = MEGABYTE - 40_000; size <= MEGABYTE; size += 4_000) {
			try (RawClient client = connectSlowly(setup, "/echo")) {
				String text = text(size, size);
				client.text(text);
				assertThat(client.next().equals("text " + text)).as("message of " + size).isTrue();
			}
		}
	}

	@ParameterizedTest
	@MethodSource("setups")
	void aHandlerThatBlocksOnASlowPeerSendsAll(Setup setup) throws IOException {
		try (RawClient client = connectSlowly(setup, "/spring")) {
			client.text("much");
			for (int i = 0; i < 400; i++) {
				assertThat(client.next()).isEqualTo("binary 60000");
			}
			assertThat(client.text("still there").next()).isEqualTo("text still there");
		}
	}

	@ParameterizedTest
	@MethodSource("setups")
	void theOutGoesOnWhileAHandlerBlocks(Setup setup) throws Exception {
		EngineEndpoints endpoints = server(setup).bean(EngineEndpoints.class);
		try (RawClient client = connectSlowly(setup, "/blocked")) {
			client.text("block");
			assertThat(endpoints.blocked.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
			for (int i = 0; i < 400; i++) {
				assertThat(client.next()).isEqualTo("binary 64000");
			}
		}
		finally {
			endpoints.released.release();
		}
	}

	@ParameterizedTest
	@MethodSource("setups")
	void aHandlerThatNeverEndsStopsItsPeer(Setup setup) throws Exception {
		try (EngineServer server = EngineServer.on(setup.engine())
			.connector(setup::configure)
			.start(EngineEndpoints.class)) {
			assertStopped(server);
		}
	}

	private static void assertStopped(EngineServer server) throws Exception {
		Tls.Connection connection = TLS.connect(server.port(), "TLSv1.3", 0);
		RawClient client = new RawClient(connection.tls()).handshake("/stuck");
		AtomicLong sent = new AtomicLong();
		CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> {
			byte[] frame = Frames.masked(Frames.FIN_BINARY, new byte[60_000]);
			for (int i = 0; i < 2_000; i++) {
				client.send(frame);
				sent.incrementAndGet();
			}
		}, (task) -> new Thread(task).start());
		awaitNoProgress(sent);
		assertThat(sender).isNotDone();
		assertThat(server.bean(EngineEndpoints.class).stuck).hasValue(1);
		connection.vanish();
		assertThat(sender.handle((done, failure) -> failure).get(30, TimeUnit.SECONDS)).isNotNull();
	}

	@ParameterizedTest
	@MethodSource("setups")
	void aPeerThatNeverReadsIsDroppedWhenItsBufferIsFull(Setup setup) throws IOException {
		EngineEndpoints endpoints = server(setup).bean(EngineEndpoints.class);
		endpoints.channels.clear();
		try (RawClient client = connectSlowly(setup, "/flood")) {
			await().until(() -> endpoints.channels.size() == 1);
			byte[] message = new byte[60_000];
			for (int i = 0; i < 1000 && server(setup).connections() == 1; i++) {
				endpoints.channels.get(0).push(message);
			}
			awaitNobody(setup);
			assertThat(client.socket().isConnected()).isTrue();
		}
	}

	@ParameterizedTest
	@MethodSource("setups")
	void aPeerThatEndsTlsWithoutACloseHasGone(Setup setup) throws IOException {
		Tls.Connection connection = open(setup);
		RawClient client = new RawClient(connection.tls()).handshake("/hello");
		assertThat(client.next()).isEqualTo("text hello");
		connection.tls().close();
		awaitNobody(setup);
	}

	@ParameterizedTest
	@MethodSource("setups")
	void aPeerThatOnlyEndsItsOwnDirectionOfTlsHasGone(Setup setup) throws IOException {
		Tls.Connection connection = open(setup);
		try (RawClient client = new RawClient(connection.tls()).handshake("/hello")) {
			assertThat(client.next()).isEqualTo("text hello");
			connection.tls().shutdownOutput();
			awaitNobody(setup);
		}
	}

	@ParameterizedTest
	@MethodSource("setups")
	void aPeerThatResetsIsNoticed(Setup setup) throws IOException {
		List<Tls.Connection> connections = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			Tls.Connection connection = open(setup);
			RawClient client = new RawClient(connection.tls()).handshake("/echo");
			client.text(text(300_000, i));
			connections.add(connection);
		}
		for (Tls.Connection connection : connections) {
			connection.vanish();
		}
		awaitNobody(setup);
	}

	@ParameterizedTest
	@MethodSource("setups")
	void theServersCloseIsAnsweredAndTlsEnds(Setup setup) throws IOException {
		try (RawClient client = connect(setup, "/bye")) {
			assertThat(client.next()).isEqualTo("close 1000");
			client.send(Frames.close(1000, ""));
			assertThat(client.next()).isEqualTo(RawClient.END);
		}
		awaitNobody(setup);
	}

	/** Until it has not changed for a while. */
	private static void awaitNoProgress(AtomicLong progress) {
		AtomicLong before = new AtomicLong(-1);
		await().atMost(Duration.ofSeconds(60))
			.pollInterval(Duration.ofSeconds(1))
			.until(() -> progress.get() > 0 && before.getAndSet(progress.get()) == progress.get());
	}

	/**
	 * What is tested.
	 *
	 * @param engine who runs the protocol
	 * @param virtual whether the container's threads are virtual
	 */
	record Setup(Engine engine, boolean virtual) {

		void configure(Connector connector) {
			TLS.configure(connector);
			connector.setProperty("socket.rxBufSize", String.valueOf(NETWORK_BUFFER));
			connector.setProperty("socket.txBufSize", String.valueOf(NETWORK_BUFFER));
			if (this.virtual) {
				connector.getProtocolHandler().setExecutor(new VirtualThreadExecutor("virtual-"));
			}
		}

	}

}

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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.socket.CloseStatus;

import dev.halley.codec.Payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Loops over real sockets and without a container: bytes cut anywhere, networks that take
 * little, handlers that block for about as long as it takes to lose the loop, ends of
 * every kind at every moment.
 */
class EventLoopStressTests {

	private static final int CONNECTIONS = 30;

	private static final int MESSAGES = 150;

	private static final long ABOUT_A_TAKEOVER = TimeUnit.MICROSECONDS.toNanos(2500);

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<RecordingListener> listeners = new CopyOnWriteArrayList<>();

	private final EventLoops loops = new EventLoops(2, this.threads);

	private ServerSocketChannel server;

	@BeforeEach
	void open() throws IOException {
		this.server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
	}

	@AfterEach
	void close() throws IOException {
		this.loops.close();
		this.server.close();
		this.threads.shutdownNow();
	}

	/** A connection that echoes, and what it is told. */
	private RawClient connect(Random random, byte[] early) throws IOException {
		Socket client = new Socket();
		client.setReceiveBufferSize(2048 + random.nextInt(30_000));
		client.connect(this.server.getLocalAddress());
		SocketChannel channel = this.server.accept();
		channel.configureBlocking(false);
		LateSocket late = new LateSocket();
		RecordingListener listener = RecordingListener.over(late);
		listener.onText((text) -> answer(listener, text));
		LoopSocket socket = new LoopSocket(channel, early, listener.session(), this.loops.policy("echo"));
		late.bind(socket);
		this.listeners.add(listener);
		listener.session().open();
		assertThat(this.loops.register(socket)).isTrue();
		return new RawClient(client);
	}

	/** As a pair does, one message is out before the next one is read. */
	private static void answer(RecordingListener listener, String text) {
		if (text.startsWith("nap")) {
			LockSupport.parkNanos(Math.floorMod(text.hashCode() * 7919L, ABOUT_A_TAKEOVER));
		}
		EngineSession session = listener.session();
		session.suspend();
		if (!session.send(new ArrayList<>(List.of(Payload.text(text))), session::resume)) {
			session.resume();
		}
	}

	private static List<String> texts(Random random) {
		return IntStream.range(0, MESSAGES)
			.mapToObj((number) -> ((random.nextInt(10) == 0) ? "nap" : "m") + number
					+ " ".repeat((random.nextInt(20) == 0) ? 40_000 : random.nextInt(300)))
			.toList();
	}

	private static byte[] frames(List<String> texts) {
		return Frames.join(texts.stream().map((text) -> Frames.masked(Frames.FIN_TEXT, text)).toArray(byte[][]::new));
	}

	private static void sendInPieces(RawClient client, byte[] bytes, Random random) {
		for (int at = 0; at < bytes.length;) {
			int end = Math.min(bytes.length, at + 1 + random.nextInt(20_000));
			client.send(Arrays.copyOfRange(bytes, at, end));
			at = end;
		}
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void eachGetsItsOwnInOrderWhoeverDrivesTheLoop(long seed) throws Exception {
		List<Future<?>> talks = new ArrayList<>();
		for (int i = 0; i < CONNECTIONS; i++) {
			Random random = new Random(seed * 1000 + i);
			RawClient client = connect(random, new byte[0]);
			List<String> texts = texts(random);
			talks.add(this.threads.submit(() -> sendInPieces(client, frames(texts), random)));
			talks.add(this.threads.submit(() -> {
				texts.forEach((text) -> assertThat(client.next()).isEqualTo("text " + text));
				client.send(Frames.close(1000, ""));
				assertThat(client.next()).isEqualTo("close 1000");
				assertThat(client.next()).isEqualTo(RawClient.END);
				client.close();
			}));
		}
		for (Future<?> talk : talks) {
			talk.get(60, TimeUnit.SECONDS);
		}
		assertEachIsToldOnce("closed 1000");
	}

	private void assertEachIsToldOnce(String... ends) {
		await().untilAsserted(() -> assertThat(this.listeners)
			.allSatisfy((listener) -> assertThat(listener.events()).filteredOn((event) -> event.startsWith("closed "))
				.hasSize(1)
				.allMatch((event) -> List.of(ends).contains(event))));
		await().until(() -> this.loops.connections() == 0);
	}

	@ParameterizedTest
	@ValueSource(longs = { 4, 5, 6 })
	void whoeverEndsItAndWhenTheEndIsToldOnce(long seed) throws Exception {
		List<Future<?>> talks = new ArrayList<>();
		for (int i = 0; i < 3 * CONNECTIONS; i++) {
			Random random = new Random(seed * 1000 + i);
			RawClient client = connect(random, new byte[0]);
			EngineSession session = this.listeners.get(i).session();
			byte[] frames = frames(texts(random));
			int kind = i % 5;
			talks.add(this.threads.submit(() -> {
				client.send(Arrays.copyOf(frames, random.nextInt(3000)));
				LockSupport.parkNanos(random.nextInt(5_000_000));
				end(kind, client, session);
			}));
		}
		for (Future<?> talk : talks) {
			talk.get(60, TimeUnit.SECONDS);
		}
		assertEachIsToldOnce("closed 1000", "closed 1001", "closed 1005", "closed 1006");
	}

	/** The bytes before may end within a frame, so that no Close is seen after them. */
	private static void end(int kind, RawClient client, EngineSession session) {
		switch (kind) {
			case 0 -> client.vanish();
			case 1 -> client.close();
			case 2 -> session.abort();
			case 3 -> {
				session.close(CloseStatus.GOING_AWAY);
				session.abort();
			}
			default -> {
				session.lost();
				client.close();
			}
		}
	}

	@Test
	void whatCameEarlyIsReadBeforeWhatComesLater() throws Exception {
		List<String> texts = IntStream.range(0, 300).mapToObj((number) -> "m" + number + " ".repeat(200)).toList();
		byte[] frames = frames(texts);
		int cut = 40_001;
		try (RawClient client = connect(new Random(8), Arrays.copyOf(frames, cut))) {
			client.send(Arrays.copyOfRange(frames, cut, frames.length));
			texts.forEach((text) -> assertThat(client.next()).isEqualTo("text " + text));
		}
	}

	@Test
	void theEndOfTheLoopsEndsAllAndTakesNoMore() throws Exception {
		List<RawClient> clients = new ArrayList<>();
		for (int i = 0; i < CONNECTIONS; i++) {
			clients.add(connect(new Random(i), new byte[0]));
			clients.get(i).text("nap" + i);
		}
		this.loops.close();
		clients.forEach((client) -> {
			String last = client.next();
			assertThat(last.startsWith("text nap") ? client.next() : last).isEqualTo(RawClient.END);
			client.close();
		});
		assertEachIsToldOnce("closed 1006");
		SocketChannel channel = SocketChannel.open(this.server.getLocalAddress());
		channel.configureBlocking(false);
		LateSocket late = new LateSocket();
		EngineSession session = RecordingListener.over(late).session();
		assertThat(this.loops.register(new LoopSocket(channel, new byte[0], session, OffloadPolicy.NEVER))).isFalse();
		channel.close();
	}

}

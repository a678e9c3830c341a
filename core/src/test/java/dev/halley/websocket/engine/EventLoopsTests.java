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
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.sun.management.UnixOperatingSystemMXBean;
import org.apache.coyote.AbstractProtocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.socket.CloseStatus;

import dev.halley.Channel;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.WebSocketMapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One loop, many connections, and handlers that block it, and clients that flood it.
 */
class EventLoopsTests {

	private EngineServer server;

	private Endpoints endpoints;

	@BeforeEach
	void start() {
		this.server = EngineServer.on(Engine.LOOPS)
			.loops(1)
			.timeouts(Duration.ofSeconds(5), Duration.ofSeconds(20))
			.connector((connector) -> connector.setProperty("maxConnections", "50"))
			.start(Endpoints.class);
		this.endpoints = this.server.bean(Endpoints.class);
	}

	@AfterEach
	void stop() {
		this.endpoints.release.countDown();
		this.server.close();
	}

	private RawClient connect(String path) {
		return this.server.connect(path);
	}

	private EventLoops loops() {
		return this.server.bean(EventLoops.class);
	}

	private long tomcatsConnections() {
		return ((AbstractProtocol<?>) this.server.connector().getProtocolHandler()).getConnectionCount();
	}

	private void assertEchoes(RawClient client) {
		assertThat(client.text("a").next()).isEqualTo("text a");
	}

	/** Until it is noticed, which a busy machine may be late for. */
	private void letItBlock(RawClient client) {
		await().until(() -> {
			assertThat(client.text("nap").next()).isEqualTo("text nap");
			return loops().takeovers() > 0;
		});
	}

	@Test
	void aHandlerThatBlocksHoldsUpNoOtherConnection() {
		try (RawClient other = connect("/quick"); RawClient blocked = connect("/blocks")) {
			blocked.text("wait");
			await().until(() -> this.endpoints.waiting.size() == 1);
			for (int i = 0; i < 100; i++) {
				assertEchoes(other);
			}
			assertThat(this.endpoints.waiting).hasSize(1);
			assertThat(loops().takeovers()).isPositive();
			this.endpoints.release.countDown();
			assertThat(blocked.next()).isEqualTo("text wait");
			assertEchoes(blocked);
		}
	}

	@Test
	void manyHandlersThatBlockHoldUpNoOtherConnection() {
		List<RawClient> blocked = IntStream.range(0, 40).mapToObj((number) -> connect("/blocks")).toList();
		blocked.forEach((client) -> client.text("wait"));
		await().until(() -> this.endpoints.waiting.size() == 40);
		try (RawClient other = connect("/quick")) {
			assertEchoes(other);
		}
		this.endpoints.release.countDown();
		blocked.forEach((client) -> assertThat(client.next()).isEqualTo("text wait"));
		blocked.forEach(RawClient::close);
	}

	@Test
	void aHandlerThatComputesForLongHoldsUpNoOtherConnection() {
		try (RawClient other = connect("/quick"); RawClient busy = connect("/blocks")) {
			busy.text("compute");
			await().until(() -> this.endpoints.waiting.size() == 1);
			assertEchoes(other);
			assertThat(loops().takeovers()).isPositive();
			this.endpoints.release.countDown();
			assertThat(busy.next()).isEqualTo("text compute");
		}
	}

	@Test
	void messagesOfAnEndpointThatBlocksStayInOrder() {
		try (RawClient client = connect("/naps")) {
			byte[][] frames = IntStream.range(0, 40)
				.mapToObj((number) -> Frames.masked(Frames.FIN_TEXT, "m" + number))
				.toArray(byte[][]::new);
			client.send(frames);
			assertThat(IntStream.range(0, 40).mapToObj((number) -> client.next()))
				.containsExactlyElementsOf(IntStream.range(0, 40).mapToObj((number) -> "text m" + number).toList());
		}
	}

	@Test
	void anEndpointThatBlocksGoesToTheWorkersAndComesBackWhenItIsQuick() {
		try (RawClient client = connect("/naps")) {
			letItBlock(client);
			await().until(() -> this.endpoints.threadOf(client, "quick").startsWith("pool-"));
			await().pollInterval(Duration.ofMillis(1))
				.until(() -> this.endpoints.threadOf(client, "quick").startsWith("halley-loop-"));
		}
	}

	@Test
	void outputGoesOnWhileAHandlerBlocks() {
		try (RawClient client = connect("/blocks")) {
			client.text("wait");
			await().until(() -> this.endpoints.waiting.size() == 1);
			Channel<String> channel = this.endpoints.channels.get(0);
			for (int i = 0; i < 200; i++) {
				channel.push("x".repeat(60_000));
				assertThat(client.next()).hasSize("text ".length() + 60_000);
			}
			for (int i = 0; i < 10; i++) {
				channel.push("y".repeat(60_000));
			}
			for (int i = 0; i < 10; i++) {
				assertThat(client.next()).hasSize("text ".length() + 60_000);
			}
			assertThat(this.endpoints.waiting).hasSize(1);
		}
	}

	/**
	 * The first message that blocks is handled by the loop's thread, later ones are not.
	 */
	@Test
	void pingsAreAnsweredAndACloseIsSeenWhileAWorkerIsAtWork() {
		try (RawClient client = connect("/blocks")) {
			letItBlock(client);
			client.text("wait");
			await().until(() -> this.endpoints.waiting.size() == 1);
			client.send(Frames.masked(Frames.FIN_PING, "p"));
			assertThat(client.next()).isEqualTo("pong p");
			client.send(Frames.close(1000, ""));
			assertThat(List.of(client.next(), client.next())).containsExactly("close 1000", RawClient.END);
			await().until(() -> this.server.connections() == 0);
			assertThat(this.endpoints.ends).isEmpty();
			this.endpoints.release.countDown();
			await().until(() -> this.endpoints.ends.size() == 1);
		}
	}

	@Test
	void theAnswerOfAWorkerGoesBeforeTheAnswerToAClose() {
		try (RawClient first = connect("/blocks")) {
			letItBlock(first);
		}
		for (int i = 0; i < 100; i++) {
			try (RawClient client = connect("/blocks")) {
				client.send(Frames.masked(Frames.FIN_TEXT, "a"), Frames.masked(Frames.FIN_TEXT, "b"),
						Frames.close(1000, ""));
				assertThat(List.of(client.next(), client.next(), client.next())).containsExactly("text a", "text b",
						"close 1000");
			}
		}
	}

	@Test
	void onesEndIsToldThoughAnotherBlocks() {
		try (RawClient blocked = connect("/blocks")) {
			blocked.text("wait");
			await().until(() -> this.endpoints.waiting.size() == 1);
			RawClient other = connect("/blocks");
			other.close();
			await().until(() -> this.endpoints.ends.size() == 1);
		}
	}

	@Test
	void oneThatFloodsLeavesTurnsToOthers() throws Exception {
		try (RawClient flood = connect("/swallows"); RawClient other = connect("/quick")) {
			byte[] frames = Frames.join(IntStream.range(0, 10_000)
				.mapToObj((number) -> Frames.masked(Frames.FIN_TEXT, "m"))
				.toArray(byte[][]::new));
			Thread sender = new Thread(() -> {
				while (this.endpoints.release.getCount() > 0) {
					flood.send(frames);
				}
			});
			sender.start();
			for (int i = 0; i < 200; i++) {
				assertEchoes(other);
			}
			this.endpoints.release.countDown();
			sender.join(30_000);
			assertThat(sender.isAlive()).isFalse();
		}
	}

	@Test
	void aConnectionThatHasLeftIsNoneOfTomcats() throws Exception {
		List<RawClient> clients = new ArrayList<>();
		for (int i = 0; i < 300; i++) {
			clients.add(connect("/quick"));
		}
		await().untilAsserted(() -> assertThat(tomcatsConnections()).isLessThan(10));
		assertThat(loops().connections()).isEqualTo(300);
		for (int i = 0; i < 60; i++) {
			assertThat(get("/plain")).contains("plain");
		}
		clients.forEach(this::assertEchoes);
		clients.forEach(RawClient::close);
		await().until(() -> loops().connections() == 0);
		await().until(() -> this.server.connections() == 0);
	}

	@Test
	void connectionsThatEndLeaveNoDescriptorBehind() {
		UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
		connect("/quick").close();
		await().until(() -> loops().connections() == 0);
		long before = system.getOpenFileDescriptorCount();
		for (int round = 0; round < 20; round++) {
			List<RawClient> clients = IntStream.range(0, 50).mapToObj((number) -> connect("/quick")).toList();
			clients.forEach(this::assertEchoes);
			clients.subList(0, 25).forEach((client) -> client.send(Frames.close(1000, "")));
			clients.subList(25, 40).forEach(RawClient::vanish);
			clients.forEach(RawClient::close);
		}
		await().until(() -> loops().connections() == 0);
		await().untilAsserted(() -> assertThat(system.getOpenFileDescriptorCount()).isLessThan(before + 20));
	}

	private String get(String path) throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.server.port())) {
			socket.setSoTimeout(30_000);
			socket.getOutputStream()
				.write(Frames.utf8("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
			return new String(socket.getInputStream().readAllBytes());
		}
	}

	@Test
	void theEndOfTheApplicationLeavesNoThreadAndNoConnection() {
		RawClient idle = connect("/quick");
		RawClient blocked = connect("/blocks");
		assertEchoes(idle);
		blocked.text("wait");
		await().until(() -> this.endpoints.waiting.size() == 1);
		Set<Thread> threads = threads();
		assertThat(threads).isNotEmpty();
		this.endpoints.release.countDown();
		this.server.close();
		assertThat(idle.next()).isEqualTo(RawClient.END);
		await().untilAsserted(() -> assertThat(threads).noneMatch(Thread::isAlive));
	}

	@Test
	void twoApplicationsHaveLoopsOfTheirOwn() {
		try (EngineServer second = EngineServer.on(Engine.LOOPS).start(Endpoints.class);
				RawClient client = second.connect("/quick");
				RawClient ours = connect("/quick")) {
			assertEchoes(client);
			assertEchoes(ours);
			assertThat(second.bean(EventLoops.class).connections()).isOne();
			second.close();
			assertThat(client.next()).isEqualTo(RawClient.END);
			assertEchoes(ours);
		}
	}

	private static Set<Thread> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("halley-loop-"))
			.collect(Collectors.toSet());
	}

	@Controller
	static class Endpoints {

		final CountDownLatch release = new CountDownLatch(1);

		final List<String> waiting = new CopyOnWriteArrayList<>();

		final List<Channel<String>> channels = new CopyOnWriteArrayList<>();

		final List<CloseStatus> ends = new CopyOnWriteArrayList<>();

		final Map<String, String> threads = new ConcurrentHashMap<>();

		@GetMapping("/plain")
		@ResponseBody
		String plain() {
			return "plain";
		}

		private InOut<String, String> pair(Handler handler) {
			Channel<?>[] channel = new Channel<?>[1];
			return InOut.of(
					In.<String>forEach((text) -> handler.handle(text, channel(channel))).whenDone(this.ends::add),
					Out.<String>unicast((given) -> {
						channel[0] = given;
						this.channels.add(given);
					}));
		}

		@SuppressWarnings("unchecked")
		private static Channel<String> channel(Channel<?>[] channel) {
			return (Channel<String>) channel[0];
		}

		@WebSocketMapping(path = "/quick")
		InOut<String, String> quick() {
			return pair((text, out) -> out.push(text));
		}

		@WebSocketMapping(path = "/blocks")
		InOut<String, String> blocks() {
			return pair((text, out) -> {
				if (text.equals("wait")) {
					this.waiting.add(text);
					awaitRelease();
				}
				if (text.equals("compute")) {
					this.waiting.add(text);
					while (this.release.getCount() > 0) {
						Thread.onSpinWait();
					}
				}
				nap(text);
				out.push(text);
			});
		}

		private void awaitRelease() {
			try {
				this.release.await(60, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

		@WebSocketMapping(path = "/naps")
		InOut<String, String> naps() {
			return pair((text, out) -> {
				this.threads.put(text, Thread.currentThread().getName());
				if (!text.equals("quick")) {
					nap("nap");
				}
				out.push(text);
			});
		}

		private static void nap(String text) {
			if (text.equals("nap")) {
				LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
			}
		}

		String threadOf(RawClient client, String text) {
			assertThat(client.text(text).next()).isEqualTo("text " + text);
			return this.threads.get(text);
		}

		@WebSocketMapping(path = "/swallows")
		In<String> swallows() {
			return In.forEach((text) -> this.threads.put(text, text));
		}

		private interface Handler {

			void handle(String text, Channel<String> out);

		}

	}

}

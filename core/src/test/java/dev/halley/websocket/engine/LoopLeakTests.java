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
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;

import dev.halley.Channel;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.LogLevel;
import dev.halley.Out;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.connection.Connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Loops leave nothing behind, whatever ends a connection or an application. How many
 * there are is said by {@code -Dloop.connections=…} and {@code -Dloop.idle=…}; both ends
 * are in this process, so that each takes two descriptors.
 */
class LoopLeakTests {

	private static final int CONNECTIONS = Integer.getInteger("loop.connections", 3000);

	private static final int IDLE = Math.min(Integer.getInteger("loop.idle", 1500), Holdings.mostConnections());

	private static final int AT_ONCE = 50;

	private static final byte[] HALF_A_FRAME = Frames.join(Frames.maskedHeader(Frames.FIN_TEXT, 100), new byte[50]);

	/** Handlers that fail are a part of it. */
	@RegisterExtension
	final LogLevel level = LogLevel.off(Connection.class);

	@Test
	@Timeout(value = 30, unit = TimeUnit.MINUTES)
	void connectionsThatEndInAnyWayLeaveNothing() {
		try (EngineServer server = EngineServer.on(Engine.LOOPS).start(Endpoints.class)) {
			end(open(server, 0));
			await().until(() -> server.connections() == 0 && server.bean(EventLoops.class).connections() == 0);
			Holdings before = Holdings.of(server);
			for (int i = 0; i < CONNECTIONS; i += AT_ONCE) {
				end(open(server, i));
			}
			Holdings.awaitReturn(server, before);
		}
	}

	private static List<Talk> open(EngineServer server, int first) {
		Way[] ways = Way.values();
		return IntStream.range(first, first + AT_ONCE)
			.mapToObj((number) -> Talk.open(server, number, ways[number % ways.length]))
			.toList();
	}

	private static void end(List<Talk> talks) {
		talks.forEach((talk) -> talk.way.begin(talk.client));
		talks.forEach((talk) -> talk.way.end(talk.client));
		talks.forEach((talk) -> talk.client.close());
	}

	@Test
	void httpIsAnsweredThoughWebSocketsAreManyMoreThanTomcatTakes() {
		try (EngineServer server = EngineServer.on(Engine.LOOPS)
			.connector((connector) -> connector.setProperty("maxConnections", "50"))
			.start(Endpoints.class)) {
			List<RawClient> clients = new ArrayList<>();
			for (int i = 0; i < IDLE; i++) {
				clients.add(server.connect("/echo"));
			}
			await().until(() -> Holdings.of(server).slots() < 10);
			assertThat(Holdings.of(server).keys()).isEqualTo(IDLE);
			for (int i = 0; i < 200; i++) {
				assertThat(get(server.port())).endsWith("plain");
			}
			assertThat(clients).allSatisfy((client) -> assertThat(client.text("a").next()).isEqualTo("text a"));
			clients.forEach(RawClient::close);
			await().until(() -> Holdings.of(server).keys() == 0 && server.connections() == 0);
		}
	}

	private static String get(int port) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			socket.setSoTimeout(30_000);
			socket.getOutputStream()
				.write(Frames.utf8("GET /plain HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
			return new String(socket.getInputStream().readAllBytes());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** The last one's connections are open, and one of its handlers blocks. */
	@Test
	void anApplicationThatComesAgainLeavesNothing() {
		comeAndGo();
		Set<Thread> threads = Holdings.threads();
		long descriptors = Holdings.openDescriptors();
		List<WeakReference<EventLoops>> loops = IntStream.range(0, 20).mapToObj((number) -> comeAndGo()).toList();
		await().untilAsserted(() -> assertThat(Holdings.threads()).isSubsetOf(threads));
		await().untilAsserted(() -> assertThat(Holdings.openDescriptors()).isLessThan(descriptors + 20));
		await().untilAsserted(() -> {
			System.gc();
			assertThat(loops).filteredOn((reference) -> reference.get() != null).isEmpty();
		});
	}

	private static WeakReference<EventLoops> comeAndGo() {
		List<RawClient> clients = new ArrayList<>();
		try (EngineServer server = EngineServer.on(Engine.LOOPS).start(Endpoints.class)) {
			for (int i = 0; i < 5; i++) {
				clients.add(server.connect("/echo"));
			}
			clients.forEach((client) -> assertThat(client.text("nap").next()).isEqualTo("text nap"));
			clients.get(0).text("nap");
			return new WeakReference<>(server.bean(EventLoops.class));
		}
		finally {
			clients.forEach((client) -> {
				String last = client.next();
				assertThat(last.equals("text nap") ? client.next() : last).isIn("close 1001", RawClient.END);
				client.close();
			});
		}
	}

	/** What a client does, and what it waits for then. */
	private enum Way {

		CLIENT_CLOSES("close 1000"), SERVER_CLOSES("close 1000"), HANDLER_FAILS("close 1011"), LEAVES(null),
		RESETS(null), LEAVES_WITHIN_A_FRAME(null), RESETS_WITHIN_A_FRAME(null), BREAKS_THE_PROTOCOL("close 1002"),
		IS_REFUSED(null), RESETS_BEFORE_THE_ANSWER(null), LEAVES_BEFORE_THE_ANSWER(null);

		private final String answer;

		Way(String answer) {
			this.answer = answer;
		}

		private boolean isBeforeTheAnswer() {
			return ordinal() >= IS_REFUSED.ordinal();
		}

		private void begin(RawClient client) {
			switch (this) {
				case CLIENT_CLOSES -> client.send(Frames.close(1000, ""));
				case SERVER_CLOSES -> client.text("close");
				case HANDLER_FAILS -> client.text("fail");
				case LEAVES_WITHIN_A_FRAME, RESETS_WITHIN_A_FRAME -> client.send(HALF_A_FRAME);
				case BREAKS_THE_PROTOCOL -> client.send(Frames.plain(Frames.FIN_TEXT, "not masked"));
				case IS_REFUSED -> client.send(Frames.utf8(RawClient.request("/echo").replace(": 13\r\n", ": 12\r\n")));
				case RESETS_BEFORE_THE_ANSWER, LEAVES_BEFORE_THE_ANSWER ->
					client.send(Frames.utf8(RawClient.request("/echo")));
				default -> {
				}
			}
		}

		private void end(RawClient client) {
			if (this.answer != null) {
				assertThat(client.next()).as(name()).isEqualTo(this.answer);
				if (this != CLIENT_CLOSES) {
					client.send(Frames.close(1000, ""));
				}
				assertThat(client.next()).as(name()).isEqualTo(RawClient.END);
			}
			if (name().startsWith("RESETS")) {
				client.vanish();
			}
			if (this == IS_REFUSED) {
				assertThat(client.refusal()).startsWith("HTTP/1.1 426 ");
			}
		}

	}

	/** A connection that ends in some way. */
	private record Talk(RawClient client, Way way) {

		static Talk open(EngineServer server, int number, Way way) {
			try {
				RawClient client = new RawClient(socket(server.port(), number));
				if (!way.isBeforeTheAnswer()) {
					assertThat(client.handshake("/echo").text("a").next()).isEqualTo("text a");
				}
				return new Talk(client, way);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		/** An address has not so many ports that are free again so soon. */
		private static Socket socket(int port, int number) throws IOException {
			InetAddress server = InetAddress.getLoopbackAddress();
			int source = number / 10_000;
			return (source == 0) ? new Socket(server, port)
					: new Socket(server, port, InetAddress.getByName("127.0.0." + (1 + source)), 0);
		}

	}

	@Controller
	static class Endpoints {

		@GetMapping("/plain")
		@ResponseBody
		String plain() {
			return "plain";
		}

		@WebSocketMapping(path = "/echo")
		InOut<String, String> echo() {
			Channel<?>[] out = new Channel<?>[1];
			return InOut.of(In.forEach((text) -> answer(text, out)),
					Out.<String>unicast((channel) -> out[0] = channel));
		}

		@SuppressWarnings("unchecked")
		private static void answer(String text, Channel<?>[] out) {
			switch (text) {
				case "close" -> out[0].eofAndEnd();
				case "fail" -> throw new InternalError("harm");
				case "nap" -> LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
				default -> {
				}
			}
			((Channel<String>) out[0]).push(text);
		}

	}

}

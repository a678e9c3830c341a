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
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.CloseStatus;

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
 * Handlers that harm the thread they run on, which is a loop's: it costs their own
 * connection at most.
 */
class LoopHandlersTests {

	@RegisterExtension
	final LogLevel level = LogLevel.off(Connection.class);

	private EngineServer server;

	private Endpoints endpoints;

	@BeforeEach
	void start() {
		this.server = EngineServer.on(Engine.LOOPS).loops(1).start(Endpoints.class);
		this.endpoints = this.server.bean(Endpoints.class);
	}

	@AfterEach
	void stop() {
		this.server.close();
	}

	private static void assertEchoes(RawClient client) {
		assertThat(client.text("a").next()).isEqualTo("text a");
	}

	@ParameterizedTest
	@ValueSource(strings = { "assertion", "memory", "stack", "death", "sneaky", "linkage", "throwable" })
	void whateverAHandlerThrowsEndsItsOwnConnectionWith1011(String harm) {
		try (RawClient other = this.server.connect("/quick"); RawClient idle = this.server.connect("/harms")) {
			for (int i = 1; i <= 5; i++) {
				int ends = i;
				try (RawClient harmful = this.server.connect("/harms")) {
					assertEchoes(harmful);
					assertEchoes(other);
					harmful.text(harm);
					assertThat(harmful.next()).isEqualTo("close 1011");
					assertEchoes(other);
					harmful.send(Frames.close(1011, ""));
					assertThat(harmful.next()).isEqualTo(RawClient.END);
				}
				await().until(() -> this.endpoints.ends.size() == ends);
			}
			assertEchoes(idle);
			assertThat(this.endpoints.ends).allMatch((status) -> status.getCode() == 1011);
			assertThat(this.server.bean(EventLoops.class).connections()).isEqualTo(2);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "interrupt", "loader" })
	void whatAHandlerDoesToItsThreadIsNotTheOthers(String harm) {
		try (RawClient other = this.server.connect("/quick"); RawClient harmful = this.server.connect("/harms")) {
			other.text("state").next();
			String before = this.endpoints.state();
			assertThat(before).endsWith(" false");
			assertThat(harmful.text(harm).next()).isEqualTo("text " + harm);
			other.text("state").next();
			assertThat(this.endpoints.state()).isEqualTo(before);
		}
	}

	/** On one loop they would take five seconds for each of their rounds. */
	@Test
	void aHundredHandlersThatSleepDelayNobodyElse() {
		List<RawClient> slow = IntStream.range(0, 100).mapToObj((number) -> this.server.connect("/naps")).toList();
		try (RawClient other = this.server.connect("/quick")) {
			List<Long> times = new ArrayList<>();
			slow.forEach((client) -> client.send(Frames.repeat(Frames.masked(Frames.FIN_TEXT, "nap"), 40)));
			for (int i = 0; i < 300; i++) {
				long start = System.nanoTime();
				assertEchoes(other);
				times.add(System.nanoTime() - start);
			}
			times.sort(null);
			assertThat(Duration.ofNanos(times.get(times.size() * 99 / 100))).isLessThan(Duration.ofSeconds(2));
		}
		for (RawClient client : slow) {
			for (int i = 0; i < 40; i++) {
				assertThat(client.next()).isEqualTo("text nap");
			}
			client.close();
		}
	}

	@Controller
	static class Endpoints {

		final List<CloseStatus> ends = new CopyOnWriteArrayList<>();

		final Map<String, String> states = new ConcurrentHashMap<>();

		@WebSocketMapping(path = "/quick")
		InOut<String, String> quick() {
			return echo((text) -> {
				if (text.equals("state")) {
					Thread thread = Thread.currentThread();
					this.states.put(text, thread.getContextClassLoader() + " " + thread.isInterrupted());
				}
			});
		}

		@WebSocketMapping(path = "/naps")
		InOut<String, String> naps() {
			return echo((text) -> LockSupport.parkNanos(Duration.ofMillis(50).toNanos()));
		}

		@WebSocketMapping(path = "/harms")
		InOut<String, String> harms() {
			return echo(this::harm);
		}

		private InOut<String, String> echo(Handler handler) {
			Channel<?>[] out = new Channel<?>[1];
			return InOut.of(In.<String>forEach((text) -> {
				handler.handle(text);
				push(out[0], text);
			}).whenDone(this.ends::add), Out.<String>unicast((channel) -> out[0] = channel));
		}

		@SuppressWarnings("unchecked")
		private static void push(Channel<?> channel, String text) {
			((Channel<String>) channel).push(text);
		}

		private void harm(String text) {
			switch (text) {
				case "assertion" -> throw new AssertionError("harm");
				case "memory" -> throw new OutOfMemoryError("harm");
				case "stack" -> dive(text);
				case "death" -> throw new Death();
				case "sneaky" -> sneak(new IOException("harm"));
				case "linkage" -> throw new NoClassDefFoundError("harm");
				case "throwable" -> sneak(new Throwable("harm"));
				case "interrupt" -> Thread.currentThread().interrupt();
				case "loader" -> Thread.currentThread().setContextClassLoader(null);
				default -> {
				}
			}
		}

		private int dive(String text) {
			return 1 + dive(text);
		}

		@SuppressWarnings("unchecked")
		private static <T extends Throwable> void sneak(Throwable harm) throws T {
			throw (T) harm;
		}

		String state() {
			return String.valueOf(this.states.get("state"));
		}

		private interface Handler {

			void handle(String text);

		}

	}

	/** As that of a thread which is stopped. */
	static final class Death extends Error {

	}

}

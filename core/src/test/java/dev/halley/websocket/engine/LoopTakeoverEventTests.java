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

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.Test;
import org.springframework.stereotype.Controller;

import dev.halley.In;
import dev.halley.annotation.WebSocketMapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What JDK Flight Recorder is told of handlers that block their loops.
 */
class LoopTakeoverEventTests {

	private final List<RecordedEvent> events = new CopyOnWriteArrayList<>();

	@Test
	void aTakeoverIsRecordedWhenItsHandlerReturns() throws Exception {
		try (RecordingStream recording = new RecordingStream();
				EngineServer server = EngineServer.on(Engine.LOOPS).loops(1).start(Blocks.class);
				RawClient client = server.connect("/blocks")) {
			recording.enable("dev.halley.LoopTakeover");
			recording.onEvent("dev.halley.LoopTakeover", this.events::add);
			recording.startAsync();
			Duration blocked = block(server, client);
			RecordedEvent event = await().atMost(Duration.ofMinutes(1))
				.until(() -> longerThan(blocked), Optional::isPresent)
				.orElseThrow();
			assertThat(event.getInt("loop")).isOne();
			assertThat(event.getString("endpoint")).contains("Blocks").contains("blocks");
			assertThat(event.getThread().getJavaName()).startsWith("halley-loop-");
			assertThat(event.getEventType().getLabel()).isEqualTo("Event Loop Takeover");
			assertThat(event.getEventType().getCategoryNames()).containsExactly("Halley", "WebSocket");
			assertThat(event.getEventType().getDescription()).isNotEmpty();
		}
	}

	private Optional<RecordedEvent> longerThan(Duration blocked) {
		return this.events.stream().filter((event) -> event.getDuration().compareTo(blocked) > 0).findAny();
	}

	/** Returns how long the handler certainly had no loop. */
	private static Duration block(EngineServer server, RawClient client) {
		Blocks blocks = server.bean(Blocks.class);
		client.text("m");
		await().until(() -> server.bean(EventLoops.class).takeovers() > 0);
		long start = System.nanoTime();
		try (RawClient other = server.connect("/blocks")) {
			other.send(Frames.masked(Frames.FIN_PING, "p"));
			assertThat(other.next()).isEqualTo("pong p");
		}
		Duration blocked = Duration.ofNanos(System.nanoTime() - start);
		blocks.release.countDown();
		return blocked;
	}

	@Controller
	static class Blocks {

		final CountDownLatch release = new CountDownLatch(1);

		@WebSocketMapping(path = "/blocks")
		In<String> blocks() {
			return In.forEach((text) -> {
				try {
					assertThat(this.release.await(1, TimeUnit.MINUTES)).isTrue();
				}
				catch (InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
			});
		}

	}

}

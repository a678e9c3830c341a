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

package dev.halley.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

import dev.halley.Channel;
import dev.halley.boot.StreamApplication.Events;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.web.RawStream;
import dev.halley.websocket.engine.EventLoops;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which streams of an application are on event loops, behind Spring Security, and what
 * the server makes of their requests.
 */
class StreamsOnLoopsTests {

	private static final String HTML = "Accept: text/html";

	private static final String EVENTS = "Accept: text/event-stream";

	private static ServletWebServerApplicationContext start(String... properties) {
		return Server.TOMCAT_LOOPS.start(StreamApplication.class, properties);
	}

	private static RawStream get(ServletWebServerApplicationContext context, String accept) throws IOException {
		return RawStream.get(Server.port(context), "/channel", accept);
	}

	private static Channel<String> channel(ServletWebServerApplicationContext context) throws InterruptedException {
		Channel<String> channel = context.getBean(Events.class).channels().poll(30, TimeUnit.SECONDS);
		assertThat(channel).isNotNull();
		return channel;
	}

	private static void awaitOnLoops(ServletWebServerApplicationContext context, int count) {
		EventLoops loops = context.getBean(EventLoops.class);
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> loops.connections() == count);
	}

	@Test
	void bothKindsAreThereByDefaultWithHttp2OrWithout() throws Exception {
		for (boolean http2 : new boolean[] { true, false }) {
			try (ServletWebServerApplicationContext context = start("server.http2.enabled=" + http2,
					"server.compression.enabled=true");
					RawStream comet = get(context, HTML);
					RawStream events = get(context, EVENTS)) {
				awaitOnLoops(context, 2);
				assertThat(comet.headers().get("X-Frame-Options")).containsExactly("SAMEORIGIN");
				assertThat(events.headers().get("X-Frame-Options")).containsExactly("DENY");
				assertThat(events.headers().get("Connection")).containsExactly("close");
				channel(context).end();
				channel(context).end();
				assertThat(events.chunks()).isEmpty();
				assertThat(comet.chunks()).hasSize(1);
				awaitOnLoops(context, 0);
			}
		}
	}

	@ParameterizedTest
	@CsvSource({ "halley.sse.io=container, 1", "halley.comet.io=container, 1", "halley.websocket.io=container, 0",
			"halley.websocket.engine=container, 0", "halley.websocket.enabled=false, 0" })
	void propertiesKeepThemOnTomcatsConnections(String property, int leaving) throws Exception {
		try (ServletWebServerApplicationContext context = start(property);
				RawStream comet = get(context, HTML);
				RawStream events = get(context, EVENTS)) {
			channel(context).push("a");
			channel(context).push("a");
			assertThat(comet.until("a")).endsWith("</script>");
			assertThat(events.until("a")).endsWith("\n\n");
			EventLoops loops = context.getBeanProvider(EventLoops.class).getIfAvailable();
			assertThat((loops != null) ? loops.connections() : 0).isEqualTo(leaving);
			assertThat(Stream.of(comet, events).filter((stream) -> stream.headers().containsHeader("Connection")))
				.hasSize(leaving);
		}
	}

	@Test
	void twoApplicationsHaveStreamsOfTheirOwn() throws Exception {
		try (ServletWebServerApplicationContext one = start(); RawStream first = get(one, EVENTS)) {
			channel(one).push("one");
			try (ServletWebServerApplicationContext two = start(); RawStream second = get(two, EVENTS)) {
				channel(two).push("two");
				assertThat(second.until("two")).isEqualTo("data: two\n\n");
				awaitOnLoops(two, 1);
				two.close();
				assertThat(second.chunks()).isEmpty();
			}
			assertThat(first.until("one")).isEqualTo("data: one\n\n");
			awaitOnLoops(one, 1);
			assertThat(one.getBean(ConnectionRegistry.class).size()).isEqualTo(1);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { HTML, EVENTS })
	void aClosedTabIsSeenLongBeforeAHeartbeat(String accept) throws Exception {
		try (ServletWebServerApplicationContext context = start("halley.sse.heartbeat=1h",
				"halley.comet.heartbeat=1h")) {
			RawStream stream = get(context, accept);
			channel(context);
			awaitOnLoops(context, 1);
			stream.close();
			assertThat(context.getBean(Events.class).ends().poll(30, TimeUnit.SECONDS)).isEqualTo("ended");
			awaitOnLoops(context, 0);
		}
	}

	/** The line is written when the stream leaves, and only once. */
	@Test
	void theAccessLogHasTheRequest(@TempDir Path directory) throws Exception {
		try (ServletWebServerApplicationContext context = start("server.tomcat.accesslog.enabled=true",
				"server.tomcat.accesslog.directory=" + directory, "server.tomcat.accesslog.buffered=false",
				"server.tomcat.accesslog.pattern=%m %U %s %B"); RawStream stream = get(context, EVENTS)) {
			Channel<String> channel = channel(context);
			Awaitility.await()
				.atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(lines(directory)).containsExactly("GET /channel 200 0"));
			channel.push("a");
			channel.end();
			assertThat(stream.chunks()).isNotEmpty();
			awaitOnLoops(context, 0);
			assertThat(lines(directory)).hasSize(1);
		}
	}

	private static List<String> lines(Path directory) throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			Path file = files.findFirst().orElse(null);
			return (file != null) ? Files.readAllLines(file) : List.of();
		}
	}

}

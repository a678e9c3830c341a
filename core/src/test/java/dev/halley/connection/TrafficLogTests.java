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

package dev.halley.connection;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.CloseStatus;

import dev.halley.InOut;
import dev.halley.LogLevel;
import dev.halley.Out;
import dev.halley.codec.Payload;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TrafficLog}.
 */
class TrafficLogTests {

	private static final String NAME = "Rooms.room [websocket /rooms/{room} ";

	@RegisterExtension
	final LogLevel level = LogLevel.of("halley.traffic");

	@RegisterExtension
	final LogLevel rooms = LogLevel.of("halley.traffic.rooms");

	private final Logger logger = (Logger) LoggerFactory.getLogger("halley.traffic");

	private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

	private final Runs runs = new Runs();

	private final FakeTransport transport = new FakeTransport();

	@BeforeEach
	void listen() {
		this.appender.start();
		this.logger.setAdditive(false);
		this.logger.addAppender(this.appender);
		this.rooms.set(Level.TRACE);
		this.runs.registry.logWith(new ConnectionLogging(false, false, 20, List.of("token")));
	}

	@AfterEach
	void listenNoMore() {
		this.logger.detachAppender(this.appender);
		this.logger.setAdditive(true);
	}

	private List<String> lines() {
		return this.appender.list.stream()
			.map(ILoggingEvent::getFormattedMessage)
			.map((line) -> line.replaceAll("^" + Pattern.quote(NAME) + "c\\d+]: ", ""))
			.toList();
	}

	@Test
	void tellsWhatComesAndGoesAndTheEnd() {
		Connection connection = this.runs.open(InOut.of(this.runs.in(), Out.of("hello", "there")), this.transport);
		connection.received(Runs.text("good day"));
		connection.ended(CloseStatus.NORMAL);
		assertThat(lines()).containsExactly("sends TEXT(5 bytes): hello", "sends TEXT(5 bytes): there",
				"received TEXT(8 bytes): good day", "ended, NORMAL_CLOSURE");
		assertThat(this.appender.list).allSatisfy((event) -> {
			assertThat(event.getLevel()).isEqualTo(Level.TRACE);
			assertThat(event.getLoggerName()).isEqualTo("halley.traffic.rooms.room");
			assertThat(event.getFormattedMessage()).startsWith(NAME);
		});
	}

	@Test
	void cutsTextBetweenCharactersAndLeavesOutBytes() {
		Connection connection = this.runs.open(InOut.of(this.runs.in(), Out.never()), this.transport);
		connection.received(Runs.text("1234567890123456789€ and more"));
		connection.received(Runs.text("12345678901234567\uFFFD and more"));
		connection.received(Payload.binary("secret".getBytes()));
		assertThat(lines()).startsWith("received TEXT(31 bytes): 1234567890123456789…",
				"received TEXT(29 bytes): 12345678901234567\uFFFD…", "received BINARY(6 bytes)");
	}

	@Test
	void masksAndIsOneLine() {
		Connection connection = this.runs.open(InOut.of(this.runs.in(), Out.never()), this.transport);
		connection.received(Runs.text("{\"token\":\"abcdefghijklmnop\"}"));
		connection.received(Runs.text("a\r\nb\u2028c"));
		connection.received(Runs.text("a\u0085b\u009b31mc"));
		assertThat(lines()).containsExactly("received TEXT(28 bytes): {\"token\":******",
				"received TEXT(8 bytes): a b c", "received TEXT(10 bytes): a b 31mc");
	}

	@Test
	void hasNoTextWithAPrefixOfZero() {
		this.runs.registry.logWith(new ConnectionLogging(false, false, 0, List.of()));
		this.runs.open(InOut.of(this.runs.in(), Out.never()), this.transport).received(Runs.text("good day"));
		assertThat(lines()).containsExactly("received TEXT(8 bytes)");
	}

	@Test
	void isOffUntilSomebodyTraces() {
		this.rooms.set(Level.DEBUG);
		Connection connection = this.runs.open(InOut.of(this.runs.in(), Out.of("hello")), this.transport);
		connection.received(Runs.text("good day"));
		assertThat(lines()).isEmpty();
		this.rooms.set(Level.TRACE);
		connection.received(Runs.text("again"));
		assertThat(lines()).containsExactly("received TEXT(5 bytes): again");
	}

	@Test
	void whenItIsOffNothingIsPrepared() {
		this.rooms.set(Level.DEBUG);
		this.runs.registry.trafficLog().accepted(Runs.INFO, () -> {
			throw new IllegalStateException("the headers were asked for");
		});
		assertThat(lines()).isEmpty();
	}

	@Test
	void tellsTheHeadersOfTheHandshakeWithoutWhatIsMasked() {
		this.level.set(Level.TRACE);
		this.runs.registry.trafficLog()
			.accepted(Runs.INFO,
					() -> Map.of("X-Token", List.of("abc"), "Origin", List.of("https://here\r\nFoo: bar")));
		assertThat(lines()).singleElement()
			.asString()
			.startsWith("Sessions [websocket /sessions c0]: accepted, ")
			.contains("X-Token: ******", "Origin: https://here Foo: b…");
	}

	@Test
	void tellsNoQueryNorThatOfAHeader() {
		this.level.set(Level.TRACE);
		this.runs.registry.logWith(new ConnectionLogging(false, false, 100, List.of()));
		this.runs.registry.trafficLog()
			.accepted(Runs.INFO, () -> Map.of("X-Original-URI", List.of("/rooms?ticket=abc"), "Referer",
					List.of("https://here/?code=abc"), "Sec-CH-UA-Mobile", List.of("?0")));
		assertThat(lines()).singleElement()
			.asString()
			.contains("X-Original-URI: /rooms?…", "Referer: https://here/?…", "Sec-CH-UA-Mobile: ?0")
			.doesNotContain("abc");
	}

	@ParameterizedTest
	@CsvSource({ "/rooms/{room}, halley.traffic.rooms.room", "/, halley.traffic",
			"/a/{id:[a-z]+}/b, halley.traffic.a.ida-z.b", "/a/**, halley.traffic.a", "a, halley.traffic.a",
			"/v1.2//x/, halley.traffic.v1.2.x", "..., halley.traffic" })
	void namesTheLoggerAfterTheEndpoint(String endpoint, String logger) {
		assertThat(TrafficLog.loggerName(endpoint)).isEqualTo(logger);
	}

	@Test
	void endpointsWithoutNumberShareALogger() {
		TrafficLog log = new TrafficLog(new ConnectionLogging(false, false, 20, List.of()));
		for (int i = 0; i < 500; i++) {
			log.of(info("/many/" + i));
		}
		assertThat(log.of(info("/many/500"))).isSameAs(log.of(info("/many/501")));
		assertThat(log.of(info("/many/0"))).isNotSameAs(log.of(info("/many/1")));
	}

	private static ConnectionInfo info(String endpoint) {
		return new ConnectionInfo("c", "websocket", endpoint, "Many.many", Runs.INFO.uri(), null, null, null,
				Runs.INFO.opened());
	}

}

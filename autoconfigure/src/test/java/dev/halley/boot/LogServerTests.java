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

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.web.RawStream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What logs tell of the connections of a server: the marks of the application's lines,
 * and the log of the traffic.
 */
@ParameterizedClass
@EnumSource(names = { "TOMCAT_LOOPS", "TOMCAT_CONTAINER" })
class LogServerTests {

	private static final String ADA = "Basic YWRhOnNlY3JldA==";

	private static ServletWebServerApplicationContext context;

	@Parameter
	private Server server;

	@BeforeParameterizedClassInvocation
	static void start(Server server) {
		context = server.start(Application.class, "halley.log.mdc.enabled=true", "halley.log.mdc.user=true",
				"halley.sse.heartbeat=1s", "halley.comet.heartbeat=1s");
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		context.close();
	}

	private static TestClient connect(String path) {
		return TestClient.connect(Server.url(context, path), "Authorization", ADA);
	}

	private static RawStream stream(String path, String accept) throws Exception {
		return RawStream.get(Server.port(context), path, "Accept: " + accept, "Authorization: " + ADA);
	}

	@Test
	void theLinesOfHandlersAndSourcesNameTheirConnection() throws Exception {
		try (Log log = new Log("dev.halley.boot.LogServerTests", Level.INFO)) {
			connect("/rooms/a").send("{\"text\":\"hi\"}");
			ILoggingEvent handled = log.first("handled hi");
			assertThat(names(handled)).containsEntry("halley.endpoint", "/rooms/{room}")
				.containsEntry("halley.user", "ada")
				.containsKey("halley.connection");
			assertThat(names(log.first("made")).get("halley.connection"))
				.isEqualTo(names(handled).get("halley.connection"));
		}
	}

	@Test
	void theLinesOfTheSourcesOfStreamsToo() throws Exception {
		for (String accept : List.of("text/event-stream", "text/html")) {
			try (Log log = new Log("dev.halley.boot.LogServerTests", Level.INFO);
					RawStream client = stream("/rooms/a", accept)) {
				assertThat(client.status()).isEqualTo(200);
				assertThat(names(log.first("made"))).containsEntry("halley.endpoint", "/rooms/{room}")
					.containsEntry("halley.user", "ada");
			}
		}
	}

	private static Map<String, String> names(ILoggingEvent event) {
		return event.getMDCPropertyMap();
	}

	@Test
	void theTrafficOfAWebSocketIsToldBothWays() throws Exception {
		try (Log log = new Log("halley.traffic.rooms", Level.TRACE)) {
			TestClient client = connect("/rooms/a?access_token=hidden")
				.send("{\"text\":\"hi\",\"password\":\"hidden\"}");
			assertThat(log.first("accepted", "[websocket /rooms/{room} ").getFormattedMessage())
				.containsIgnoringCase("authorization: ******")
				.doesNotContain("YWRhOnNlY3JldA", "hidden");
			assertThat(log.first("received", "[websocket ").getFormattedMessage())
				.endsWith("received TEXT(33 bytes): {\"text\":\"hi\",\"password\":******}");
			assertThat(log.first("sends TEXT", "[websocket ").getFormattedMessage())
				.endsWith("sends TEXT(32 bytes): {\"text\":\"said\",\"token\":******}");
			client.close();
			assertThat(log.first("ended", "[websocket ").getFormattedMessage()).endsWith("ended, NORMAL_CLOSURE");
		}
	}

	@Test
	void theTrafficOfStreamsIsToldTheSame() throws Exception {
		for (String accept : List.of("text/event-stream", "text/html")) {
			try (Log log = new Log("halley.traffic", Level.TRACE); RawStream client = stream("/rooms/a", accept)) {
				assertThat(client.status()).isEqualTo(200);
				assertThat(log.first("accepted").getFormattedMessage()).containsIgnoringCase("authorization: ******");
				assertThat(log.first("sends TEXT").getFormattedMessage()).contains("said").doesNotContain("hidden");
			}
		}
	}

	@Test
	void thereIsNoTrafficForWhoeverAsksForLessThanAllOfIt() throws Exception {
		try (Log log = new Log("halley.traffic", Level.DEBUG);
				Log seen = new Log(LogServerTests.class.getName(), Level.INFO)) {
			connect("/rooms/a").send("{\"text\":\"hi\"}");
			seen.first("handled hi");
			seen.first("made");
			assertThat(log.events).isEmpty();
		}
	}

	/** What a logger logs for a while. */
	private static final class Log extends AppenderBase<ILoggingEvent> implements AutoCloseable {

		private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

		private final Logger logger;

		private final @Nullable Level before;

		Log(String name, Level level) {
			this.logger = (Logger) LoggerFactory.getLogger(name);
			this.before = this.logger.getLevel();
			this.logger.setLevel(level);
			this.logger.setAdditive(false);
			start();
			this.logger.addAppender(this);
		}

		@Override
		protected void append(ILoggingEvent event) {
			event.prepareForDeferredProcessing();
			this.events.add(event);
		}

		/** The first line with these words, whenever it comes. */
		ILoggingEvent first(String... words) {
			return Awaitility.await()
				.until(() -> this.events.stream()
					.filter((event) -> Stream.of(words).allMatch(event.getFormattedMessage()::contains))
					.findFirst(), Optional::isPresent)
				.orElseThrow();
		}

		@Override
		public void close() {
			this.logger.detachAppender(this);
			this.logger.setAdditive(true);
			this.logger.setLevel(this.before);
		}

	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(Rooms.class)
	static class Application {

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
				.httpBasic(Customizer.withDefaults())
				.build();
		}

		@Bean
		InMemoryUserDetailsManager users() {
			return new InMemoryUserDetailsManager(User.withUsername("ada").password("{noop}secret").build());
		}

	}

	@Controller
	static class Rooms {

		private static final org.slf4j.Logger logger = LoggerFactory.getLogger(LogServerTests.class);

		@WebSocketMapping("/rooms/{room}")
		@EventSourceMapping("/rooms/{room}")
		@CometMapping(path = "/rooms/{room}", callback = "f")
		InOut<Say, Said> room(@PathVariable String room) {
			return InOut.of(In.forEach((say) -> logger.info("handled {}", say.text())), Out.of("said").map((text) -> {
				logger.info("made");
				return new Said(text, "hidden");
			}).andThen(Out.never()));
		}

	}

	record Say(String text, @Nullable String password) {
	}

	record Said(String text, String token) {
	}

}

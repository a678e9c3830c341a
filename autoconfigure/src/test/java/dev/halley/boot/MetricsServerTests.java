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
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.handler.AbstractHandlerMapping;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;
import reactor.core.publisher.Sinks;

import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.Overflow;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.connection.ConnectionFilter;
import dev.halley.connection.Connections;
import dev.halley.observation.HalleyObservation;
import dev.halley.web.RawStream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a server with Actuator tells Prometheus of its connections. Each test has an
 * endpoint of its own.
 */
class MetricsServerTests {

	private static ServletWebServerApplicationContext context;

	@BeforeAll
	static void start() {
		context = start(Server.TOMCAT_LOOPS);
	}

	private static ServletWebServerApplicationContext start(Server server) {
		return server.start(Application.class, "management.endpoints.web.exposure.include=prometheus",
				"spring.jmx.enabled=false", "halley.websocket.ping-interval=1s", "halley.sse.heartbeat=1s",
				"halley.comet.heartbeat=1s");
	}

	@AfterAll
	static void stop() {
		context.close();
	}

	private static TestClient connect(String path) {
		return TestClient.connect(Server.url(context, path));
	}

	private static double value(String name, String... labels) {
		return Scrape.of(Server.port(context)).value(name, labels);
	}

	private static void await(double expected, String name, String... labels) {
		Awaitility.await().untilAsserted(() -> assertThat(value(name, labels)).isEqualTo(expected));
	}

	private static String endpoint(String template) {
		return "endpoint=\"" + template + "\"";
	}

	@Test
	void messagesAndBytesCountByEndpointTransportAndDirection() throws Exception {
		TestClient client = connect("/echo/one");
		TestClient other = connect("/echo/two");
		assertThat(client.send("ä").next()).isEqualTo("ä");
		assertThat(other.send("abc").next()).isEqualTo("abc");
		String webSockets = "transport=\"web_sockets\"";
		for (String direction : List.of("direction=\"received\"", "direction=\"sent\"")) {
			await(2, "halley_messages_total", endpoint("/echo/{room}"), webSockets, direction);
			await(5, "halley_traffic_bytes_total", endpoint("/echo/{room}"), webSockets, direction);
		}
		client.close();
		other.close();
		await(0, "halley_connections_active", endpoint("/echo/{room}"));
		await(2, "halley_messages_total", endpoint("/echo/{room}"), "direction=\"received\"");
	}

	@Test
	void connectionsAreThereUntilTheyEndAndThenHadADuration() throws Exception {
		TestClient client = connect("/active");
		await(1, "halley_connections_active", endpoint("/active"), "transport=\"web_sockets\"");
		try (RawStream events = RawStream.get(Server.port(context), "/active", "Accept: text/event-stream");
				RawStream comet = RawStream.get(Server.port(context), "/active", "Accept: text/html")) {
			assertThat(events.status()).isEqualTo(200);
			assertThat(comet.status()).isEqualTo(200);
			await(1, "halley_connections_active", endpoint("/active"), "transport=\"server_sent_events\"");
			await(1, "halley_connections_active", endpoint("/active"), "transport=\"comet\"");
			await(3, "halley_handshakes_total", endpoint("/active"), "outcome=\"accepted\"");
		}
		assertThat(value("halley_connection_duration_seconds_count", endpoint("/active"), "transport=\"web_sockets\""))
			.isZero();
		assertThat(client.close().next()).isEqualTo("closed 1000");
		await(0, "halley_connections_active", endpoint("/active"));
		await(1, "halley_connection_duration_seconds_count", endpoint("/active"), "reason=\"normal_closure\"");
		await(1, "halley_connection_duration_seconds_bucket", endpoint("/active"), "reason=\"normal_closure\"",
				"le=\"300.0\"");
		await(2, "halley_connection_duration_seconds_count", endpoint("/active"), "reason=\"lost\"");
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_CONTAINER", "JETTY" })
	void connectionsOfTheContainersAreMeasuredWhileTheyLast(Server server) throws Exception {
		try (ServletWebServerApplicationContext other = start(server)) {
			int port = Server.port(other);
			TestClient client = TestClient.connect(Server.url(other, "/echo/one"));
			assertThat(client.send("ä").next()).isEqualTo("ä");
			try (RawStream events = RawStream.get(port, "/active", "Accept: text/event-stream")) {
				assertThat(events.status()).isEqualTo(200);
				Awaitility.await().untilAsserted(() -> {
					Scrape scrape = Scrape.of(port);
					assertThat(scrape.value("halley_connections_active")).isEqualTo(2);
					assertThat(scrape.value("halley_handshakes_total", "outcome=\"accepted\"")).isEqualTo(2);
					assertThat(scrape.value("halley_handshakes_total", "outcome=\"declined\"")).isZero();
					assertThat(scrape.value("halley_messages_total", endpoint("/echo/{room}"))).isEqualTo(2);
					assertThat(scrape.value("halley_traffic_bytes_total", endpoint("/echo/{room}"))).isEqualTo(4);
				});
			}
			client.close();
			Awaitility.await()
				.untilAsserted(() -> assertThat(Scrape.of(port).value("halley_connection_duration_seconds_count"))
					.isEqualTo(2));
			assertThat(Scrape.of(port).value("halley_handshakes_total")).isEqualTo(2);
		}
	}

	@Test
	void theReasonOfAnEndIsTold() throws Exception {
		for (int status : List.of(1008, 1011, 4001, 1002)) {
			assertThat(connect("/closing/" + status).next()).startsWith("closed " + status);
		}
		for (String reason : List.of("policy", "error", "application", "protocol_error")) {
			await(1, "halley_connection_duration_seconds_count", endpoint("/closing/{status}"),
					"reason=\"" + reason + "\"");
		}
	}

	@Test
	void handshakesCountByTheirOutcome() throws Exception {
		String url = Server.url(context, "/guarded?allowed=");
		connect("/guarded?allowed=true").close();
		assertThat(TestClient.refusal(url + "true", "Origin", "https://evil.example")).isEqualTo(403);
		assertThat(TestClient.refusal(url + "false")).isEqualTo(409);
		await(1, "halley_handshakes_total", endpoint("/guarded"), "outcome=\"accepted\"", "status=\"none\"");
		await(1, "halley_handshakes_total", endpoint("/guarded"), "outcome=\"refused\"", "status=\"403\"");
		await(1, "halley_handshakes_total", endpoint("/guarded"), "outcome=\"declined\"", "status=\"none\"");
		assertThat(value("halley_handshakes_total", endpoint("/guarded"))).isEqualTo(3);
	}

	@Test
	void unknownPathsAndPlainRequestsAreNoHandshakes() {
		for (int i = 0; i < 20; i++) {
			assertThat(TestClient.refusal(Server.url(context, "/unknown/" + i))).isEqualTo(404);
		}
		assertThat(Scrape.of(Server.port(context)).lines()).noneMatch((line) -> line.contains("unknown"));
	}

	@Test
	void noTagHasWhatAClientSent() throws Exception {
		TestClient client = connect("/private/secret-room?token=secret-token").send("secret-text");
		assertThat(client.next()).isEqualTo("secret-text");
		client.close();
		assertThat(Scrape.of(Server.port(context)).lines()).isNotEmpty().noneMatch((line) -> line.contains("secret"));
	}

	@Test
	void handlersWritesAndPingsAreTimed() throws Exception {
		TestClient client = connect("/timed");
		assertThat(client.send("a").next()).isEqualTo("a");
		assertThat(client.send("b").next()).isEqualTo("b");
		await(2, "halley_message_handling_seconds_count", endpoint("/timed"));
		// Pings are written too
		Awaitility.await()
			.untilAsserted(() -> assertThat(value("halley_write_seconds_count", endpoint("/timed")))
				.isGreaterThanOrEqualTo(2));
		assertThat(value("halley_message_handling_seconds_sum", endpoint("/timed"))).isPositive();
		assertThat(value("halley_write_seconds_sum", endpoint("/timed"))).isPositive();
		Awaitility.await()
			.untilAsserted(() -> assertThat(value("halley_ping_seconds_count", endpoint("/timed"))).isPositive());
		client.close();
	}

	@Test
	void handlersThatGoOnAfterTheEndAreTimed() throws Exception {
		TestClient client = connect("/lasting").send("a");
		Awaitility.await()
			.untilAsserted(() -> assertThat(value("halley_messages_total", endpoint("/lasting"))).isOne());
		assertThat(client.close().next()).isEqualTo("closed 1000");
		await(1, "halley_connection_duration_seconds_count", endpoint("/lasting"));
		assertThat(value("halley_message_handling_seconds_count", endpoint("/lasting"))).isZero();
		context.getBean(Live.class).lasting.tryEmitEmpty();
		await(1, "halley_message_handling_seconds_count", endpoint("/lasting"));
	}

	@Test
	void whatWaitsForASlowPeerAndWhatIsDroppedIsTold() throws Exception {
		Hub<String> hub = context.getBean(Hubs.class).hub("slow", String.class);
		try (RawStream slow = RawStream.get(Server.port(context), "/slow", "Accept: text/event-stream")) {
			Awaitility.await().until(() -> hub.subscribers() == 1);
			Awaitility.await().untilAsserted(() -> {
				for (int i = 0; i < 20; i++) {
					hub.publish("x".repeat(100_000));
				}
				assertThat(value("halley_messages_dropped_total", endpoint("/slow"))).isPositive();
			});
			Awaitility.await().untilAsserted(() -> {
				assertThat(value("halley_queued_messages", endpoint("/slow"))).isPositive();
				assertThat(value("halley_queued_bytes", endpoint("/slow"))).isGreaterThanOrEqualTo(100_000);
			});
			assertThat(slow.status()).isEqualTo(200);
		}
		await(0, "halley_connections_active", endpoint("/slow"));
		await(0, "halley_queued_messages", endpoint("/slow"));
	}

	@Test
	void sessionsOfSpringsOwnHandlersAreThereToo() throws Exception {
		TestClient client = connect("/spring");
		assertThat(client.send("a").next()).isEqualTo("a");
		await(1, "halley_connections_active", endpoint("/spring"), "transport=\"web_sockets\"");
		await(1, "halley_handshakes_total", endpoint("/spring"), "outcome=\"accepted\"");
		client.close();
		await(0, "halley_connections_active", endpoint("/spring"));
		await(1, "halley_connection_duration_seconds_count", endpoint("/spring"), "reason=\"normal_closure\"");
	}

	@Test
	void sessionsOfAHandlerWithoutAPatternCountAsThoseOfAnyPath() throws Exception {
		TestClient client = connect("/bare");
		assertThat(client.send("a").next()).isEqualTo("a");
		await(1, "halley_connections_active", endpoint("/**"), "transport=\"web_sockets\"");
		await(1, "halley_handshakes_total", endpoint("/**"), "outcome=\"accepted\"");
		assertThat(context.getBean(Connections.class).find(ConnectionFilter.ALL))
			.anyMatch((live) -> live.info().endpoint().equals("/**"));
		client.close();
		await(0, "halley_connections_active", endpoint("/**"));
	}

	@Test
	void metersHaveTheNamesTypesAndTagsThatAreDocumented() throws Exception {
		TestClient client = connect("/names");
		assertThat(client.send("a").next()).isEqualTo("a");
		client.close();
		await(1, "halley_connection_duration_seconds_count", endpoint("/names"));
		TreeMap<String, TreeSet<String>> documented = new TreeMap<>();
		for (HalleyMeter meter : HalleyMeter.values()) {
			TreeSet<String> tags = new TreeSet<>();
			List.of(meter.getKeyNames()).stream().map(KeyName::asString).forEach(tags::add);
			documented.put(meter.getName(), tags);
		}
		TreeMap<String, TreeSet<String>> registered = new TreeMap<>();
		context.getBean(MeterRegistry.class)
			.getMeters()
			.stream()
			.map(Meter::getId)
			.filter((id) -> id.getName().startsWith("halley.") && !isObserved(id.getName()))
			.forEach((id) -> {
				TreeSet<String> tags = new TreeSet<>();
				id.getTags().stream().map(Tag::getKey).forEach(tags::add);
				registered.put(id.getName(), tags);
				assertThat(id.getDescription()).as(id.getName()).isNotBlank();
			});
		assertThat(registered).isEqualTo(documented);
	}

	/** Micrometer makes meters of observations, with tags of its own. */
	private static boolean isObserved(String meter) {
		return Stream.of(HalleyObservation.values())
			.anyMatch((observation) -> meter.equals(observation.getName())
					|| meter.equals(observation.getName() + ".active"));
	}

	@Test
	void handshakesAreTimedByTheirObservation() {
		TestClient client = connect("/observed");
		await(1, "halley_handshake_seconds_count", endpoint("/observed"), "outcome=\"accepted\"", "status=\"none\"",
				"transport=\"web_sockets\"");
		client.close();
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@EnableWebSocket
	@Import(Live.class)
	static class Application implements WebSocketConfigurer {

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll()).build();
		}

		@Override
		public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
			registry.addHandler(new EchoHandler(), "/spring");
		}

		/** Tells nobody by which pattern it has found its handler. */
		@Bean
		AbstractHandlerMapping bare(WebSocketEngines engines) {
			AbstractHandlerMapping mapping = new AbstractHandlerMapping() {

				@Override
				protected @Nullable Object getHandlerInternal(HttpServletRequest request) {
					return request.getRequestURI().equals("/bare") ? new WebSocketHttpRequestHandler(new EchoHandler(),
							new DefaultHandshakeHandler(engines.strategy())) : null;
				}

			};
			mapping.setOrder(Ordered.HIGHEST_PRECEDENCE);
			return mapping;
		}

	}

	@Controller
	static class Live {

		private final Hubs hubs;

		private final Sinks.Empty<Void> lasting = Sinks.empty();

		Live(Hubs hubs) {
			this.hubs = hubs;
		}

		@WebSocketMapping("/echo/{room}")
		InOut<String, String> echo(@PathVariable String room) {
			return InOut.flow((messages) -> messages);
		}

		@WebSocketMapping("/timed")
		InOut<String, String> timed() {
			Hub<String> hub = this.hubs.hub("timed", String.class);
			return InOut.of(In.forEach(hub::publish), hub.out());
		}

		@WebSocketMapping({ "/names", "/observed", "/private/{room}" })
		InOut<String, String> others() {
			return InOut.flow((messages) -> messages);
		}

		@WebSocketMapping("/lasting")
		InOut<String, String> lasting() {
			return InOut.of(In.forEachAsync((message) -> this.lasting.asMono()), Out.never());
		}

		@WebSocketMapping("/active")
		@EventSourceMapping("/active")
		@CometMapping(path = "/active", callback = "parent.message")
		Out<String> active() {
			return Out.never();
		}

		@WebSocketMapping("/closing/{status}")
		InOut<String, String> closing(@PathVariable int status) {
			return InOut.of(In.ignore(), Out.close(new CloseStatus(status)));
		}

		@WebSocketMapping("/guarded")
		ResponseEntity<InOut<String, String>> guarded(@RequestParam boolean allowed) {
			return allowed ? ResponseEntity.ok(InOut.of(In.ignore(), Out.never()))
					: ResponseEntity.status(HttpStatus.CONFLICT).build();
		}

		@EventSourceMapping(path = "/slow", overflow = Overflow.DROP_OLDEST)
		Out<String> slow() {
			return this.hubs.hub("slow", String.class).out();
		}

	}

}

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

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.CrossOrigin;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.handler.TextWebSocketHandler;

import dev.halley.ContextCapture;
import dev.halley.Out;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.connection.ConnectionFilter;
import dev.halley.connection.ConnectionLimits;
import dev.halley.connection.ConnectionObserver;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.Connections;
import dev.halley.sse.EventStream;
import dev.halley.web.RawStream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server that is drained: by an operator, and when it stops.
 */
@Timeout(120)
class DrainServerTests {

	private static final HttpClient HTTP = HttpClient.newHttpClient();

	private static ServletWebServerApplicationContext start(String... properties) {
		return Server.TOMCAT_LOOPS.start(Application.class, properties);
	}

	private static HttpResponse<String> exchange(ServletWebServerApplicationContext context, String method, String path,
			String... headers) throws Exception {
		HttpRequest.Builder request = HttpRequest
			.newBuilder(URI.create("http://localhost:" + Server.port(context) + path))
			.method(method, HttpRequest.BodyPublishers.noBody());
		return HTTP
			.sendAsync((headers.length > 0) ? request.headers(headers).build() : request.build(),
					HttpResponse.BodyHandlers.ofString())
			.get(30, TimeUnit.SECONDS);
	}

	@Test
	void anOperatorDrainsAServer() throws Exception {
		try (ServletWebServerApplicationContext context = start(
				"management.endpoints.web.exposure.include=halley,health", "management.health.defaults.enabled=false",
				"management.endpoint.health.probes.enabled=true",
				"management.endpoint.health.group.readiness.include=readinessState",
				"halley.shutdown.status=service-restart")) {
			TestClient pair = TestClient.connect(Server.url(context, "/news"));
			TestClient handler = TestClient.connect(Server.url(context, "/spring"));
			try (RawStream stream = RawStream.get(Server.port(context), "/news", "Accept: text/event-stream")) {
				assertThat(stream.status()).isEqualTo(200);
				assertThat(exchange(context, "GET", "/actuator/health/readiness").statusCode()).isEqualTo(200);
				HttpResponse<String> drained = exchange(context, "POST", "/actuator/halley/drain", "Content-Type",
						"application/json");
				assertThat(drained.statusCode()).as(drained.body()).isEqualTo(200);
				assertThat(drained.body()).contains("\"begun\":true");
				assertThat(pair.next()).isEqualTo("closed 1012");
				assertThat(handler.next()).isEqualTo("closed 1012");
				assertThat(stream.chunks()).noneMatch((chunk) -> chunk.contains("stream-end"));
			}
			assertThat(exchange(context, "GET", "/actuator/health/readiness").statusCode()).isEqualTo(503);
			assertThat(exchange(context, "GET", "/news", "Accept", "text/event-stream").body()).isEqualTo(":\n\n");
			assertRefused(exchange(context, "GET", "/news"));
			assertThat(TestClient.refusal(Server.url(context, "/news"))).isEqualTo(503);
			assertThat(TestClient.refusal(Server.url(context, "/spring"))).isEqualTo(503);
			assertThat(exchange(context, "GET", "/actuator/halley").body()).contains("\"accepting\":false");
			assertThat(exchange(context, "POST", "/actuator/halley/drain", "Content-Type", "application/json").body())
				.contains("\"begun\":false");
			assertThat(exchange(context, "POST", "/actuator/halley/planets", "Content-Type", "application/json")
				.statusCode()).isEqualTo(400);
		}
	}

	private static void assertRefused(HttpResponse<String> answer) {
		assertThat(answer.statusCode()).isEqualTo(503);
		assertThat(answer.headers().firstValue("Retry-After"))
			.hasValueSatisfying((after) -> assertThat(Integer.parseInt(after)).isBetween(1, 10));
	}

	/** A browser never comes again after any other status than 200. */
	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_LOOPS", "JETTY" })
	void aBrowserIsToldToComeAgainByAServerThatIsDrained(Server server) throws Exception {
		try (ServletWebServerApplicationContext context = server.start(Application.class)) {
			context.getBean(ConnectionRegistry.class).stopAccepting();
			for (String path : List.of("/news", "/ordinary", "/later", "/helper")) {
				assertEndsAtOnce(context, path, "text/event-stream");
				assertEndsAtOnce(context, path, "text/plain;q=0.1, text/event-stream");
			}
			assertThat(context.getBean(News.class).calls).as("of the mapped method").hasValue(0);
			assertThat(context.getBean(ConnectionRegistry.class).reserved()).isZero();
			assertRefused(exchange(context, "GET", "/news", "Accept", "*/*"));
			assertRefused(exchange(context, "GET", "/helper", "Accept", "*/*"));
			assertRefused(exchange(context, "POST", "/news", "Accept", "text/event-stream"));
			assertRefused(exchange(context, "HEAD", "/news", "Accept", "text/event-stream"));
			assertRefused(exchange(context, "GET", "/comet", "Accept", "text/html"));
			assertThat(
					exchange(context, "GET", "/news", "Accept", "text/event-stream", "Last-Event-ID", "dev.halley.end")
						.statusCode())
				.isEqualTo(204);
		}
	}

	private static void assertEndsAtOnce(ServletWebServerApplicationContext context, String path, String accept)
			throws Exception {
		try (RawStream client = RawStream.get(Server.port(context), path, "Accept: " + accept, "Connection: close",
				"Origin: https://pages.example")) {
			assertThat(client.status()).as(path).isEqualTo(200);
			assertThat(client.headers().getFirst("Content-Type"))
				.isEqualToIgnoringCase("text/event-stream;charset=UTF-8");
			assertThat(client.headers().get("Cache-Control")).containsExactly("no-store");
			assertThat(client.headers().getFirst("Content-Length")).isEqualTo("3");
			assertThat(client.headers().getFirst("Access-Control-Allow-Origin")).isEqualTo("https://pages.example");
			assertThat(client.rest()).isEqualTo(":\n\n");
		}
	}

	@Test
	void aDrainThatATimeOrAListenerStandsAgainst() throws Exception {
		try (ServletWebServerApplicationContext context = start("management.endpoints.web.exposure.include=halley")) {
			ConnectionRegistry registry = context.getBean(ConnectionRegistry.class);
			ApplicationAvailability availability = context.getBean(ApplicationAvailability.class);
			assertThat(drain(context, "{\"over\": \"86401s\"}").statusCode()).isEqualTo(400);
			assertThat(registry.isAccepting()).isTrue();
			assertThat(drain(context, "{\"over\": \"24h\"}").statusCode()).isEqualTo(200);
			assertThat(availability.getReadinessState()).isEqualTo(ReadinessState.REFUSING_TRAFFIC);
			ConnectionLifecycle lifecycle = context.getBean(ConnectionLifecycle.class);
			lifecycle.stop();
			lifecycle.start();
			assertThat(registry.isAccepting()).isTrue();
			assertThat(availability.getReadinessState()).isEqualTo(ReadinessState.ACCEPTING_TRAFFIC);
			TestClient client = TestClient.connect(Server.url(context, "/news"));
			ApplicationListener<AvailabilityChangeEvent<?>> failing = (event) -> {
				throw new IllegalStateException("a listener that fails");
			};
			context.addApplicationListener(failing);
			assertThat(drain(context, "{}").body()).contains("\"begun\":true");
			assertThat(registry.isAccepting()).isFalse();
			assertThat(client.next()).isEqualTo("closed 1001");
			context.removeApplicationListener(failing);
		}
	}

	private static HttpResponse<String> drain(ServletWebServerApplicationContext context, String body)
			throws Exception {
		HttpRequest request = HttpRequest
			.newBuilder(URI.create("http://localhost:" + Server.port(context) + "/actuator/halley/drain"))
			.POST(HttpRequest.BodyPublishers.ofString(body))
			.header("Content-Type", "application/json")
			.build();
		return HTTP.sendAsync(request, HttpResponse.BodyHandlers.ofString()).get(30, TimeUnit.SECONDS);
	}

	/** With a limit it is the browser that is one too many. */
	@Test
	void aBrowserBeyondALimitIsRefused() throws Exception {
		try (ServletWebServerApplicationContext context = start("halley.limits.connections=1")) {
			TestClient only = TestClient.connect(Server.url(context, "/news"));
			for (String path : List.of("/news", "/ordinary", "/helper")) {
				assertRefused(exchange(context, "GET", path, "Accept", "text/event-stream"));
			}
			only.close();
		}
	}

	/** Its clock stands, so that nobody may come any more after the first. */
	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_LOOPS", "TOMCAT_CONTAINER", "JETTY" })
	void whoComesTooFastIsRefusedOverEveryWire(Server server) throws Exception {
		try (ServletWebServerApplicationContext context = server.start(StandingClock.class,
				"management.endpoints.web.exposure.include=prometheus")) {
			ConnectionRegistry registry = context.getBean(ConnectionRegistry.class);
			registry.reserve("192.0.2.1", null).close();
			assertThat(TestClient.refusal(Server.url(context, "/news"))).isEqualTo(503);
			assertRefused(exchange(context, "GET", "/news"));
			assertRefused(exchange(context, "GET", "/news", "Accept", "*/*"));
			assertRefused(exchange(context, "GET", "/helper", "Accept", "*/*"));
			assertRefused(exchange(context, "GET", "/comet", "Accept", "text/html"));
			for (String path : List.of("/news", "/ordinary", "/later", "/helper")) {
				assertEndsAtOnce(context, path, "text/event-stream");
			}
			assertThat(context.getBean(News.class).calls).as("of the mapped method").hasValue(0);
			assertThat(registry.reserved()).isZero();
			Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
				Scrape scrape = Scrape.of(Server.port(context));
				assertThat(refusals(scrape, "/news", "web_sockets")).isEqualTo(1);
				assertThat(refusals(scrape, "/news", "server_sent_events")).isEqualTo(2);
				assertThat(refusals(scrape, "/comet", "comet")).isEqualTo(1);
			});
			if (server == Server.TOMCAT_LOOPS) {
				assertThat(TestClient.refusal(Server.url(context, "/spring"))).isEqualTo(503);
				assertThat(refusals(Scrape.of(Server.port(context)), "/spring", "web_sockets")).isEqualTo(1);
			}
		}
	}

	private static double refusals(Scrape scrape, String endpoint, String transport) {
		return scrape.value("halley_handshakes_total", "endpoint=\"" + endpoint + "\"", "outcome=\"refused\"",
				"status=\"503\"", "transport=\"" + transport + "\"");
	}

	/** With a time that is never over, all but the first hundred would be left. */
	@Test
	void aServerThatStopsTellsItsConnectionsInBatches() throws Exception {
		List<TestClient> clients = new ArrayList<>();
		ServletWebServerApplicationContext context = start("halley.shutdown.drain=1s");
		for (int i = 0; i < 120; i++) {
			clients.add(TestClient.connect(Server.url(context, "/news")));
		}
		Connections connections = context.getBean(Connections.class);
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> connections.count(ConnectionFilter.ALL) == 120);
		context.close();
		for (TestClient client : clients) {
			assertThat(client.next()).isEqualTo("closed 1001");
		}
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@EnableWebSocket
	@Import(News.class)
	static class Application {

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			return http.csrf((csrf) -> csrf.disable())
				.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
				.build();
		}

		@Bean
		WebSocketConfigurer handlers() {
			return (registry) -> registry.addHandler(new TextWebSocketHandler(), "/spring");
		}

	}

	@Import(Application.class)
	static class StandingClock {

		@Bean
		ConnectionRegistry registry(ObjectProvider<ConnectionObserver> observers) {
			return new ConnectionRegistry(Runnable::run, Runnable::run, ConnectionLimits.NONE.withPerSecond(1), () -> 0,
					ContextCapture.NONE, observers.getObject());
		}

	}

	@Controller
	@CrossOrigin("https://pages.example")
	static class News {

		private final AtomicInteger calls = new AtomicInteger();

		@WebSocketMapping("/news")
		@EventSourceMapping(path = "/news", method = { RequestMethod.GET, RequestMethod.POST })
		Out<String> news() {
			this.calls.incrementAndGet();
			return Out.never();
		}

		@CometMapping(path = "/comet", callback = "news")
		Out<String> comet() {
			return Out.never();
		}

		@GetMapping(path = "/ordinary", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		ResponseEntity<Out<String>> ordinary() {
			return ResponseEntity.status(HttpStatus.ACCEPTED).cacheControl(CacheControl.noCache()).body(Out.never());
		}

		@GetMapping(path = "/later", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Callable<Out<String>> later() {
			return Out::never;
		}

		@GetMapping("/helper")
		ResponseBodyEmitter helper() {
			return EventStream.emit(Out.of("news"));
		}

	}

}

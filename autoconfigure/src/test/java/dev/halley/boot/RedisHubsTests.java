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
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import dev.halley.Hub;
import dev.halley.HubEvent;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Replay;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.observation.HubDeliverObservationContext;
import dev.halley.observation.HubPublishObservationContext;
import dev.halley.redis.RedisProcess;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two applications are one chat over one Redis.
 */
@Timeout(120)
class RedisHubsTests {

	private static RedisProcess redis;

	private static ServletWebServerApplicationContext first;

	private static ServletWebServerApplicationContext second;

	@BeforeAll
	static void start() {
		redis = RedisProcess.start(RedisProcess.REDIS_6);
		first = application();
		second = application();
	}

	private static ServletWebServerApplicationContext application() {
		return Server.TOMCAT_LOOPS.start(ChatApplication.class, "halley.hub.broker=redis",
				"spring.data.redis.host=127.0.0.1", "spring.data.redis.port=" + redis.port(),
				"halley.hub.history[0].name=room.*", "halley.hub.history[0].count=50",
				"management.endpoint.health.show-details=always", "management.health.redis.enabled=false",
				"spring.data.redis.client-name=chat", "halley.observations.hubs=true");
	}

	@AfterAll
	static void stop() {
		first.close();
		second.close();
		redis.close();
	}

	private static TestClient connect(ServletWebServerApplicationContext application, String path) {
		return TestClient.connect(Server.url(application, path));
	}

	@Test
	void whatIsSaidInOneIsHeardInTheOther() throws Exception {
		TestClient one = connect(first, "/rooms/a").send("{\"text\":\"hello\"}");
		assertThat(one.next()).isEqualTo("{\"text\":\"hello\"}");
		TestClient other = connect(second, "/rooms/a");
		assertThat(other.next()).as("the history").isEqualTo("{\"text\":\"hello\"}");
		other.send("{\"text\":\"<hi> & ümläut\"}");
		assertThat(one.next()).isEqualTo("{\"text\":\"<hi> & ümläut\"}");
		assertThat(other.next()).isEqualTo("{\"text\":\"<hi> & ümläut\"}");
		assertThat(redis.command("CLIENT LIST")).contains("name=chat");
	}

	@Test
	void whoComesBackToTheOtherGoesOnWhereItWas() throws Exception {
		TestClient one = connect(first, "/lines/b").send("{\"text\":\"1\"}")
			.send("{\"text\":\"2\"}")
			.send("{\"text\":\"3\"}");
		String position = one.next().split(" ")[0];
		one.abort();
		TestClient back = connect(second, "/lines/b?after=" + position);
		assertThat(back.next()).endsWith(" 2");
		assertThat(back.next()).endsWith(" 3");
		TestClient unknown = connect(second, "/lines/b?after=x-1");
		assertThat(unknown.next()).endsWith(" reset");
	}

	@Test
	void aServerThatIsKilledClosesNobodyAndHealthTells() throws Exception {
		TestClient one = connect(first, "/rooms/c").send("{\"text\":\"before\"}");
		TestClient other = connect(second, "/rooms/c");
		one.next();
		other.next();
		assertThat(health(first).at("/status").asString()).isEqualTo("UP");
		assertThat(health(first).at("/details/server").asString()).contains("Redis 6.2");
		redis.kill();
		Awaitility.await().until(() -> haveHealth("DOWN"));
		assertThat(health(first).at("/details/problem").asString()).isNotEmpty();
		redis.startAgain(true);
		Awaitility.await().until(() -> haveHealth("UP"));
		one.send("{\"text\":\"after\"}");
		assertThat(one.next()).isEqualTo("{\"text\":\"after\"}");
		assertThat(other.next()).isEqualTo("{\"text\":\"after\"}");
	}

	@Test
	void theTraceTravelsWithTheMessageToEachNode() throws Exception {
		TestClient one = connect(first, "/rooms/d");
		TestClient other = connect(second, "/rooms/d");
		Awaitility.await().until(() -> isSubscribed(first) && isSubscribed(second));
		one.send("{\"text\":\"traced\"}");
		assertThat(one.next()).isEqualTo("{\"text\":\"traced\"}");
		assertThat(other.next()).isEqualTo("{\"text\":\"traced\"}");
		String trace = Awaitility.await()
			.until(() -> traceOf(first, HubPublishObservationContext.class), Objects::nonNull);
		for (ServletWebServerApplicationContext node : List.of(first, second)) {
			Awaitility.await()
				.untilAsserted(() -> assertThat(traceOf(node, HubDeliverObservationContext.class)).isEqualTo(trace));
			assertThat(node.getBean(Hubs.class).statistics().came()).isPositive();
		}
	}

	private static boolean isSubscribed(ServletWebServerApplicationContext node) {
		return node.getBean(Hubs.class).state("room.d").filter((hub) -> hub.subscribers() == 1).isPresent();
	}

	private static @Nullable String traceOf(ServletWebServerApplicationContext node,
			Class<? extends Observation.Context> type) {
		return node.getBean(Propagated.class).stopped.stream()
			.filter(type::isInstance)
			.filter((each) -> each.getHighCardinalityKeyValues()
				.stream()
				.anyMatch((key) -> key.getValue().equals("room.d")))
			.map((each) -> each.<String>get("trace"))
			.findFirst()
			.orElse(null);
	}

	private static boolean haveHealth(String status) throws Exception {
		return health(first).at("/status").asString().equals(status)
				&& health(second).at("/status").asString().equals(status);
	}

	private static JsonNode health(ServletWebServerApplicationContext application) throws Exception {
		URI uri = URI.create("http://localhost:" + Server.port(application) + "/actuator/health");
		HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30)).build();
		String body = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
		return JsonMapper.shared().readTree(body).at("/components/hubs");
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import({ ChatController.class, Propagated.class })
	static class ChatApplication {

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll()).build();
		}

	}

	/** Propagates as tracers do, with a trace that needs escaping. */
	static class Propagated implements ObservationHandler<Observation.Context> {

		private final Queue<Observation.Context> stopped = new ConcurrentLinkedQueue<>();

		@Override
		public void onStart(Observation.Context context) {
			if (context instanceof HubPublishObservationContext published) {
				String trace = "a trace; of=" + UUID.randomUUID() + " ü";
				context.put("trace", trace);
				published.getSetter().set(published.getCarrier(), "traceparent", trace);
			}
			else if (context instanceof HubDeliverObservationContext delivered) {
				context.put("trace", String.valueOf(delivered.getGetter().get(delivered.getCarrier(), "traceparent")));
			}
		}

		@Override
		public void onStop(Observation.Context context) {
			this.stopped.add(context);
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

	}

	record Said(String text) {
	}

	@RestController
	static class ChatController {

		private final Hubs hubs;

		ChatController(Hubs hubs) {
			this.hubs = hubs;
		}

		@WebSocketMapping("/rooms/{room}")
		InOut<Said, Said> room(@PathVariable String room) {
			Hub<Said> hub = this.hubs.hub("room." + room, Said.class);
			return InOut.of(In.forEach(hub::publish), hub.out(Replay.last(20)));
		}

		@WebSocketMapping("/lines/{room}")
		InOut<Said, String> lines(@PathVariable String room, @RequestParam(required = false) String after) {
			Hub<Said> hub = this.hubs.hub("room." + room, Said.class);
			return InOut.of(In.forEach(hub::publish), hub.events(Replay.after(after))
				.map((event) -> event.position() + " "
						+ ((event instanceof HubEvent.Message<Said> message) ? message.payload().text() : "reset")));
		}

	}

}

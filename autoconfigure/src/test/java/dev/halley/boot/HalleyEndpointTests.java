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

import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import javax.management.MBeanServer;
import javax.management.ObjectName;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.socket.CloseStatus;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import dev.halley.History;
import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.connection.ConnectionAttributes;
import dev.halley.connection.ConnectionFilter;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.Connections;
import dev.halley.web.RawStream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What operators see and do by Actuator, over HTTP and JMX, on a real server.
 */
@Timeout(120)
class HalleyEndpointTests {

	private static final HttpClient HTTP = HttpClient.newHttpClient();

	private static ServletWebServerApplicationContext context;

	@BeforeAll
	static void start() {
		context = Server.TOMCAT_LOOPS.start(Application.class, "halley.sse.heartbeat=1s",
				"management.endpoints.web.exposure.include=halley,health,info",
				"management.endpoints.jmx.exposure.include=halley", "spring.jmx.enabled=true",
				"management.endpoint.halley.show-values=when-authorized", "management.endpoint.halley.roles=ADMIN",
				"management.endpoint.health.show-details=always", "management.health.defaults.enabled=false",
				"management.health.halley.enabled=true", "halley.websocket.max-message-size=32KB",
				"halley.websocket.allowed-origins=https://example.org");
	}

	@AfterAll
	static void stop() {
		context.close();
	}

	@AfterEach
	void end() {
		context.getBean(Connections.class).close(ConnectionFilter.ALL, CloseStatus.NORMAL);
		await(0);
	}

	private static void await(int connections) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> context.getBean(Connections.class).count(ConnectionFilter.ALL) == connections);
	}

	private static String credentials(String user) {
		return "Basic " + Base64.getEncoder().encodeToString((user + ":secret").getBytes(StandardCharsets.UTF_8));
	}

	private static TestClient connect(String user, String path) {
		return TestClient.connect(Server.url(context, path), "Authorization", credentials(user));
	}

	private static HttpResponse<String> exchange(String method, String user, String path) throws Exception {
		HttpRequest request = HttpRequest
			.newBuilder(URI.create("http://localhost:" + Server.port(context) + "/actuator" + path))
			.method(method, HttpRequest.BodyPublishers.noBody())
			.header("Authorization", credentials(user))
			.build();
		return HTTP.sendAsync(request, HttpResponse.BodyHandlers.ofString()).get(30, TimeUnit.SECONDS);
	}

	private static JsonNode get(String user, String path) throws Exception {
		HttpResponse<String> response = exchange("GET", user, path);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return JsonMapper.shared().readTree(response.body());
	}

	private static JsonNode delete(String path) throws Exception {
		HttpResponse<String> response = exchange("DELETE", "admin", path);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return JsonMapper.shared().readTree(response.body());
	}

	@Test
	void allIsSeenAtAGlance() throws Exception {
		connect("ann", "/rooms/1");
		await(1);
		JsonNode overview = get("admin", "/halley");
		assertThat(overview.path("accepting").asBoolean(false)).isTrue();
		assertThat(overview.path("connections").asInt()).isEqualTo(1);
		assertThat(overview.path("transports").path("websocket").asInt()).isEqualTo(1);
		assertThat(overview.path("endpoints").asInt()).isEqualTo(3);
	}

	@Test
	void endpointsAreSeenWithTheirTypesAndLimits() throws Exception {
		JsonNode page = get("admin", "/halley/endpoints");
		assertThat(page.path("total").asInt()).isEqualTo(3);
		JsonNode stream = page.path("content").get(1);
		assertThat(stream.path("transport").asString()).isEqualTo("sse");
		JsonNode socket = page.path("content").get(2);
		assertThat(socket.path("path").asString()).isEqualTo("/rooms/{room}");
		assertThat(socket.path("transport").asString()).isEqualTo("websocket");
		assertThat(socket.path("handler").asString()).endsWith("Rooms.room");
		assertThat(socket.path("in").asString()).isEqualTo("java.lang.String");
		assertThat(socket.path("out").asString()).isEqualTo("java.lang.String");
		assertThat(socket.path("allowedOrigins").get(0).asString()).isEqualTo("https://example.org");
		assertThat(socket.path("limits").path("maxMessageSize").asInt()).isEqualTo(32768);
		assertThat(socket.path("limits").path("overflow").asString()).isEqualTo("CLOSE");
		assertThat(socket.path("limits").path("idleTimeout").asString()).isEqualTo("PT5M");
	}

	@Test
	void connectionsAreSeenWithWhatTheyHaveDone() throws Exception {
		TestClient ann = connect("ann", "/rooms/1").send("12345");
		assertThat(ann.next()).isEqualTo("12345");
		JsonNode page = get("admin", "/halley/connections");
		assertThat(page.path("total").asInt()).isEqualTo(1);
		JsonNode connection = page.path("content").get(0);
		assertThat(connection.path("user").asString()).isEqualTo("ann");
		assertThat(connection.path("endpoint").asString()).isEqualTo("/rooms/{room}");
		assertThat(connection.path("address").asString()).isEqualTo("127.0.0.1");
		assertThat(connection.path("attributes").path("room").asString()).isEqualTo("1");
		assertThat(Duration.parse(connection.path("age").asString())).isPositive();
		JsonNode traffic = connection.path("traffic");
		assertThat(traffic.path("messagesReceived").asInt()).isEqualTo(1);
		assertThat(traffic.path("bytesReceived").asInt()).isEqualTo(5);
		assertThat(traffic.path("lastActivity").asString()).isNotEmpty();
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> one(connection).path("traffic").path("bytesSent").asInt() == 5);
		assertThat(one(connection).path("traffic").path("queuedMessages").asInt()).isZero();
		assertThat(connection.has("uri")).isFalse();
	}

	private static JsonNode one(JsonNode connection) throws Exception {
		return get("admin", "/halley/connections/" + connection.path("id").asString());
	}

	@Test
	void connectionsAreFilteredAndPaged() throws Exception {
		connect("ann", "/rooms/1");
		await(1);
		connect("ann", "/rooms/2");
		await(2);
		try (RawStream stream = RawStream.get(Server.port(context), "/news", "Accept: text/event-stream",
				"Authorization: " + credentials("bob"))) {
			assertThat(stream.status()).isEqualTo(200);
			await(3);
			assertThat(total("?user=ann")).isEqualTo(2);
			assertThat(total("?user=bob")).isEqualTo(1);
			assertThat(total("?transport=sse")).isEqualTo(1);
			assertThat(total("?endpoint=" + URLEncoder.encode("/rooms/{room}", StandardCharsets.UTF_8))).isEqualTo(2);
			assertThat(total("?user=bob&transport=websocket")).isZero();
			JsonNode second = get("admin", "/halley/connections?size=1&page=1");
			assertThat(second.path("total").asInt()).isEqualTo(3);
			assertThat(second.path("content")).hasSize(1);
			assertThat(second.path("content").get(0).path("attributes").path("room").asString()).isEqualTo("2");
			assertThat(get("admin", "/halley/connections?page=9").path("content")).isEmpty();
		}
	}

	private static int total(String query) throws Exception {
		return get("admin", "/halley/connections" + query).path("total").asInt();
	}

	@Test
	void whatCannotBeIsRefused() throws Exception {
		assertThat(exchange("GET", "admin", "/halley/connections?page=-1").statusCode()).isEqualTo(400);
		assertThat(exchange("GET", "admin", "/halley/connections?size=1001").statusCode()).isEqualTo(400);
		assertThat(exchange("GET", "admin", "/halley/connections/unknown").statusCode()).isEqualTo(404);
		assertThat(exchange("GET", "admin", "/halley/planets").statusCode()).isEqualTo(404);
		assertThat(exchange("GET", "admin", "/halley/hubs/unknown").statusCode()).isEqualTo(404);
		assertThat(exchange("DELETE", "admin", "/halley/connections").statusCode()).isEqualTo(400);
		assertThat(exchange("DELETE", "admin", "/halley/hubs?user=ann").statusCode()).isEqualTo(400);
		assertThat(exchange("DELETE", "admin", "/halley/connections?user=ann&code=1006").statusCode()).isEqualTo(400);
	}

	@Test
	void whoMayNotSeeThemSeesNoUsersAndAddresses() throws Exception {
		connect("ann", "/rooms/1");
		await(1);
		JsonNode page = get("bob", "/halley/connections?user=ann");
		JsonNode connection = page.path("content").get(0);
		assertThat(connection.path("user").asString()).isEqualTo("******");
		assertThat(connection.path("address").asString()).isEqualTo("******");
		assertThat(connection.path("attributes").path("room").asString()).isEqualTo("******");
		String one = get("bob", "/halley/connections/" + connection.path("id").asString()).toString();
		assertThat(one).contains("******").doesNotContain("ann", "127.0.0.1", "\"1\"");
	}

	@Test
	void oneIsClosed() throws Exception {
		TestClient ann = connect("ann", "/rooms/1");
		await(1);
		connect("ann", "/rooms/2");
		await(2);
		String id = get("admin", "/halley/connections").path("content").get(0).path("id").asString();
		assertThat(delete("/halley/connections/" + id + "?code=4001&reason=bye").path("closed").asInt()).isEqualTo(1);
		assertThat(ann.next()).isEqualTo("closed 4001 bye");
		await(1);
		assertThat(delete("/halley/connections/" + id).path("closed").asInt()).isZero();
	}

	@Test
	void allOfAUserAreClosed() throws Exception {
		TestClient ann = connect("ann", "/rooms/1");
		TestClient bob = connect("bob", "/rooms/1");
		await(2);
		JsonNode closed = delete("/halley/connections?user=ann");
		assertThat(closed.path("closed").asInt()).isEqualTo(1);
		assertThat(closed.path("problem").isNull() || closed.path("problem").isMissingNode()).isTrue();
		assertThat(ann.next()).isEqualTo("closed 1008");
		assertThat(bob.send("still here").next()).isEqualTo("still here");
	}

	@Test
	void hubsAreSeen() throws Exception {
		Hubs hubs = context.getBean(Hubs.class);
		Hub<String> room = hubs.hub("room.1", String.class, History.ofMessages(10));
		room.publish("a");
		room.publish("b");
		TestClient member = connect("ann", "/members/room.1");
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> room.members().size() == 1);
		JsonNode hub = get("admin", "/halley/hubs/room.1");
		assertThat(hub.path("type").asString()).isEqualTo("java.lang.String");
		assertThat(hub.path("members").asInt()).isEqualTo(1);
		assertThat(hub.path("history").path("kept").asInt()).isEqualTo(2);
		assertThat(hub.path("history").path("count").asInt()).isEqualTo(10);
		JsonNode page = get("admin", "/halley/hubs?size=1");
		assertThat(page.path("total").asInt()).isEqualTo(hubs.names().size());
		assertThat(page.path("content").get(0).path("name").asString()).isEqualTo("room.1");
		member.close();
		room.close();
	}

	@Test
	void operationsAreThereOverJmx() throws Exception {
		TestClient ann = connect("ann", "/rooms/1");
		await(1);
		MBeanServer server = ManagementFactory.getPlatformMBeanServer();
		Set<ObjectName> names = server
			.queryNames(new ObjectName("org.springframework.boot:type=Endpoint,name=Halley,*"), null);
		assertThat(names).hasSize(1);
		ObjectName name = names.iterator().next();
		Object[] parameters = { "connections", "ann", null, null, null, null };
		String[] signature = { "java.lang.String", "java.lang.String", "java.lang.String", "java.lang.String",
				"java.lang.Integer", "java.lang.Integer" };
		Object page = server.invoke(name, "list", parameters, signature);
		assertThat(page).isInstanceOfSatisfying(Map.class, (map) -> assertThat(map.get("total")).isEqualTo(1));
		assertThat(page.toString()).contains("******").doesNotContain("127.0.0.1");
		Object closed = server.invoke(name, "closeUser", new Object[] { "connections", "ann", 1000, null },
				new String[] { "java.lang.String", "java.lang.String", "java.lang.Integer", "java.lang.String" });
		assertThat(closed).isInstanceOfSatisfying(Map.class, (map) -> assertThat(map.get("closed")).isEqualTo(1));
		assertThat(ann.next()).isEqualTo("closed 1000");
	}

	@Test
	void healthAndInfoTellOfIt() throws Exception {
		JsonNode health = get("admin", "/health").path("components").path("halley");
		assertThat(health.path("status").asString()).isEqualTo("UP");
		assertThat(health.path("details").path("accepting").asBoolean(false)).isTrue();
		assertThat(get("admin", "/info").path("halley").path("endpoints").path("websocket").asInt()).isEqualTo(2);
		ConnectionRegistry registry = context.getBean(ConnectionRegistry.class);
		registry.stopAccepting();
		try {
			HttpResponse<String> answer = exchange("GET", "admin", "/health");
			assertThat(answer.statusCode()).isEqualTo(503);
			assertThat(answer.body()).contains("OUT_OF_SERVICE");
		}
		finally {
			registry.startAccepting();
		}
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(Rooms.class)
	static class Application {

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			return http.httpBasic(Customizer.withDefaults())
				.csrf((csrf) -> csrf.disable())
				.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
				.build();
		}

		@Bean
		UserDetailsService users() {
			return new InMemoryUserDetailsManager(user("ann", "USER"), user("bob", "USER"), user("admin", "ADMIN"));
		}

		private static UserDetails user(String name, String role) {
			return User.withUsername(name).password("{noop}secret").roles(role).build();
		}

	}

	@Controller
	static class Rooms {

		private final Hubs hubs;

		Rooms(Hubs hubs) {
			this.hubs = hubs;
		}

		@WebSocketMapping("/rooms/{room}")
		InOut<String, String> room(@PathVariable String room, ConnectionAttributes attributes) {
			attributes.set("room", room);
			return InOut.flow((in) -> in);
		}

		@WebSocketMapping("/members/{name}")
		Out<String> members(@PathVariable String name, Principal user) {
			return this.hubs.hub(name, String.class, History.ofMessages(10)).join(user.getName(), "here", Out.never());
		}

		@EventSourceMapping("/news")
		Out<String> news() {
			return Out.never();
		}

	}

}

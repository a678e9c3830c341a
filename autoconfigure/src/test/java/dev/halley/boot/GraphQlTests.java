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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.graphql.data.method.annotation.Argument;
import org.springframework.graphql.data.method.annotation.SubscriptionMapping;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import dev.halley.connection.ConnectionRegistry;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The subscriptions of Spring for GraphQL run on the engine that is configured, though
 * the application says nothing of it.
 */
class GraphQlTests {

	private static final int SUBSCRIPTIONS = 4;

	private static final int MESSAGES = 5_000;

	private static ServletWebServerApplicationContext start(Server server, String... properties) {
		return server.start(GraphQlApplication.class,
				Stream
					.concat(Stream.of(properties), Stream.of("spring.graphql.websocket.path=/graphql",
							"spring.graphql.schema.locations=classpath:numbers/"))
					.toArray(String[]::new));
	}

	/** What Halley's own engine carries is registered, and limited. */
	private static int carried(Server server) {
		return (server == Server.TOMCAT_NATIVE || server == Server.TOMCAT_LOOPS) ? 1 : 0;
	}

	@ParameterizedTest
	@EnumSource
	void manySubscriptionsDeliverAllInOrder(Server server) throws Exception {
		try (ServletWebServerApplicationContext context = start(server)) {
			GraphQlClient client = GraphQlClient.connect(context);
			for (int id = 0; id < SUBSCRIPTIONS; id++) {
				client.subscribe(id, "numbers(count: " + MESSAGES + ")");
			}
			int[] expected = new int[SUBSCRIPTIONS];
			for (int ended = 0; ended < SUBSCRIPTIONS;) {
				JsonNode message = client.next();
				int id = Integer.parseInt(message.get("id").asString());
				if (message.get("type").asString().equals("complete")) {
					ended++;
				}
				else {
					assertThat(message.at("/payload/data/numbers").asInt()).isEqualTo(expected[id]++);
				}
			}
			assertThat(expected).containsOnly(MESSAGES);
			assertThat(context.getBean(ConnectionRegistry.class).size()).isEqualTo(carried(server));
			client.socket().abort();
		}
	}

	@ParameterizedTest
	@EnumSource(names = "TOMCAT_NATIVE")
	void aSubscriptionIsToldOfTheApplicationsEnd(Server server) throws Exception {
		ServletWebServerApplicationContext context = start(server);
		GraphQlClient client = GraphQlClient.connect(context);
		client.subscribe(0, "silent");
		CompletableFuture<Void> closed = Server.close(context);
		assertThat(client.socket().next()).isEqualTo("closed 1001");
		closed.get(60, TimeUnit.SECONDS);
	}

	@ParameterizedTest
	@EnumSource(names = "TOMCAT_NATIVE")
	void subscriptionsCountAgainstTheLimits(Server server) throws Exception {
		try (ServletWebServerApplicationContext context = start(server, "halley.limits.connections=1")) {
			String[] protocol = { "Sec-WebSocket-Protocol", GraphQlClient.PROTOCOL };
			GraphQlClient first = GraphQlClient.connect(context);
			assertThat(TestClient.refusal(Server.url(context, "/graphql"), protocol)).isEqualTo(503);
			first.socket().close();
			Awaitility.await().until(() -> context.getBean(ConnectionRegistry.class).size() == 0);
			assertThat(TestClient.refusal(Server.url(context, "/graphql"), protocol)).isEqualTo(101);
		}
	}

	/**
	 * Speaks the protocol of graphql-ws.
	 *
	 * @param socket over which
	 */
	private record GraphQlClient(TestClient socket) {

		static final String PROTOCOL = "graphql-transport-ws";

		private static final JsonMapper JSON = new JsonMapper();

		static GraphQlClient connect(ServletWebServerApplicationContext context) throws InterruptedException {
			TestClient socket = TestClient.connect(Server.url(context, "/graphql"), "Sec-WebSocket-Protocol", PROTOCOL);
			GraphQlClient client = new GraphQlClient(socket.send("{\"type\":\"connection_init\"}"));
			assertThat(client.next().get("type").asString()).isEqualTo("connection_ack");
			return client;
		}

		void subscribe(int id, String field) {
			this.socket.send("{\"type\":\"subscribe\",\"id\":\"%d\",\"payload\":{\"query\":\"subscription { %s }\"}}"
				.formatted(id, field));
		}

		JsonNode next() throws InterruptedException {
			return JSON.readTree(this.socket.next());
		}

	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(NumbersController.class)
	static class GraphQlApplication {

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll()).build();
		}

	}

	@Controller
	static class NumbersController {

		@SubscriptionMapping
		Flux<Integer> numbers(@Argument int count) {
			return Flux.range(0, count);
		}

		@SubscriptionMapping
		Flux<Integer> silent() {
			return Flux.never();
		}

	}

}

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
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.HttpClientTransportOverHTTP2;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.exceptions.UpgradeException;
import org.eclipse.jetty.websocket.client.ClientUpgradeRequest;
import org.eclipse.jetty.websocket.client.WebSocketClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;

import dev.halley.InOut;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.connection.ConnectionRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * WebSockets and HTTP/2: Jetty has both on one connection (RFC 8441), Tomcat has not.
 */
class Http2WebSocketTests {

	private static ServletWebServerApplicationContext start(Server server) {
		return server.start(Http2Application.class, "server.http2.enabled=true");
	}

	@ParameterizedTest
	@EnumSource
	void aPlainRequestIsToldWhyItIsNotServedInFormsThatHttp2Has(Server server) throws Exception {
		try (ServletWebServerApplicationContext context = start(server)) {
			HttpResponse<String> response = send(context, "GET", Version.HTTP_2);
			assertThat(response.version()).isEqualTo(Version.HTTP_2);
			assertThat(response.statusCode()).isEqualTo(400);
			assertThat(response.body()).contains("This path is for WebSockets only; over HTTP/2");
			assertThat(response.headers().map()).doesNotContainKeys("upgrade", "connection");
			assertThat(send(context, "GET", Version.HTTP_1_1).statusCode()).isEqualTo(426);
			assertThat(send(context, "DELETE", Version.HTTP_2).statusCode()).isEqualTo(405);
		}
	}

	private static HttpResponse<String> send(ServletWebServerApplicationContext context, String method, Version version)
			throws Exception {
		URI uri = URI.create("http://localhost:" + Server.port(context) + "/echo/1");
		HttpRequest request = HttpRequest.newBuilder(uri)
			.version(version)
			.header("Accept", "application/json")
			.method(method, BodyPublishers.noBody())
			.build();
		return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
	}

	@Test
	void pairsRunOnAStreamOfJettysConnection() throws Exception {
		try (ServletWebServerApplicationContext context = start(Server.JETTY); Client client = new Client(context)) {
			Session session = client.connect("/echo/7", null);
			assertThat(session.getUpgradeResponse().getAcceptedSubProtocol()).isEqualTo("echo.v1");
			client.awaitAnswer(session, "hello", "7: hello");
			client.awaitAnswer(session, "x".repeat(50_000), "7: " + "x".repeat(50_000));
			assertThat(context.getBean(ConnectionRegistry.class).size()).isEqualTo(1);
			CompletableFuture<Void> closed = Server.close(context);
			Awaitility.await().until(() -> "closed 1001".equals(client.events.poll(1, TimeUnit.SECONDS)));
			closed.get(60, TimeUnit.SECONDS);
		}
	}

	@Test
	void handlersOfSpringRunOnAStreamOfJettysConnection() throws Exception {
		try (ServletWebServerApplicationContext context = start(Server.JETTY); Client client = new Client(context)) {
			client.awaitAnswer(client.connect("/handler", null), "hello", "hello");
		}
	}

	@Test
	void theOriginIsCheckedOverHttp2Too() throws Exception {
		try (ServletWebServerApplicationContext context = start(Server.JETTY); Client client = new Client(context)) {
			Session session = client.connect("/echo/1", "http://localhost:" + Server.port(context));
			client.awaitAnswer(session, "own", "1: own");
			assertThat(client.refusal("/echo/1", "https://evil.example")).isEqualTo(403);
			assertThat(client.refusal("/nowhere", null)).isEqualTo(404);
		}
	}

	/** Jetty's client, over HTTP/2 from its first byte on. Public, for Jetty calls it. */
	public static final class Client implements AutoCloseable, Session.Listener.AutoDemanding {

		private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

		private final WebSocketClient client;

		private final String server;

		Client(ServletWebServerApplicationContext context) throws Exception {
			this.client = new WebSocketClient(
					new org.eclipse.jetty.client.HttpClient(new HttpClientTransportOverHTTP2(new HTTP2Client())));
			this.client.start();
			this.server = "ws://localhost:" + Server.port(context);
		}

		Session connect(String path, String origin) throws Exception {
			ClientUpgradeRequest request = new ClientUpgradeRequest(URI.create(this.server + path));
			request.setSubProtocols("echo.v1");
			if (origin != null) {
				request.setHeader("Origin", origin);
			}
			return this.client.connect(this, request).get(30, TimeUnit.SECONDS);
		}

		int refusal(String path, String origin) {
			int[] status = new int[1];
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> connect(path, origin))
				.havingCause()
				.isInstanceOfSatisfying(UpgradeException.class, (ex) -> status[0] = ex.getResponseStatusCode());
			return status[0];
		}

		/**
		 * Asks until the answer comes: this client, not the server, loses a message now
		 * and then, just after it has connected.
		 */
		void awaitAnswer(Session session, String question, String answer) {
			Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
				session.sendText(question, Callback.NOOP);
				return answer.equals(this.events.poll(2, TimeUnit.SECONDS));
			});
		}

		@Override
		public void onWebSocketText(String message) {
			this.events.add(message);
		}

		@Override
		public void onWebSocketClose(int status, String reason, Callback callback) {
			this.events.add("closed " + status);
			callback.succeed();
		}

		@Override
		public void close() throws Exception {
			this.client.stop();
		}

	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@EnableWebSocket
	@Import(EchoController.class)
	static class Http2Application implements WebSocketConfigurer {

		/** As in the documentation: Spring Security refuses CONNECT by default. */
		@Bean
		HttpFirewall firewall() {
			StrictHttpFirewall firewall = new StrictHttpFirewall();
			firewall
				.setAllowedHttpMethods(List.of("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"));
			return firewall;
		}

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			return http
				.csrf((csrf) -> csrf.ignoringRequestMatchers((request) -> request.getMethod().equals("CONNECT"),
						(request) -> request.getMethod().equals("DELETE")))
				.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
				.build();
		}

		@Override
		public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
			registry.addHandler(new EchoHandler(), "/handler");
		}

	}

	@Controller
	static class EchoController {

		@WebSocketMapping(path = "/echo/{id}", subprotocols = "echo.v1")
		InOut<String, String> echo(@PathVariable String id) {
			return InOut.flow((in) -> in.map((text) -> id + ": " + text));
		}

	}

}

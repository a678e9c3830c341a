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
import java.util.ArrayList;
import java.util.List;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.handler.TextWebSocketHandler;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.web.RawStream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests as proxies send them: pages of the application may connect, whichever scheme
 * the proxy names, and others may not.
 */
@ParameterizedClass
@CsvSource({ "TOMCAT_NATIVE, native", "TOMCAT_NATIVE, framework", "TOMCAT_LOOPS, native", "TOMCAT_LOOPS, framework",
		"TOMCAT_CONTAINER, native", "TOMCAT_CONTAINER, framework", "JETTY, native", "JETTY, framework" })
class ProxyTests {

	private static ServletWebServerApplicationContext context;

	@Parameter(0)
	private Server server;

	@Parameter(1)
	private String strategy;

	@BeforeParameterizedClassInvocation
	static void start(Server server, String strategy) {
		context = server.start(Proxied.class, "server.forward-headers-strategy=" + strategy,
				"spring.security.user.password=secret");
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		context.close();
	}

	/** A handshake; the forwarded headers are separated by bars. */
	private static int handshake(String path, String origin, String forwarded) throws IOException {
		List<String> headers = new ArrayList<>(List.of("Upgrade: websocket", "Connection: Upgrade",
				"Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Origin: " + origin));
		headers.addAll(List.of(forwarded.split(" \\| ")));
		try (RawStream client = RawStream.get(Server.port(context), path, headers.toArray(String[]::new))) {
			return client.status();
		}
	}

	private static String ask(String path, String... headers) throws IOException {
		try (RawStream client = RawStream.get(Server.port(context), path, headers)) {
			return String.join(", ", client.headers().getOrEmpty("Answer"))
					+ String.join(", ", client.headers().getOrEmpty("Location"));
		}
	}

	@ParameterizedTest
	@CsvSource({ "https://chat.example.org, X-Forwarded-Proto: wss", "https://chat.example.org, X-Forwarded-Proto: WSS",
			"https://chat.example.org, X-Forwarded-Proto: https", "http://chat.example.org, X-Forwarded-Proto: ws",
			"http://chat.example.org, X-Forwarded-Proto: http",
			"https://chat.example.org:8443, X-Forwarded-Proto: wss | X-Forwarded-Port: 8443" })
	void pagesOfTheApplicationConnect(String origin, String forwarded) throws IOException {
		String headers = forwarded + " | X-Forwarded-Host: chat.example.org";
		assertThat(handshake("/pair", origin, headers)).isEqualTo(101);
		assertThat(handshake("/handler", origin, headers)).isEqualTo(101);
	}

	@ParameterizedTest
	@CsvSource({ "https://evil.example.com, X-Forwarded-Proto: wss", "http://chat.example.org, X-Forwarded-Proto: wss",
			"https://chat.example.org, X-Forwarded-Proto: ws", "https://chat.example.org, X-Forwarded-Proto: wsss" })
	void othersDoNot(String origin, String forwarded) throws IOException {
		String headers = forwarded + " | X-Forwarded-Host: chat.example.org";
		assertThat(handshake("/pair", origin, headers)).isEqualTo(403);
		assertThat(handshake("/handler", origin, headers)).isEqualTo(403);
	}

	@ParameterizedTest
	@CsvSource({ "https://chat.example.org, Forwarded: proto=wss;host=\"chat.example.org:443\"",
			"https://chat.example.org, Forwarded: for=192.0.2.1;host=\"chat.example.org:443\";Proto=\"wss\"",
			"http://chat.example.org, Forwarded: host=\"chat.example.org:80\";proto=ws" })
	void theStandardHeaderIsUnderstoodWhereTheServerDoes(String origin, String forwarded) throws IOException {
		boolean understood = this.strategy.equals("framework") || this.server == Server.JETTY;
		assertThat(handshake("/pair", origin, forwarded)).isEqualTo(understood ? 101 : 403);
	}

	@Test
	void theRequestIsAsSecureAsTheClientsConnection() throws IOException {
		assertThat(ask("/where", "X-Forwarded-Proto: wss", "X-Forwarded-Host: chat.example.org"))
			.isEqualTo("https://chat.example.org:443 true");
		assertThat(ask("/where", "X-Forwarded-Proto: ws", "X-Forwarded-Host: chat.example.org"))
			.isEqualTo("http://chat.example.org:80 false");
	}

	@Test
	void redirectsLeadToAPage() throws IOException {
		assertThat(ask("/moved", "X-Forwarded-Proto: wss", "X-Forwarded-Host: chat.example.org"))
			.isIn("https://chat.example.org/where", "/where");
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@EnableWebSocket
	@Import(Controller.class)
	static class Proxied implements WebSocketConfigurer {

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll()).build();
		}

		@Override
		public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
			WebSocketHandler handler = new TextWebSocketHandler();
			registry.addHandler(handler, "/handler");
		}

	}

	@RestController
	static class Controller {

		@WebSocketMapping("/pair")
		InOut<String, String> pair() {
			return InOut.of(In.ignore(), Out.never());
		}

		@GetMapping("/where")
		void where(HttpServletRequest request, HttpServletResponse response) {
			response.setHeader("Answer", request.getScheme() + "://" + request.getServerName() + ":"
					+ request.getServerPort() + " " + request.isSecure());
		}

		@GetMapping("/moved")
		void moved(HttpServletResponse response) throws IOException {
			response.sendRedirect("/where");
		}

	}

}

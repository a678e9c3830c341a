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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.CrossOrigin;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.config.annotation.CorsRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;

import dev.halley.Out;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each row of the table in docs/origins.md is what a server does.
 */
@Timeout(120)
class OriginsPageTests {

	private static final String FOR_ALL = "https://partner.example for all";

	private static final String ON_THE_MAPPING = "https://*.shop.example on the mapping";

	/** By what is in the table of wires and of origins that are allowed. */
	private static final Map<String, String> PATHS = Map.ofEntries(Map.entry("WebSocket|" + FOR_ALL, "/partner/live"),
			Map.entry("WebSocket|" + ON_THE_MAPPING, "/shop/live"), Map.entry("WebSocket|* on the mapping", "/open"),
			Map.entry("Spring's handler|", "/spring"), Map.entry("Event stream|", "/private/live"),
			Map.entry("Event stream|" + FOR_ALL, "/partner/live"),
			Map.entry("Event stream|" + ON_THE_MAPPING, "/shop/live"),
			Map.entry("Event stream by POST|" + FOR_ALL, "/partner/live"), Map.entry("Comet|", "/private/live"),
			Map.entry("Comet|" + FOR_ALL, "/partner/live"));

	private static final Map<String, List<String>> STRATEGIES = Map.of("", List.of(), "none",
			List.of("server.forward-headers-strategy=none"), "native",
			List.of("server.forward-headers-strategy=native"), "native, but it is none of the proxies",
			List.of("server.forward-headers-strategy=native", "server.tomcat.remoteip.internal-proxies=192.0.2.1"),
			"framework", List.of("server.forward-headers-strategy=framework"));

	private static final Map<String, ServletWebServerApplicationContext> SERVERS = new ConcurrentHashMap<>();

	@AfterAll
	static void stop() {
		SERVERS.values().forEach(ServletWebServerApplicationContext::close);
		SERVERS.clear();
	}

	static Stream<Row> rows() throws IOException {
		return Files.readAllLines(Path.of("..", "docs", "origins.md"))
			.stream()
			.dropWhile((line) -> !line.startsWith("| wire |"))
			.skip(2)
			.takeWhile((line) -> line.startsWith("|"))
			.map(Row::of);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("rows")
	void eachRowIsTrue(Row row) throws IOException {
		assertThat(row.answer(Server.port(server(row.strategy())))).isEqualTo(row.gets());
	}

	private static ServletWebServerApplicationContext server(String strategy) {
		List<String> properties = new ArrayList<>(STRATEGIES.get(strategy));
		properties.add("halley.websocket.allowed-origins=https://partner.example");
		properties.add("halley.sse.heartbeat=1s");
		properties.add("halley.comet.heartbeat=1s");
		return SERVERS.computeIfAbsent(strategy,
				(key) -> Server.TOMCAT_LOOPS.start(Application.class, properties.toArray(String[]::new)));
	}

	/**
	 * A row of the table.
	 */
	record Row(String wire, String allowed, String page, String proxy, String strategy, String gets) {

		static Row of(String line) {
			String[] cells = line.replace("`", "").substring(1, line.replace("`", "").length() - 1).split("\\|", -1);
			List<String> all = Arrays.stream(cells).map(String::strip).toList();
			assertThat(all).as(line).hasSize(6);
			return new Row(all.get(0), all.get(1), all.get(2), all.get(3), all.get(4), all.get(5));
		}

		String answer(int port) throws IOException {
			try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
				socket.setSoTimeout(30_000);
				socket.getOutputStream()
					.write((String.join("\r\n", request()) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
				BufferedReader reader = new BufferedReader(
						new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
				String status = reader.readLine().split(" ")[1];
				HttpHeaders headers = new HttpHeaders();
				for (String line = reader.readLine(); !line.isEmpty(); line = reader.readLine()) {
					headers.add(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 1).strip());
				}
				return answer(status, headers);
			}
		}

		private List<String> request() {
			List<String> lines = new ArrayList<>();
			boolean post = this.wire.endsWith("POST");
			lines.add((post ? "POST " : "GET ") + PATHS.get(this.wire + "|" + this.allowed) + " HTTP/1.1");
			lines.add("Host: app.example");
			lines.addAll(switch (this.wire) {
				case "WebSocket", "Spring's handler" -> List.of("Upgrade: websocket", "Connection: Upgrade",
						"Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
				case "Comet" -> List.of("Accept: text/html");
				default -> List.of("Accept: text/event-stream");
			});
			if (post) {
				lines.add("Content-Length: 0");
			}
			if (!this.page.equals("no browser")) {
				lines.add("Origin: " + this.page);
			}
			if (!this.proxy.isEmpty()) {
				URI uri = URI.create(this.proxy);
				lines.add("X-Forwarded-For: 198.51.100.7");
				lines.add("X-Forwarded-Proto: " + uri.getScheme());
				lines.add("X-Forwarded-Host: " + uri.getHost());
			}
			return lines;
		}

		/** As a browser would understand it. */
		private String answer(String status, HttpHeaders headers) {
			if (!status.equals("200")) {
				return status.equals("101") ? "connected" : status;
			}
			String reader = headers.getAccessControlAllowOrigin();
			if (this.wire.equals("Comet")) {
				assertThat(headers.getFirst("X-Frame-Options")).isEqualTo("SAMEORIGIN");
			}
			if (reader == null) {
				return isOwn() ? "reads as its own" : "cannot read";
			}
			assertThat(reader).isEqualTo(this.page);
			return headers.getAccessControlAllowCredentials() ? "reads with cookies" : "reads without cookies";
		}

		private boolean isOwn() {
			String own = this.proxy.isEmpty() ? "http://app.example" : this.proxy;
			return this.page.equals("no browser") || this.page.equals(own);
		}

		@Override
		public String toString() {
			return "%s (%s) from %s, by %s with %s: %s".formatted(this.wire, this.allowed, this.page, this.proxy,
					this.strategy, this.gets);
		}

	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@EnableWebSocket
	@Import(Live.class)
	static class Application implements WebMvcConfigurer, WebSocketConfigurer {

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			return http.csrf((csrf) -> csrf.disable())
				.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
				.build();
		}

		@Override
		public void addCorsMappings(CorsRegistry registry) {
			registry.addMapping("/partner/**").allowedOrigins("https://partner.example").allowCredentials(true);
		}

		@Override
		public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
			registry.addHandler(new EchoHandler(), "/spring");
		}

	}

	@Controller
	static class Live {

		@WebSocketMapping("/partner/live")
		@EventSourceMapping(path = "/partner/live", method = { RequestMethod.GET, RequestMethod.POST })
		@CometMapping(path = "/partner/live", callback = "live")
		Out<String> partner() {
			return Out.of("live");
		}

		@EventSourceMapping("/private/live")
		@CometMapping(path = "/private/live", callback = "live")
		Out<String> ours() {
			return Out.of("live");
		}

		@WebSocketMapping(path = "/shop/live", allowedOrigins = "https://*.shop.example")
		@EventSourceMapping("/shop/live")
		@CrossOrigin(originPatterns = "https://*.shop.example")
		Out<String> shop() {
			return Out.of("live");
		}

		@WebSocketMapping(path = "/open", allowedOrigins = "*")
		Out<String> open() {
			return Out.of("live");
		}

	}

}

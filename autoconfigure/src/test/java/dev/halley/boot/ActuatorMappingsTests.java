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

import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.stereotype.Controller;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import dev.halley.Out;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the actuator tells of mappings.
 */
class ActuatorMappingsTests {

	@Test
	void pathWireAndMethodAreToldAndNothingElse() throws Exception {
		try (ServletWebServerApplicationContext context = Server.TOMCAT_NATIVE.start(Application.class,
				"management.endpoints.web.exposure.include=mappings", "spring.jmx.enabled=false")) {
			String url = "http://localhost:" + Server.port(context) + "/actuator/mappings";
			HttpResponse<String> response = HttpClient.newHttpClient()
				.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
			assertThat(JsonMapper.shared().readTree(response.body()).findValues("predicate"))
				.extracting(JsonNode::asString)
				.contains("{ [/prices/{name}], and [websocket ActuatorMappingsTests.Prices.prices]}",
						"{GET [/prices/{name}], and [sse ActuatorMappingsTests.Prices.prices]}",
						"{GET [/prices/{name}], and [comet ActuatorMappingsTests.Prices.prices]}");
			assertThat(response.body()).contains("\"className\":\"" + Prices.class.getCanonicalName() + "\"")
				.doesNotContain("Endpoint[", "Support@", "Settings[");
		}
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(Prices.class)
	static class Application {

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll()).build();
		}

	}

	@Controller
	static class Prices {

		@WebSocketMapping("/prices/{name}")
		@EventSourceMapping("/prices/{name}")
		@CometMapping(path = "/prices/{name}", callback = "parent.price")
		Out<String> prices() {
			return Out.never();
		}

	}

}

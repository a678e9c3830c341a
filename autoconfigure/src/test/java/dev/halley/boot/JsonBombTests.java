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
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.ResolvableType;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.stereotype.Controller;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.JsonNode;

import dev.halley.InOut;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.MessageCodecs;
import dev.halley.codec.MessageDecodingException;
import dev.halley.codec.Payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * JSON that is small and means to be expensive.
 */
@Timeout(120)
class JsonBombTests {

	/** As many as fit into the largest message. */
	private static final int DEPTH = 60_000;

	private static final List<String> PATHS = List.of("/tree", "/map", "/list", "/record");

	private static ServletWebServerApplicationContext context;

	@BeforeAll
	static void start() {
		context = Server.TOMCAT_LOOPS.start(Application.class);
	}

	@AfterAll
	static void stop() {
		context.close();
	}

	static Stream<Arguments> bombs() {
		return Stream.of(Arguments.of("deep arrays", "[".repeat(DEPTH)),
				Arguments.of("deep arrays that are closed", "[".repeat(DEPTH / 2) + "]".repeat(DEPTH / 2)),
				Arguments.of("deep objects", "{\"next\":".repeat(DEPTH / 8)),
				Arguments.of("a deep unknown property",
						"{\"unknown\":" + "[".repeat(DEPTH / 2) + "]".repeat(DEPTH / 2) + "}"),
				Arguments.of("a long number", "{\"number\":" + "9".repeat(DEPTH) + "}"),
				Arguments.of("a long fraction", "{\"number\":0." + "9".repeat(DEPTH) + "}"),
				Arguments.of("a long name", "{\"" + "n".repeat(DEPTH) + "\":1}"));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("bombs")
	void aBombIsAMessageThatCannotBeRead(String name, String bomb) throws Exception {
		for (String path : PATHS) {
			TestClient client = TestClient.connect(Server.url(context, path));
			client.send(bomb);
			assertThat(client.next()).as(path).startsWith("closed 1003");
		}
		TestClient other = TestClient.connect(Server.url(context, "/record"));
		assertThat(other.send("{\"number\":1}").next()).isEqualTo("{\"next\":null,\"number\":1}");
		other.close();
	}

	/** Its text is copied a few times at most, and no tree grows from it. */
	@ParameterizedTest(name = "{0}")
	@MethodSource("bombs")
	void aBombTakesNoMoreMemoryThanAFewTimesItsSize(String name, String bomb) {
		MessageCodecs codecs = context.getBean(MessageCodecs.class);
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		for (ResolvableType type : List.of(ResolvableType.forClass(JsonNode.class), ResolvableType.forClass(Node.class),
				ResolvableType.forClassWithGenerics(Map.class, String.class, Object.class))) {
			MessageCodec<?> codec = codecs.codec(type);
			Payload payload = Payload.text(bomb);
			explode(codec, payload);
			long before = threads.getCurrentThreadAllocatedBytes();
			explode(codec, payload);
			assertThat(threads.getCurrentThreadAllocatedBytes() - before).as(type.toString()).isLessThan(16L * DEPTH);
		}
	}

	private static void explode(MessageCodec<?> codec, Payload payload) {
		assertThatExceptionOfType(MessageDecodingException.class).isThrownBy(() -> codec.decode(payload));
	}

	/** The properties are there since Spring Boot 4.1. */
	@Test
	void theMapperOfSpringBootSaysWhatIsTooMuch() {
		boolean known = ClassUtils
			.isPresent("org.springframework.boot.jackson.autoconfigure.JsonFactoryBuilderCustomizer", null);
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class, HalleyAutoConfiguration.class))
			.withPropertyValues("spring.jackson.factory.constraints.read.max-nesting-depth=3",
					"spring.jackson.factory.constraints.read.max-number-length=5")
			.run((application) -> {
				MessageCodec<?> codec = application.getBean(MessageCodecs.class)
					.codec(ResolvableType.forClass(JsonNode.class));
				assertThat(isRead(codec, "[[[12345]]]")).isTrue();
				assertThat(isRead(codec, "[[[[1]]]]")).isEqualTo(!known);
				assertThat(isRead(codec, "123456")).isEqualTo(!known);
			});
	}

	private static boolean isRead(MessageCodec<?> codec, String json) throws Exception {
		try {
			codec.decode(Payload.text(json));
			return true;
		}
		catch (MessageDecodingException ex) {
			return false;
		}
	}

	record Node(Node next, int number) {
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(Live.class)
	static class Application {

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll()).build();
		}

	}

	@Controller
	static class Live {

		@WebSocketMapping("/tree")
		InOut<JsonNode, JsonNode> tree() {
			return InOut.flow((messages) -> messages);
		}

		@WebSocketMapping("/map")
		InOut<Map<String, Object>, Map<String, Object>> map() {
			return InOut.flow((messages) -> messages);
		}

		@WebSocketMapping("/list")
		InOut<List<Object>, List<Object>> list() {
			return InOut.flow((messages) -> messages);
		}

		@WebSocketMapping("/record")
		InOut<Node, Node> node() {
			return InOut.flow((messages) -> messages);
		}

	}

}

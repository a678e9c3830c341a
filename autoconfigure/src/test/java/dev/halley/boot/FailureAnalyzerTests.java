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

import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestBody;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.Payload;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a developer reads when a mapping cannot work: what, where, and what to write.
 */
class FailureAnalyzerTests {

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(HalleyAutoConfiguration.class, HalleyWebSocketAutoConfiguration.class,
				JacksonAutoConfiguration.class, DispatcherServletAutoConfiguration.class,
				WebMvcAutoConfiguration.class));

	@Test
	void explainsAReturnTypeThatIsNoPair() {
		assertThat(analysisOf(NoPair.class)).satisfies((analysis) -> {
			assertThat(analysis.getDescription()).contains("NoPair.greet()").contains("java.lang.String");
			assertThat(analysis.getAction()).contains("InOut").endsWith(".");
		});
	}

	@Test
	void explainsAMessageTypeWithoutACodec() {
		assertThat(analysisOf(AnyMessage.class)).satisfies((analysis) -> {
			assertThat(analysis.getDescription()).contains("AnyMessage.any()").contains("java.lang.Object");
			assertThat(analysis.getAction()).contains("JsonNode");
		});
	}

	@Test
	void explainsTwoMethodsOnOnePath() {
		assertThat(analysisOf(TwoOnOnePath.class)).satisfies((analysis) -> {
			assertThat(analysis.getDescription()).contains("TwoOnOnePath.").contains("/rooms/{");
			assertThat(analysis.getAction()).contains("one method for each path");
		});
	}

	@Test
	void explainsAMethodThatMethodSecurityWouldNotGuard() {
		FailureAnalysis[] analysis = new FailureAnalysis[1];
		this.runner.withUserConfiguration(MethodSecurity.class)
			.withBean(Guarded.class)
			.run((context) -> analysis[0] = analyze(context.getStartupFailure()));
		assertThat(analysis[0].getDescription()).contains("Guarded.secrets()").contains("is private");
		assertThat(analysis[0].getAction()).contains("neither private nor final nor static");
	}

	@Test
	void explainsABodyOfAHandshake() {
		assertThat(analysisOf(WithBody.class)).satisfies((analysis) -> {
			assertThat(analysis.getDescription()).contains("WithBody.say(").contains("String body");
			assertThat(analysis.getAction()).contains("@PathVariable");
		});
	}

	@Test
	void explainsTwoExceptionHandlersForOneType() {
		assertThat(analysisOf(TwoHandlers.class)).satisfies((analysis) -> {
			assertThat(analysis.getDescription()).contains("TwoHandlers");
			assertThat(analysis.getAction()).isNotBlank();
		});
	}

	@Test
	void explainsACodecWhoseTypeIsOpen() {
		this.runner.withBean("open", MessageCodec.class, OpenCodec::new).run((context) -> {
			FailureAnalysis analysis = analyze(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("OpenCodec");
			assertThat(analysis.getAction()).contains("MessageCodec<");
		});
	}

	@Test
	void explainsAnInvalidProperty() {
		this.runner.withPropertyValues("halley.websocket.idle-timeout=0s").run((context) -> {
			FailureAnalysis analysis = analyze(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("halley.websocket.idle-timeout");
		});
	}

	private FailureAnalysis analysisOf(Class<?> controller) {
		FailureAnalysis[] analysis = new FailureAnalysis[1];
		this.runner.withBean(controller).run((context) -> analysis[0] = analyze(context.getStartupFailure()));
		return analysis[0];
	}

	/** As Spring Boot does: the first of all registered analyzers that knows. */
	private static FailureAnalysis analyze(Throwable failure) {
		List<FailureAnalyzer> analyzers = SpringFactoriesLoader
			.forDefaultResourceLocation(FailureAnalyzerTests.class.getClassLoader())
			.load(FailureAnalyzer.class,
					SpringFactoriesLoader.FailureHandler.logging(LogFactory.getLog(FailureAnalyzerTests.class)));
		return analyzers.stream()
			.map((analyzer) -> analyzer.analyze(failure))
			.filter((analysis) -> analysis != null)
			.findFirst()
			.orElseThrow(() -> new AssertionError("Nobody explains", failure));
	}

	@Controller
	static class NoPair {

		@WebSocketMapping("/greet")
		String greet() {
			return "Hello!";
		}

	}

	@Controller
	static class AnyMessage {

		@WebSocketMapping("/any")
		InOut<Object, String> any() {
			return InOut.of(In.ignore(), Out.never());
		}

	}

	@Controller
	static class TwoOnOnePath {

		@WebSocketMapping("/rooms/{room}")
		Out<String> one() {
			return Out.never();
		}

		@WebSocketMapping("/rooms/{name}")
		Out<String> two() {
			return Out.never();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableMethodSecurity
	static class MethodSecurity {

	}

	@Controller
	@PreAuthorize("hasRole('ADMIN')")
	static class Guarded {

		@WebSocketMapping("/secrets")
		private Out<String> secrets() {
			return Out.never();
		}

	}

	@Controller
	static class WithBody {

		@WebSocketMapping("/say")
		Out<String> say(@RequestBody String body) {
			return Out.never();
		}

	}

	@Controller
	static class TwoHandlers {

		@WebSocketMapping("/handled")
		InOut<String, String> handled() {
			return InOut.of(In.ignore(), Out.never());
		}

		@MessageExceptionHandler
		String one(IllegalStateException ex) {
			return "one";
		}

		@MessageExceptionHandler
		String two(IllegalStateException ex) {
			return "two";
		}

	}

	static class OpenCodec<T> implements MessageCodec<T> {

		@Override
		public Payload encode(T message) {
			return Payload.text("");
		}

		@Override
		public T decode(Payload payload) {
			throw new AssertionError("The start fails before anything is decoded");
		}

	}

}

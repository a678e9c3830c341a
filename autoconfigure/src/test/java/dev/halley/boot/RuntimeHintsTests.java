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

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;

import org.apache.catalina.connector.RequestFacade;
import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.AnnotatedBeanDefinitionReader;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.javapoet.ClassName;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.mock.web.MockServletContext;
import org.springframework.security.web.util.OnCommittedResponseWrapper;
import org.springframework.stereotype.Controller;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.context.support.GenericWebApplicationContext;
import org.springframework.web.multipart.support.AbstractMultipartHttpServletRequest;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import reactor.core.publisher.Mono;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a native image is told.
 */
class RuntimeHintsTests {

	@Test
	void includeTheHandlerThatTomcatMakesByReflection() throws Exception {
		RuntimeHints hints = new RuntimeHints();
		new HalleyRuntimeHints().registerHints(hints, getClass().getClassLoader());
		assertIncludesUpgradeHandler(hints);
	}

	@Test
	void includeTheProxiesOfWhatConfiguresStomp() {
		RuntimeHints hints = new RuntimeHints();
		new HalleyRuntimeHints().registerHints(hints, getClass().getClassLoader());
		assertThat(RuntimeHintsPredicates.proxies().forInterfaces(WebSocketMessageBrokerConfigurer.class))
			.accepts(hints);
		assertThat(RuntimeHintsPredicates.proxies().forInterfaces(StompEndpointRegistry.class)).accepts(hints);
	}

	@Test
	void includeWhatStreamsReachByReflection() throws Exception {
		RuntimeHints hints = new RuntimeHints();
		new HalleyRuntimeHints().registerHints(hints, getClass().getClassLoader());
		assertThat(RuntimeHintsPredicates.reflection().onFieldAccess(RequestFacade.class.getDeclaredField("request")))
			.accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection()
			.onFieldAccess(AbstractMultipartHttpServletRequest.class.getDeclaredField("multipartFiles")))
			.accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection()
			.onMethodInvocation(OnCommittedResponseWrapper.class.getDeclaredMethod("disableOnResponseCommitted")))
			.accepts(hints);
	}

	@Test
	void includeMappedMethodsAndPropertiesOfAnApplication() throws Exception {
		RuntimeHints hints = process();
		Method endpoint = ReflectionUtils.findMethod(Live.class, "ticks");
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(endpoint)).accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection()
			.onConstructorInvocation(HalleyWebSocketProperties.class.getDeclaredConstructors()[0])).accepts(hints);
		assertIncludesUpgradeHandler(hints);
	}

	@Test
	void includeTheMessagesOfMappedMethods() throws Exception {
		RuntimeHints hints = process();
		for (Class<?> message : List.of(Asked.class, Told.class, Told.Part.class, Posted.class, Streamed.class,
				Later.class, Ordinary.class, Named.class, Raw.class)) {
			assertThat(
					RuntimeHintsPredicates.reflection().onConstructorInvocation(message.getDeclaredConstructors()[0]))
				.as(message.getName())
				.accepts(hints);
		}
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Told.Part.class.getDeclaredMethod("word")))
			.accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onType(Internal.class)).rejects(hints);
	}

	@Test
	void includeHandlersOfExceptionsAndWhatTheyAnswer() throws Exception {
		RuntimeHints hints = process();
		Method handler = Live.class.getDeclaredMethod("refuse", IllegalStateException.class);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(handler)).accepts(hints);
		assertThat(
				RuntimeHintsPredicates.reflection().onConstructorInvocation(Refused.class.getDeclaredConstructors()[0]))
			.accepts(hints);
	}

	private static void assertIncludesUpgradeHandler(RuntimeHints hints) throws Exception {
		for (String name : List.of("TomcatUpgradeHandler", "LoopUpgradeHandler", "DetachingNioProtocol")) {
			Class<?> type = Class.forName("dev.halley.websocket.engine." + name);
			assertThat(RuntimeHintsPredicates.reflection().onConstructorInvocation(type.getDeclaredConstructor()))
				.accepts(hints);
		}
	}

	private static RuntimeHints process() {
		try (GenericWebApplicationContext context = new GenericWebApplicationContext(new MockServletContext())) {
			AnnotatedBeanDefinitionReader reader = new AnnotatedBeanDefinitionReader(context);
			reader.register(Live.class);
			reader.register(WebMvcAutoConfiguration.class, HalleyAutoConfiguration.class,
					HalleyWebSocketAutoConfiguration.class);
			DefaultGenerationContext generation = new DefaultGenerationContext(
					new ClassNameGenerator(ClassName.get(RuntimeHintsTests.class)), new InMemoryGeneratedFiles());
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
			return generation.getRuntimeHints();
		}
	}

	@Controller
	static class Live extends Base<Named> {

		@WebSocketMapping("/ticks")
		Out<String> ticks() {
			return Out.of("tick");
		}

		@WebSocketMapping("/asked")
		InOut<Asked, List<Told>> asked() {
			return InOut.of(In.ignore(), Out.never());
		}

		@EventSourceMapping(path = "/posted", method = RequestMethod.POST)
		ResponseEntity<Out<Streamed>> posted(@RequestBody Posted posted) {
			return ResponseEntity.ok(Out.never());
		}

		@CometMapping(path = "/later", callback = "f")
		Mono<Out<Later>> later() {
			return Mono.just(Out.never());
		}

		@GetMapping(path = "/ordinary", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Out<Ordinary> ordinary() {
			return Out.never();
		}

		@EventSourceMapping("/raw")
		@SuppressWarnings("rawtypes")
		Out<Raw> raw() {
			return Out.never();
		}

		@GetMapping("/plain")
		@SuppressWarnings("rawtypes")
		ResponseEntity<Raw> plain() {
			return ResponseEntity.notFound().build();
		}

		Out<Internal> internal() {
			return Out.never();
		}

		@MessageExceptionHandler
		Refused refuse(IllegalStateException ex) {
			return new Refused("no");
		}

	}

	abstract static class Base<T> {

		@WebSocketMapping("/named")
		Out<Map<String, T>> named() {
			return Out.never();
		}

	}

	record Asked(String question) {
	}

	record Told(List<Part> parts) {

		record Part(String word) {
		}

	}

	record Posted(String text) {
	}

	record Streamed(String text) {
	}

	record Later(String text) {
	}

	record Ordinary(String text) {
	}

	record Named(String text) {
	}

	/** Whose argument refers to itself. */
	record Raw<T extends Comparable<T>>(T value) {
	}

	record Internal(String text) {
	}

	record Refused(String text) {
	}

}

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

package dev.halley.web;

import java.time.Duration;
import java.util.List;

import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.support.PropertySourcesPlaceholderConfigurer;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.mock.web.MockServletContext;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.Overflow;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.codec.Payload;
import dev.halley.connection.ConnectionSettings;
import dev.halley.connection.ReceiveLimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What is bound at start-up, and which mistakes are found there.
 */
class BindingTests {

	@ParameterizedTest
	@ValueSource(classes = { Mistakes.ReturnsString.class, Mistakes.ReturnsMonoOfString.class,
			Mistakes.ReturnsVoid.class, Mistakes.ReturnsManyPairs.class, Mistakes.ReturnsObject.class,
			Mistakes.ReturnsEntityOfAnything.class, Mistakes.ReturnsEntityOfMono.class })
	void aReturnTypeThatIsNoPairFailsTheStart(Class<?> controller) {
		InvalidMappingException failure = failure(controller);
		assertThat(failure.getProblem()).startsWith("returns ");
		assertThat(failure.getMessage()).contains(controller.getName() + ".endpoint").contains(failure.getProblem());
		assertThat(failure.getRemedy()).isNotEmpty();
		assertThat(failure.getMethod().getDeclaringClass()).isEqualTo(controller);
	}

	@Test
	void messagesThatAreReturnedAsTheyAreFailTheStartAndAreToldOfOutFrom() {
		InvalidMappingException failure = failure(Mistakes.ReturnsMessages.class);
		assertThat(failure.getProblem()).endsWith("Flux<java.lang.String>, which is not a pair by itself");
		assertThat(failure.getRemedy()).contains("Out.from(…)");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', value = { "RawPair | message type ? cannot be used",
			"OpenPair | message type ? cannot be used", "AnyMessage | message type ? cannot be used",
			"NoPath | has no path", "EmptyPath | has no path", "TwiceListed | subprotocol 'v1' is listed twice",
			"NoToken | subprotocol 'v 1' is no token of RFC 9110",
			"RequiredOfNone | a subprotocol is required, but none is listed",
			"BadOrigin | an allowed origin is no origin pattern: [https://example.org/]",
			"BadSize | 'maxMessageSize' is 'large'", "ZeroSize | 'maxMessageSize' is '0B'",
			"HugeSize | 'maxMessageSize' is '2GB'", "BadRate | 'messagesPerSecond' is 'many'",
			"NegativeRate | 'messagesPerSecond' is '-1'", "NegativeByteRate | 'bytesPerSecond' is '-1B'",
			"TwoOverflows | 'overflow' has 2 values",
			"Unresolvable | a placeholder cannot be resolved: Could not resolve placeholder 'nope' in value \"/${nope}\"",
			"UnresolvableSize | a placeholder cannot be resolved: Could not resolve placeholder 'nope' in value \"${nope}\"",
			"NegativeTimeout | 'timeout' is '-1s'", "TinyTimeout | 'timeout' is '1ns'",
			"HugeTimeout | 'timeout' is '366d'", "OverflowingRetry | 'retry' is '9223372036854775807d'",
			"NoTime | 'timeout' is 'soon'", "Constrained | @NotBlank on java.lang.String is not heeded there",
			"ConstrainedElement | @NotBlank on java.lang.String is not heeded there",
			"ConstrainedLater | @Size on java.lang.String is not heeded there",
			"ConstrainedAndValid | @NotNull on java.lang.String is not heeded there",
			"ConstrainedOut | @NotBlank on java.lang.String is not heeded there",
			"ValidOut | @Valid on java.lang.String is not heeded there",
			"ConstrainedStream | @NotBlank on java.lang.String is not heeded there",
			"NoValidator | its messages are to be validated, but there is no validator",
			"AlsoGet | has a @RequestMapping too, but a pair is no HTTP answer" })
	void aMistakeInAMappingFailsTheStart(String controller, String problem) throws ClassNotFoundException {
		InvalidMappingException failure = failure(Class.forName(Mistakes.class.getName() + "$" + controller));
		assertThat(failure.getProblem()).endsWith(problem);
		assertThat(failure.getMessage()).contains(controller + ".endpoint").contains("(expected: ");
	}

	@Test
	void aMalformedPathFailsTheStart() {
		assertThat(failure(Mistakes.BadPath.class).getProblem()).startsWith("path [/rooms/{room] is malformed: ");
	}

	@ParameterizedTest
	@ValueSource(classes = { Mistakes.SamePath.class, Mistakes.SameTemplate.class, Mistakes.SameExpression.class,
			Mistakes.SameRest.class })
	void twoEndpointsOnOnePathFailTheStart(Class<?> controller) {
		assertThat(failure(controller).getMessage()).contains(controller.getName() + ".one")
			.contains(controller.getName() + ".two");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "SameTemplate | /rooms/{room} | /rooms/{id}",
			"SameExpression | /rooms/{room:[a-z]{2}} | /rooms/{id:[a-z]{2}}", "SameRest | /{*path} | /{*rest}" })
	void twoPathsThatTakeTheSameRequestsAreBothNamed(String controller, String one, String two) throws Exception {
		assertThat(failure(Class.forName(Mistakes.class.getName() + "$" + controller)).getProblem()).contains(one)
			.contains(two);
	}

	@Test
	void pathsThatDifferInMoreThanNamesAreTwo() {
		try (AnnotationConfigWebApplicationContext application = application(Different.class)) {
			application.refresh();
			assertThat(application.getBean("webSocketMapping", PairHandlerMapping.class).getHandlerMethods())
				.hasSize(4);
		}
	}

	@Test
	void messageTypesOfGenericSuperclassesAreResolved() throws Exception {
		WebSocketEndpoint endpoint = endpoint(Strings.class);
		assertThat(endpoint.in().decode(Payload.text("text"))).isEqualTo("text");
		assertThat(endpoint.out()).isSameAs(endpoint.in());
	}

	@Test
	void framesMayBeDeclaredWithAWildcard() {
		assertThat(endpoint(Frames.class).in()).isNotNull();
	}

	@Test
	void theConfigurationHoldsUnlessTheMappingSaysOtherwise() {
		WebSocketEndpoint defaults = endpoint(Defaults.class);
		assertThat(defaults.settings()).isEqualTo(ConnectionSettings.DEFAULT);
		assertThat(defaults.subprotocols()).isEqualTo(new Subprotocols(List.of(), false));
		WebSocketEndpoint special = endpoint(Special.class);
		assertThat(special.settings().overflow()).isEqualTo(Overflow.LATEST);
		assertThat(special.settings().maxMessageSize()).isEqualTo(1024 * 1024);
		assertThat(special.settings().receiveLimit()).isEqualTo(new ReceiveLimit(20, 4096, Duration.ofSeconds(10)));
		assertThat(special.settings().pingInterval()).isEqualTo(ConnectionSettings.DEFAULT.pingInterval());
	}

	@Test
	void aMethodOfAProxiedBeanIsFound() {
		try (AnnotationConfigWebApplicationContext application = application(Proxied.class)) {
			application.refresh();
			PairHandlerMapping mapping = application.getBean("webSocketMapping", PairHandlerMapping.class);
			assertThat(mapping.getHandlerMethods()).hasSize(1);
		}
	}

	@Test
	void aBadDefaultOriginIsRefused() {
		assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> new WebSocketSettings(List.of("example.org"), ConnectionSettings.DEFAULT))
			.withMessageContaining("'example.org' (expected: scheme://host");
	}

	private static WebSocketEndpoint endpoint(Class<?> controller) {
		try (AnnotationConfigWebApplicationContext application = application(controller)) {
			application.refresh();
			RequestMappingInfo info = application.getBean("webSocketMapping", PairHandlerMapping.class)
				.getHandlerMethods()
				.keySet()
				.iterator()
				.next();
			return (WebSocketEndpoint) ((EndpointCondition) info.getCustomCondition()).endpoint();
		}
	}

	static InvalidMappingException failure(Class<?> controller) {
		try (AnnotationConfigWebApplicationContext application = application(controller)) {
			BeanCreationException failure = catchThrowableOfType(BeanCreationException.class, application::refresh);
			assertThat(failure).as("failure of the start").isNotNull();
			Throwable cause = failure;
			while (cause != null && !(cause instanceof InvalidMappingException)) {
				cause = cause.getCause();
			}
			assertThat(cause).as(() -> "cause of " + NestedExceptionUtils.getMostSpecificCause(failure)).isNotNull();
			return (InvalidMappingException) cause;
		}
	}

	static AnnotationConfigWebApplicationContext application(Class<?> controller) {
		AnnotationConfigWebApplicationContext application = new AnnotationConfigWebApplicationContext();
		application.setServletContext(new MockServletContext());
		application.register(PropertySourcesPlaceholderConfigurer.class, PairTestConfiguration.class, controller);
		return application;
	}

	abstract static class Generic<T> {

		@WebSocketMapping("/generic")
		InOut<T, T> endpoint() {
			return InOut.of(In.ignore(), Out.never());
		}

	}

	static class Strings extends Generic<String> {

	}

	static class Frames {

		@WebSocketMapping("/frames")
		InOut<WebSocketMessage<?>, TextMessage> endpoint() {
			return InOut.of(In.ignore(), Out.never());
		}

	}

	static class Different {

		@WebSocketMapping("/{a:[a-z]{2}}")
		Out<String> two() {
			return Out.never();
		}

		@WebSocketMapping("/{a:[a-z]{3}}")
		Out<String> three() {
			return Out.never();
		}

		@WebSocketMapping("/{a:\\p{Digit}+}")
		Out<String> digits() {
			return Out.never();
		}

		@WebSocketMapping("/{a:\\p{Punct}+}")
		Out<String> others() {
			return Out.never();
		}

	}

	static class Defaults {

		@WebSocketMapping("/x")
		Out<String> endpoint() {
			return Out.never();
		}

	}

	static class Special {

		@WebSocketMapping(path = "/x", overflow = Overflow.LATEST, maxMessageSize = "${size:1MB}",
				messagesPerSecond = "${rate:20}", bytesPerSecond = "4KB")
		Out<String> endpoint() {
			return Out.never();
		}

	}

	interface Live {

		@WebSocketMapping("/live")
		Out<String> live();

	}

	static class Proxied {

		@Bean
		Live live() {
			return (Live) new ProxyFactory(Live.class, (MethodInterceptor) (invocation) -> Out.never()).getProxy();
		}

	}

}

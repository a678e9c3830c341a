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

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.method.ControllerAdviceBean;
import org.springframework.web.socket.CloseStatus;
import reactor.core.Exceptions;
import tools.jackson.databind.json.JsonMapper;

import dev.halley.codec.InvalidMessageException;
import dev.halley.codec.MessageCodecs;
import dev.halley.codec.MessageDecodingException;
import dev.halley.codec.Payload;
import dev.halley.connection.ConnectionInfo;
import dev.halley.connection.FailureHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class MessageExceptionHandlersTests {

	private static final Principal USER = () -> "ada";

	private static final ConnectionInfo INFO = new ConnectionInfo("1", "websocket", "/say", "Controller#say",
			URI.create("/say"), null, USER, null, Instant.EPOCH);

	private final MessageCodecs codecs = MessageCodecs.builder().json(JsonMapper.builder().build()).build();

	private final Say message = new Say("hi");

	@Test
	void aReturnedValueIsSent() throws Throwable {
		assertThat(handle(new Controller(), new IOException("broken"))).isEqualTo(Payload.text("io: broken"));
	}

	@Test
	void aReturnedRecordIsSentAsJson() throws Throwable {
		assertThat(handle(new Controller(), new IllegalArgumentException("no")))
			.isEqualTo(Payload.text("{\"text\":\"no\"}"));
	}

	@Test
	void aReturnedPartOfASealedTypeIsSentWithItsTypeId() throws Throwable {
		assertThat(handle(new Controller(), new ArithmeticException("1/0")))
			.isEqualTo(Payload.text("{\"type\":\"failed\",\"why\":\"1/0\"}"));
		assertThat(handle(new Controller(), new ArrayStoreException("a")))
			.isEqualTo(Payload.text("{\"type\":\"failed\",\"why\":\"a\"}"));
	}

	@Test
	void aReturnedCloseStatusCloses() throws Throwable {
		assertThat(handle(new Controller(), new IllegalStateException())).isEqualTo(CloseStatus.POLICY_VIOLATION);
	}

	@ParameterizedTest
	@ValueSource(strings = { "null", "void" })
	void withoutReturnValueTheConnectionGoesOn(String kind) throws Throwable {
		Throwable failure = "null".equals(kind) ? new NullPointerException() : new ClassCastException();
		assertThat(handle(new Controller(), failure)).isNull();
	}

	@Test
	void anObjectIsWhatItTurnsOutToBe() throws Throwable {
		Controller controller = new Controller();
		RuntimeException failure = new NegativeArraySizeException();
		controller.answer = "text";
		assertThat(handle(controller, failure)).isEqualTo(Payload.text("text"));
		controller.answer = new byte[] { 1 };
		assertThat(handle(controller, failure)).isEqualTo(Payload.binary(new byte[] { 1 }));
		controller.answer = new Oops("json");
		assertThat(handle(controller, failure)).isEqualTo(Payload.text("{\"text\":\"json\"}"));
		controller.answer = CloseStatus.GOING_AWAY;
		assertThat(handle(controller, failure)).isEqualTo(CloseStatus.GOING_AWAY);
		controller.answer = Payload.text("ready");
		assertThat(handle(controller, failure)).isSameAs(controller.answer);
	}

	@Test
	void theHandlerGetsWhatItAsksFor() throws Throwable {
		Controller controller = new Controller();
		IndexOutOfBoundsException cause = new IndexOutOfBoundsException();
		SecurityException failure = new SecurityException(cause);
		handle(controller, failure);
		assertThat(controller.arguments).containsExactly(failure, cause, this.message, USER, INFO, this.message);
	}

	@Test
	void aMessageThatCouldNotBeReadIsNull() throws Throwable {
		Controller controller = new Controller();
		bind(controller).handle(new SecurityException(new IndexOutOfBoundsException()), null);
		assertThat(controller.arguments).element(2).isNull();
	}

	@Test
	void failuresOfDecodingAndValidationAreHandledToo() throws Throwable {
		Controller controller = new Controller();
		assertThat(bind(controller).handle(new MessageDecodingException("message: BINARY (expected: TEXT)"), null))
			.isEqualTo(Payload.text("unreadable"));
		assertThat(handle(controller, new InvalidMessageException(this.message, List.of("text must not be blank"))))
			.isEqualTo(Payload.text("[\"text must not be blank\"]"));
	}

	@Test
	void aHandlerForTheCauseIsFound() throws Throwable {
		assertThat(handle(new Controller(), new Error("outer", new FileNotFoundException("inner"))))
			.isEqualTo(Payload.text("io: inner"));
	}

	@Test
	void aFailureComesBeforeItsCauses() throws Throwable {
		assertThat(handle(new Controller(), new IllegalArgumentException("outer", new IOException("inner"))))
			.isEqualTo(Payload.text("{\"text\":\"outer\"}"));
	}

	@Test
	void wrappingsOfReactorAndFuturesAreLookedThrough() throws Throwable {
		IOException inner = new IOException("inner");
		for (Throwable wrapping : List.of(new CompletionException(inner), new ExecutionException(inner),
				Exceptions.propagate(inner), new CompletionException(Exceptions.propagate(inner)))) {
			assertThat(handle(new Controller(), wrapping)).isEqualTo(Payload.text("io: inner"));
			assertThat(handle(new TakesEverything(), wrapping)).isEqualTo(Payload.text("java.io.IOException"));
		}
	}

	@Test
	void aWrappingOfNothingIsAFailureItself() throws Throwable {
		assertThat(handle(new TakesEverything(), new CompletionException("alone", null)))
			.isEqualTo(Payload.text("java.util.concurrent.CompletionException"));
	}

	@Test
	void causesThatFormARingEnd() {
		RuntimeException first = new RuntimeException();
		RuntimeException second = new RuntimeException(first);
		first.initCause(second);
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> handle(new Controller(), first))
			.isSameAs(first);
	}

	@Test
	void whatNobodyHandlesIsThrownAgain() {
		IllegalThreadStateException failure = new IllegalThreadStateException();
		assertThatExceptionOfType(IllegalThreadStateException.class).isThrownBy(() -> handle(new Plain(), failure))
			.isSameAs(failure);
	}

	@Test
	void aHandlerThatFailsLeavesTheFailureAsItWas() {
		UncheckedIOException failure = new UncheckedIOException(new IOException("original"));
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> handle(new Controller(), failure))
			.isSameAs(failure);
	}

	@Test
	void anAnswerThatCannotBeEncodedLeavesTheFailureAsItWas() {
		Controller controller = new Controller();
		controller.answer = reactor.core.publisher.Mono.empty();
		NegativeArraySizeException failure = new NegativeArraySizeException();
		assertThatExceptionOfType(NegativeArraySizeException.class).isThrownBy(() -> handle(controller, failure))
			.isSameAs(failure);
	}

	@Test
	void aCauseThatIsMissingLeavesTheFailureAsItWas() {
		SecurityException failure = new SecurityException("without cause");
		assertThatExceptionOfType(SecurityException.class).isThrownBy(() -> handle(new Controller(), failure))
			.isSameAs(failure);
	}

	@Test
	void aProxiedControllerIsCalledThroughItsProxy() throws Throwable {
		ProxyFactory factory = new ProxyFactory(new TakesEverything());
		factory.setProxyTargetClass(true);
		Object proxy = factory.getProxy();
		FailureHandler handler = handlers().forEndpoint(proxy.getClass(), ResolvableType.forClass(Say.class))
			.apply(proxy, INFO);
		assertThat(handler.handle(new IOException(), this.message)).isEqualTo(Payload.text("java.io.IOException"));
	}

	@Test
	void withoutHandlersThereIsNothingToAsk() {
		assertThat(bind(new Plain())).isSameAs(FailureHandler.NONE);
	}

	@Test
	void whatFailsWhereNothingComesInIsHandledWithoutAMessage() throws Throwable {
		FailureHandler handler = handlers().forEndpoint(TakesSay.class, ResolvableType.forClass(Void.class))
			.apply(new TakesSay(), INFO);
		assertThat(handler.handle(new IOException(), null)).isNull();
	}

	@Test
	void theMessageIsThatOfTheEndpoint() {
		assertThatExceptionOfType(InvalidMappingException.class)
			.isThrownBy(() -> handlers().forEndpoint(TakesSay.class, ResolvableType.forClass(String.class)))
			.withMessageContaining("the message (java.lang.String, ");
	}

	@Test
	void theControllersHandlersComeBeforeThoseOfAdvices() throws Throwable {
		try (AnnotationConfigApplicationContext context = context(General.class, Late.class, Early.class)) {
			FailureHandler handler = bind(context, new Controller());
			assertThat(handler.handle(new IOException("own"), this.message)).isEqualTo(Payload.text("io: own"));
		}
	}

	@Test
	void theControllersHandlerOfACauseComesBeforeThoseOfAdvices() throws Throwable {
		try (AnnotationConfigApplicationContext context = context(General.class)) {
			FailureHandler handler = bind(context, new Controller());
			assertThat(handler.handle(new Error(new IOException("own")), this.message))
				.isEqualTo(Payload.text("io: own"));
		}
	}

	@Test
	void advicesAreAskedInTheirOrder() throws Throwable {
		try (AnnotationConfigApplicationContext context = context(Late.class, General.class, Early.class)) {
			FailureHandler handler = bind(context, new Plain());
			assertThat(handler.handle(new IOException(), this.message)).isEqualTo(Payload.text("early"));
			assertThat(handler.handle(new ArithmeticException(), this.message)).isEqualTo(Payload.text("general"));
		}
	}

	@Test
	void advicesThatDoNotApplyAreNotAsked() throws Throwable {
		try (AnnotationConfigApplicationContext context = context(OnlyForController.class)) {
			assertThat(bind(context, new Plain())).isSameAs(FailureHandler.NONE);
			assertThat(bind(context, new Controller()).handle(new InterruptedException(), this.message))
				.isEqualTo(Payload.text("only"));
		}
	}

	@Test
	void anAdviceThatIsWrongFailsAtStartUp() {
		try (AnnotationConfigApplicationContext context = context(Ambiguous.class)) {
			List<ControllerAdviceBean> advices = ControllerAdviceBean.findAnnotatedBeans(context);
			assertThatExceptionOfType(InvalidMappingException.class)
				.isThrownBy(() -> new MessageExceptionHandlers(this.codecs, advices))
				.withMessageContaining("one")
				.withMessageContaining("two");
		}
	}

	private @Nullable Object handle(Object controller, Throwable failure) throws Throwable {
		return bind(controller).handle(failure, this.message);
	}

	private FailureHandler bind(Object controller) {
		return handlers().forEndpoint(controller.getClass(), ResolvableType.forClass(Say.class))
			.apply(controller, INFO);
	}

	private FailureHandler bind(AnnotationConfigApplicationContext context, Object controller) {
		return new MessageExceptionHandlers(this.codecs, ControllerAdviceBean.findAnnotatedBeans(context))
			.forEndpoint(controller.getClass(), ResolvableType.forClass(Say.class))
			.apply(controller, INFO);
	}

	private MessageExceptionHandlers handlers() {
		return new MessageExceptionHandlers(this.codecs, List.of());
	}

	private static AnnotationConfigApplicationContext context(Class<?>... advices) {
		return new AnnotationConfigApplicationContext(advices);
	}

	record Say(String text) {
	}

	record Oops(String text) {
	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
	sealed interface Reply permits Failed {

	}

	@JsonTypeName("failed")
	record Failed(String why) implements Reply {
	}

	static class Plain {

	}

	static class Controller {

		@Nullable Object answer;

		List<@Nullable Object> arguments = List.of();

		@MessageExceptionHandler
		String io(IOException ex) {
			return "io: " + ex.getMessage();
		}

		@MessageExceptionHandler
		Oops argument(IllegalArgumentException ex) {
			return new Oops(String.valueOf(ex.getMessage()));
		}

		@MessageExceptionHandler
		Failed arithmetic(ArithmeticException ex) {
			return new Failed(String.valueOf(ex.getMessage()));
		}

		@MessageExceptionHandler
		Reply store(ArrayStoreException ex) {
			return new Failed(String.valueOf(ex.getMessage()));
		}

		@MessageExceptionHandler(IllegalStateException.class)
		CloseStatus state() {
			return CloseStatus.POLICY_VIOLATION;
		}

		@MessageExceptionHandler(NullPointerException.class)
		@Nullable String nothing() {
			return null;
		}

		@MessageExceptionHandler(ClassCastException.class)
		void cast() {
		}

		@MessageExceptionHandler(NegativeArraySizeException.class)
		@Nullable Object anything() {
			return this.answer;
		}

		@MessageExceptionHandler(SecurityException.class)
		private void all(SecurityException ex, IndexOutOfBoundsException cause, @Nullable Say say, Principal user,
				ConnectionInfo connection, @Nullable Object message) {
			this.arguments = java.util.Arrays.asList(ex, cause, say, user, connection, message);
		}

		@MessageExceptionHandler(UncheckedIOException.class)
		void failing() {
			throw new IllegalStateException("handler");
		}

		@MessageExceptionHandler(MessageDecodingException.class)
		String unreadable(@Nullable Say say) {
			return (say != null) ? "read" : "unreadable";
		}

		@MessageExceptionHandler
		List<String> invalid(InvalidMessageException ex) {
			return ex.getViolations();
		}

	}

	static class TakesEverything {

		@MessageExceptionHandler
		String everything(Throwable ex) {
			return ex.getClass().getName();
		}

	}

	static class TakesSay {

		@MessageExceptionHandler(IOException.class)
		void io(Say say) {
		}

	}

	@ControllerAdvice
	@Order(1)
	static class Early {

		@MessageExceptionHandler(IOException.class)
		String io() {
			return "early";
		}

	}

	@ControllerAdvice
	@Order(2)
	static class Late {

		@MessageExceptionHandler(IOException.class)
		String io() {
			return "late";
		}

	}

	@ControllerAdvice
	@Order(3)
	static class General {

		@MessageExceptionHandler(Throwable.class)
		String all() {
			return "general";
		}

	}

	@ControllerAdvice(assignableTypes = Controller.class)
	static class OnlyForController {

		@MessageExceptionHandler(InterruptedException.class)
		String only() {
			return "only";
		}

	}

	@ControllerAdvice
	static class Ambiguous {

		@MessageExceptionHandler(IOException.class)
		void one() {
		}

		@MessageExceptionHandler(IOException.class)
		void two() {
		}

	}

}

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
import java.security.Principal;
import java.util.List;
import java.util.concurrent.CompletionStage;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Mono;

import dev.halley.codec.MessageCodecs;
import dev.halley.codec.UnsupportedMessageTypeException;
import dev.halley.connection.ConnectionInfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ExceptionHandlerMethodsTests {

	private final MessageCodecs codecs = MessageCodecs.builder().build();

	@ParameterizedTest
	@CsvSource({ "java.io.FileNotFoundException, missing", "java.io.IOException, io",
			"java.nio.channels.ClosedChannelException, io", "java.lang.IllegalStateException, state",
			"java.lang.IllegalArgumentException, state" })
	void theClosestTypeDecides(Class<? extends Throwable> exception, String expected) throws Exception {
		ExceptionHandlerMethod method = bind(Several.class).find(exception.getDeclaredConstructor().newInstance());
		assertThat(method).asString().contains("." + expected + "(");
	}

	@Test
	void findsNothingForOthers() {
		assertThat(bind(Several.class).find(new RuntimeException())).isNull();
		assertThat(bind(Several.class).find(new UncheckedIOException(new IOException()))).isNull();
	}

	@Test
	void aClassWithoutHandlersIsEmpty() {
		assertThat(bind(Object.class).isEmpty()).isTrue();
		assertThat(bind(Several.class).isEmpty()).isFalse();
	}

	@Test
	void handlersAreInherited() {
		assertThat(bind(Inheriting.class).find(new IOException())).asString().contains(".io(");
	}

	@Test
	void anOverriddenHandlerIsOneHandler() {
		assertThat(bind(Overriding.class).find(new IOException())).asString().contains("Overriding.io(");
	}

	@ParameterizedTest
	@ValueSource(classes = { TwoByAnnotation.class, TwoByParameter.class, InheritedAndOwn.class })
	void twoForOneTypeInOneClassAreRefused(Class<?> type) {
		assertThatExceptionOfType(InvalidMappingException.class).isThrownBy(() -> bind(type))
			.withMessageContaining("one")
			.withMessageContaining("two")
			.withMessageContaining("java.io.IOException")
			.withMessageContaining("(expected: one method for each exception in " + type.getName() + ")")
			.satisfies((ex) -> assertThat(ex.getMethod().getName()).isIn("one", "two"));
	}

	@Test
	void aHandlerForNoExceptionIsRefused() {
		assertThatExceptionOfType(InvalidMappingException.class).isThrownBy(() -> bind(ForNothing.class))
			.withMessageContaining("ForNothing.handle: ")
			.withMessageContaining("no exception that it is for")
			.satisfies((ex) -> assertThat(ex.getRemedy()).contains("parameter that is an exception"));
	}

	@ParameterizedTest
	@ValueSource(classes = { TakesRequest.class, TakesOtherMessage.class, TakesList.class })
	void aParameterThatIsUnknownIsRefused(Class<?> type) {
		assertThatExceptionOfType(InvalidMappingException.class).isThrownBy(() -> bind(type))
			.withMessageContaining(type.getSimpleName() + ".handle: ")
			.withMessageContaining("parameter: ")
			.withMessageContaining(
					"(expected: an exception, the message (java.lang.String, or any type with @Payload), Principal or ConnectionInfo)");
	}

	@ParameterizedTest
	@ValueSource(classes = { TakesAll.class, TakesAnything.class, TakesPayload.class })
	void parametersThatAreKnownAreTaken(Class<?> type) {
		assertThat(bind(type).find(new IOException())).isNotNull();
	}

	@ParameterizedTest
	@ValueSource(classes = { ReturnsMono.class, ReturnsStage.class, ReturnsRecord.class })
	void aReturnTypeWithoutCodecIsRefused(Class<?> type) {
		assertThatExceptionOfType(InvalidMappingException.class).isThrownBy(() -> bind(type))
			.withMessageContaining(type.getSimpleName() + ".handle: ")
			.withMessageContaining("return type: ")
			.withMessageContaining("void, CloseStatus, or a message: ")
			.withCauseInstanceOf(UnsupportedMessageTypeException.class);
	}

	@ParameterizedTest
	@ValueSource(classes = { Several.class, ReturnsStatus.class, ReturnsObject.class, ReturnsPayload.class,
			ReturnsText.class })
	void returnTypesWithCodecAreTaken(Class<?> type) {
		assertThat(bind(type).isEmpty()).isFalse();
	}

	private ExceptionHandlerMethods.Bound bind(Class<?> type) {
		return new ExceptionHandlerMethods(type).bind(String.class, this.codecs::codec);
	}

	static class Several {

		@MessageExceptionHandler
		void missing(FileNotFoundException ex) {
		}

		@MessageExceptionHandler
		void io(IOException ex) {
		}

		@MessageExceptionHandler({ IllegalStateException.class, IllegalArgumentException.class })
		void state() {
		}

	}

	static class Inheriting extends Several {

	}

	static class Overriding extends Several {

		@Override
		@MessageExceptionHandler
		void io(IOException ex) {
		}

	}

	static class TwoByAnnotation {

		@MessageExceptionHandler(IOException.class)
		void one() {
		}

		@MessageExceptionHandler({ IOException.class, IllegalStateException.class })
		void two() {
		}

	}

	static class TwoByParameter {

		@MessageExceptionHandler
		void one(IOException ex) {
		}

		@MessageExceptionHandler
		void two(IOException ex) {
		}

	}

	static class One {

		@MessageExceptionHandler
		void one(IOException ex) {
		}

	}

	static class InheritedAndOwn extends One {

		@MessageExceptionHandler
		void two(IOException ex) {
		}

	}

	static class ForNothing {

		@MessageExceptionHandler
		void handle(String message) {
		}

	}

	static class TakesRequest {

		@MessageExceptionHandler
		void handle(IOException ex, HttpServletRequest request) {
		}

	}

	static class TakesOtherMessage {

		@MessageExceptionHandler
		void handle(IOException ex, Integer message) {
		}

	}

	static class TakesList {

		@MessageExceptionHandler
		void handle(IOException ex, List<String> message) {
		}

	}

	static class TakesAll {

		@MessageExceptionHandler
		void handle(IOException ex, String message, Principal user, ConnectionInfo connection, RuntimeException cause) {
		}

	}

	static class TakesAnything {

		@MessageExceptionHandler(Throwable.class)
		void handle(Object message) {
		}

	}

	static class TakesPayload {

		@MessageExceptionHandler(IOException.class)
		void handle(@Payload @Nullable Integer message) {
		}

	}

	static class ReturnsMono {

		@MessageExceptionHandler(IOException.class)
		Mono<String> handle() {
			return Mono.empty();
		}

	}

	static class ReturnsStage {

		@MessageExceptionHandler(IOException.class)
		@Nullable CompletionStage<String> handle() {
			return null;
		}

	}

	static class ReturnsRecord {

		@MessageExceptionHandler(IOException.class)
		Answer handle() {
			return new Answer("a");
		}

	}

	static class ReturnsStatus {

		@MessageExceptionHandler(IOException.class)
		CloseStatus handle() {
			return CloseStatus.NORMAL;
		}

	}

	static class ReturnsObject {

		@MessageExceptionHandler(IOException.class)
		Object handle() {
			return "a";
		}

	}

	static class ReturnsPayload {

		@MessageExceptionHandler(IOException.class)
		dev.halley.codec.Payload handle() {
			return dev.halley.codec.Payload.text("a");
		}

	}

	static class ReturnsText {

		@MessageExceptionHandler(IOException.class)
		String handle() {
			return "a";
		}

	}

	record Answer(String text) {
	}

}

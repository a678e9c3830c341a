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

import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import jakarta.servlet.http.Part;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpHeaders;
import org.springframework.http.RequestEntity;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.web.bind.annotation.CookieValue;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.socket.WebSocketSession;

import dev.halley.Channel;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.LastEventId;
import dev.halley.annotation.WebSocketMapping;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Parameters that no request could give a value are found at start-up.
 */
class EndpointParametersTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "Body | (java.lang.String body) is read from the body | @PathVariable",
			"UploadedPart | is read from the body | @RequestParam", "Uploaded | is read from the body | first message",
			"UploadedFiles | is read from the body | @RequestHeader", "UploadedArray | is read from the body | In",
			"RawPart | is read from the body | In", "Entity | is read from the body | In",
			"Stream | is read from the body | In", "PrimitiveId | (long last) is never null | Optional<…>",
			"NonNullId | is never null | @Nullable", "PrimitiveCometId | is never null | @Nullable Long",
			"Session | is of a connection | Handshake", "Push | is of a connection | Handshake",
			"Pair | is of a connection | Handshake", "Stomp | is a message | In.forEach(…)",
			"StompVariable | is of a STOMP message | @PathVariable",
			"OptionalPrimitive | (int page) is optional, but a primitive type | default value",
			"OptionalHeader | is optional, but a primitive type | Optional<…>",
			"OptionalCookie | is optional, but a primitive type | Optional<…>",
			"NoVariable | is the path variable 'rom', which is not in the path /rooms/{room} | one of [room]",
			"OneWithoutVariable | is the path variable 'room', which is not in the path /rooms | required = false",
			"StreamWithoutVariable | is the path variable 'room', which is not in the path /rooms | {room}" })
	void aParameterThatCanHaveNoValueFailsTheStart(String controller, String problem, String remedy)
			throws ClassNotFoundException {
		InvalidMappingException failure = BindingTests
			.failure(Class.forName(EndpointParametersTests.class.getName() + "$" + controller));
		assertThat(failure.getProblem()).startsWith("parameter 1 (").contains(problem);
		assertThat(failure.getRemedy()).contains(remedy);
		assertThat(failure.getMessage()).contains(controller + ".method");
	}

	@Test
	void parametersThatCanHaveAValueAreFine() {
		try (AnnotationConfigWebApplicationContext application = BindingTests.application(Fine.class)) {
			application.refresh();
			assertThat(application.getBean("webSocketMapping", PairHandlerMapping.class).getHandlerMethods())
				.hasSize(1);
			assertThat(application.getBean("eventSourceMapping", PairHandlerMapping.class).getHandlerMethods())
				.hasSize(2);
		}
	}

	static class Body {

		@WebSocketMapping("/x")
		Out<String> method(@RequestBody String body) {
			return Out.never();
		}

	}

	static class UploadedPart {

		@WebSocketMapping("/x")
		Out<String> method(@RequestPart String part) {
			return Out.never();
		}

	}

	static class Uploaded {

		@WebSocketMapping("/x")
		Out<String> method(@RequestParam MultipartFile file) {
			return Out.never();
		}

	}

	static class UploadedFiles {

		@WebSocketMapping("/x")
		Out<String> method(@RequestParam List<MultipartFile> files) {
			return Out.never();
		}

	}

	static class UploadedArray {

		@WebSocketMapping("/x")
		Out<String> method(MultipartFile[] files) {
			return Out.never();
		}

	}

	static class RawPart {

		@WebSocketMapping("/x")
		Out<String> method(@RequestParam Optional<Part> part) {
			return Out.never();
		}

	}

	static class Entity {

		@WebSocketMapping("/x")
		Out<String> method(RequestEntity<String> entity) {
			return Out.never();
		}

	}

	static class Stream {

		@WebSocketMapping("/x")
		Out<String> method(InputStream body) {
			return Out.never();
		}

	}

	static class PrimitiveId {

		@EventSourceMapping("/x")
		Out<String> method(@LastEventId long last) {
			return Out.never();
		}

	}

	static class NonNullId {

		@EventSourceMapping("/x")
		Out<String> method(@LastEventId String last) {
			return Out.never();
		}

	}

	static class PrimitiveCometId {

		@CometMapping(path = "/x", callback = "tick")
		Out<String> method(@LastEventId long last) {
			return Out.never();
		}

	}

	static class Session {

		@WebSocketMapping("/x")
		Out<String> method(WebSocketSession session) {
			return Out.never();
		}

	}

	static class Push {

		@WebSocketMapping("/x")
		Out<String> method(Channel<String> channel) {
			return Out.never();
		}

	}

	static class Pair {

		@WebSocketMapping("/x")
		Out<String> method(InOut<String, String> pair) {
			return Out.never();
		}

	}

	static class Stomp {

		@WebSocketMapping("/x")
		Out<String> method(@Payload String message) {
			return Out.never();
		}

	}

	static class StompVariable {

		@WebSocketMapping("/x")
		Out<String> method(@DestinationVariable String room) {
			return Out.never();
		}

	}

	static class OptionalPrimitive {

		@WebSocketMapping("/x")
		Out<String> method(@RequestParam(required = false) int page) {
			return Out.never();
		}

	}

	static class OptionalHeader {

		@EventSourceMapping("/x")
		Out<String> method(@RequestHeader(name = "X-Page", required = false) long page) {
			return Out.never();
		}

	}

	static class OptionalCookie {

		@WebSocketMapping("/x")
		Out<String> method(@CookieValue(required = false) char mark) {
			return Out.never();
		}

	}

	static class NoVariable {

		@WebSocketMapping("/rooms/{room}")
		Out<String> method(@PathVariable String rom) {
			return Out.never();
		}

	}

	static class OneWithoutVariable {

		@WebSocketMapping({ "/rooms/{room}", "/rooms" })
		Out<String> method(@PathVariable("room") String name) {
			return Out.never();
		}

	}

	static class StreamWithoutVariable {

		@EventSourceMapping("/rooms")
		Out<String> method(@PathVariable String room) {
			return Out.never();
		}

	}

	@RequestMapping("/{tenant}")
	static class Fine {

		@WebSocketMapping({ "/rooms/{room:[a-z]{2,3}}", "/rooms/{room}/x" })
		Out<String> socket(@PathVariable String tenant, @PathVariable String room,
				@PathVariable Map<String, String> all, @PathVariable(required = false) @Nullable String other,
				@PathVariable Optional<String> another, HttpEntity<Void> headers,
				@RequestParam(required = false) boolean flag,
				@RequestParam(required = false, defaultValue = "1") int page, @RequestParam int count,
				@RequestParam Map<String, String> parameters, @RequestHeader HttpHeaders allHeaders,
				Handshake handshake) {
			return Out.never();
		}

		@EventSourceMapping("/files/{*path}")
		Out<String> stream(@PathVariable String path, @LastEventId @Nullable Long last,
				@LastEventId Optional<Long> optional) {
			return Out.never();
		}

		@EventSourceMapping(path = "/last")
		Out<String> last(@LastEventId @Nullable String last) {
			return Out.never();
		}

	}

}

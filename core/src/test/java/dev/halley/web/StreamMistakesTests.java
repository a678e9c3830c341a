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

import java.lang.reflect.Method;
import java.security.Principal;
import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.mock.web.MockServletContext;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.websocket.engine.Engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Mappings of streams that cannot work stop the application at its start.
 */
class StreamMistakesTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', value = {
			"OrdinaryOut | and produces nothing in particular | produces = \"text/event-stream\"",
			"OrdinaryInOut | and produces nothing in particular | @WebSocketMapping",
			"OrdinaryEntity | and produces nothing in particular | @EventSourceMapping",
			"OrdinaryPage | and produces [text/html], but no such answer is a pair | @CometMapping",
			"OrdinaryBoth | but no such answer is a pair | produces = \"text/event-stream\"",
			"OrdinaryIn | but a stream only sends | Out or InOut", "OrdinaryBytes | a stream carries text | String",
			"BodyOfGet | is mapped to GET, which has no body for the parameter | RequestMethod.POST",
			"Head | is mapped to HEAD, whose answers are no streams | POST",
			"Twice | is mapped to /path, as is | one method for each path", "BadHeartbeat | 'heartbeat' is '0s' | 10s",
			"BadEnd | callback | parent.cometMessage", "BytesOfEvents | a stream carries text | String",
			"OpenEvents | message type org.springframework.http.codec.ServerSentEvent cannot be used | ServerSentEvent<String>",
			"ListOfEvents | cannot be used | the type of its data",
			"EventsIn | cannot be used | the type of its data" })
	void aMistakeFailsTheStartAndIsToldWithARemedy(String controller, String problem, String remedy)
			throws ClassNotFoundException {
		Class<?> type = Class.forName(StreamMistakesTests.class.getName() + "$" + controller);
		InvalidMappingException failure = failure(type);
		assertThat(failure.getProblem()).contains(problem);
		assertThat(failure.getRemedy()).contains(remedy);
		assertThat(failure.getMethod()).extracting(Method::getName).isEqualTo("endpoint");
	}

	private static InvalidMappingException failure(Class<?> controller) {
		try (AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext()) {
			context.setServletContext(new MockServletContext());
			context.addBeanFactoryPostProcessor((factory) -> factory.registerSingleton("engine", Engine.NATIVE));
			context.register(PairTestConfiguration.class, controller);
			BeanCreationException failure = catchThrowableOfType(BeanCreationException.class, context::refresh);
			return invalid(failure);
		}
	}

	private static InvalidMappingException invalid(Throwable failure) {
		return (failure instanceof InvalidMappingException invalid) ? invalid : invalid(failure.getCause());
	}

	@RestController
	static class OrdinaryOut {

		@GetMapping("/path")
		Out<String> endpoint() {
			return Out.of("x");
		}

	}

	@RestController
	static class OrdinaryInOut {

		@GetMapping("/path")
		InOut<String, String> endpoint() {
			return InOut.of(In.ignore(), Out.of("x"));
		}

	}

	@RestController
	static class OrdinaryEntity {

		@GetMapping("/path")
		ResponseEntity<Out<String>> endpoint() {
			return ResponseEntity.ok(Out.of("x"));
		}

	}

	@RestController
	@RequestMapping(produces = "text/html")
	static class OrdinaryPage {

		@GetMapping("/path")
		Out<String> endpoint() {
			return Out.of("x");
		}

	}

	@RestController
	static class OrdinaryBoth {

		@GetMapping(path = "/path", produces = { "text/event-stream", "application/json" })
		Out<String> endpoint() {
			return Out.of("x");
		}

	}

	@RestController
	static class OrdinaryIn {

		@GetMapping(path = "/path", produces = "text/event-stream")
		In<String> endpoint() {
			return In.ignore();
		}

	}

	@RestController
	static class OrdinaryBytes {

		@GetMapping(path = "/path", produces = "text/event-stream")
		Out<byte[]> endpoint() {
			return Out.never();
		}

	}

	@Controller
	static class BodyOfGet {

		@EventSourceMapping("/path")
		Out<String> endpoint(@RequestBody String body) {
			return Out.of(body);
		}

	}

	@Controller
	static class Head {

		@EventSourceMapping(path = "/path", method = RequestMethod.HEAD)
		Out<String> endpoint() {
			return Out.of("x");
		}

	}

	@Controller
	static class Twice {

		@EventSourceMapping(path = "/path", method = { RequestMethod.GET, RequestMethod.POST })
		Out<String> endpoint() {
			return Out.of("x");
		}

		@EventSourceMapping("/path")
		Out<String> endpoint(Principal user) {
			return Out.of("x");
		}

	}

	@Controller
	static class BadHeartbeat {

		@EventSourceMapping(path = "/path", heartbeat = "0s")
		Out<String> endpoint() {
			return Out.of("x");
		}

	}

	@Controller
	static class BadEnd {

		@CometMapping(path = "/path", callback = "f", endCallback = "alert(1)")
		Out<String> endpoint() {
			return Out.of("x");
		}

	}

	@Controller
	static class BytesOfEvents {

		@EventSourceMapping("/path")
		Out<ServerSentEvent<byte[]>> endpoint() {
			return Out.never();
		}

	}

	@Controller
	@SuppressWarnings("rawtypes")
	static class OpenEvents {

		@WebSocketMapping("/path")
		Out<ServerSentEvent> endpoint() {
			return Out.never();
		}

	}

	@Controller
	static class ListOfEvents {

		@WebSocketMapping("/path")
		Out<List<ServerSentEvent<String>>> endpoint() {
			return Out.never();
		}

	}

	@Controller
	static class EventsIn {

		@WebSocketMapping("/path")
		InOut<ServerSentEvent<String>, String> endpoint() {
			return InOut.of(In.ignore(), Out.never());
		}

	}

}

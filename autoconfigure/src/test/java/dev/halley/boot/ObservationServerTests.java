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
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.ObservationView;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.comet.Comet;
import dev.halley.observation.HalleyObservation;
import dev.halley.observation.MessageObservationContext;
import dev.halley.sse.EventStream;
import dev.halley.web.RawStream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a server observes of handshakes and messages. Each test has an endpoint of its
 * own.
 */
class ObservationServerTests {

	private static ServletWebServerApplicationContext context;

	@BeforeAll
	static void start() {
		context = Server.TOMCAT_LOOPS.start(Application.class, "halley.observations.messages=child",
				"spring.jmx.enabled=false", "halley.sse.heartbeat=1s", "halley.comet.heartbeat=1s");
	}

	@AfterAll
	static void stop() {
		context.close();
	}

	private static TestClient connect(String path) {
		return TestClient.connect(Server.url(context, path));
	}

	/** The observation that has stopped, once there is one. */
	private static Observation.Context stopped(HalleyObservation observation, String endpoint) {
		return stopped((each) -> each.getName().equals(observation.getName())
				&& endpoint.equals(value(each, HalleyObservation.Key.ENDPOINT)));
	}

	private static Observation.Context stopped(Predicate<Observation.Context> which) {
		Recorded recorded = context.getBean(Recorded.class);
		return Awaitility.await()
			.until(() -> recorded.stopped.stream().filter(which).findFirst().orElse(null), (found) -> found != null);
	}

	private static @Nullable String value(Observation.Context context, HalleyObservation.Key key) {
		return (context.getLowCardinalityKeyValue(key.asString()) != null)
				? context.getLowCardinalityKeyValue(key.asString()).getValue() : null;
	}

	private static Observation.@Nullable ContextView parentOf(Observation.ContextView context) {
		ObservationView parent = context.getParentObservation();
		return (parent != null) ? parent.getContextView() : null;
	}

	private static List<String> ancestors(Observation.Context context) {
		return Stream.iterate(parentOf(context), Objects::nonNull, (each) -> parentOf(each))
			.map(Observation.ContextView::getName)
			.toList();
	}

	@ParameterizedTest
	@CsvSource({ "text/event-stream,server_sent_events", "text/html,comet" })
	void theHandshakeOfAStreamIsObservedWhileTheStreamGoesOn(String type, String transport) throws Exception {
		try (RawStream client = RawStream.get(Server.port(context), "/streams/" + transport, "Accept: " + type)) {
			assertThat(client.status()).isEqualTo(200);
			Observation.Context handshake = stopped((each) -> each.getName().equals("halley.handshake")
					&& transport.equals(value(each, HalleyObservation.Key.TRANSPORT)));
			assertThat(value(handshake, HalleyObservation.Key.ENDPOINT)).isEqualTo("/streams/{name}");
			assertThat(value(handshake, HalleyObservation.Key.OUTCOME)).isEqualTo("accepted");
			assertThat(value(handshake, HalleyObservation.Key.STATUS)).isEqualTo("none");
		}
	}

	@ParameterizedTest
	@CsvSource({ "events,server_sent_events", "comet,comet" })
	void aStreamOfAnOrdinaryMethodHasAHandshakeToo(String path, String transport) throws Exception {
		try (RawStream client = RawStream.get(Server.port(context), "/emitted/" + path)) {
			assertThat(client.status()).isEqualTo(200);
			Observation.Context handshake = stopped(HalleyObservation.HANDSHAKE, "/emitted/" + path);
			assertThat(value(handshake, HalleyObservation.Key.TRANSPORT)).isEqualTo(transport);
			assertThat(value(handshake, HalleyObservation.Key.OUTCOME)).isEqualTo("accepted");
			assertThat(ancestors(handshake)).contains("http.server.requests");
		}
	}

	@Test
	void theHandshakeOfAWebSocketIsPartOfTheRequestAndTheMethodIsPartOfIt() {
		connect("/echo/one").close();
		Observation.Context handshake = stopped(HalleyObservation.HANDSHAKE, "/echo/{room}");
		assertThat(value(handshake, HalleyObservation.Key.TRANSPORT)).isEqualTo("web_sockets");
		assertThat(value(handshake, HalleyObservation.Key.OUTCOME)).isEqualTo("accepted");
		assertThat(handshake.getContextualName()).isEqualTo("handshake /echo/{room}");
		assertThat(ancestors(handshake)).contains("http.server.requests");
		assertThat(parentOf(stopped((each) -> each.getName().equals("method one")))).isSameAs(handshake);
	}

	@Test
	void aRefusalHasItsStatus() {
		assertThat(TestClient.refusal(Server.url(context, "/foreign"), "Origin", "https://example.org")).isEqualTo(403);
		Observation.Context handshake = stopped(HalleyObservation.HANDSHAKE, "/foreign");
		assertThat(value(handshake, HalleyObservation.Key.OUTCOME)).isEqualTo("refused");
		assertThat(value(handshake, HalleyObservation.Key.STATUS)).isEqualTo("403");
		assertThat(handshake.getError()).isNull();
	}

	@Test
	void aMethodThatAnswersOtherwiseHasDeclined() {
		assertThat(TestClient.refusal(Server.url(context, "/declined"))).isEqualTo(409);
		assertThat(value(stopped(HalleyObservation.HANDSHAKE, "/declined"), HalleyObservation.Key.OUTCOME))
			.isEqualTo("declined");
	}

	@Test
	void theHandshakeOfAPairThatComesLaterEndsWithIt() throws Exception {
		TestClient client = connect("/late");
		assertThat(client.send("a").next()).isEqualTo("a");
		Observation.Context handshake = stopped(HalleyObservation.HANDSHAKE, "/late");
		assertThat(value(handshake, HalleyObservation.Key.OUTCOME)).isEqualTo("accepted");
		assertThat(parentOf(stopped(HalleyObservation.MESSAGE, "/late"))).isSameAs(handshake);
		client.close();
	}

	@Test
	void aMessageIsPartOfTheHandshakeAndWhatItsHandlerDoesIsPartOfIt() throws Exception {
		TestClient client = connect("/handled");
		assertThat(client.send("a").next()).isEqualTo("handled a");
		client.close();
		Observation.Context message = stopped(HalleyObservation.MESSAGE, "/handled");
		assertThat(message.getContextualName()).isEqualTo("message /handled");
		assertThat(value(message, HalleyObservation.Key.TRANSPORT)).isEqualTo("web_sockets");
		assertThat(message.getHighCardinalityKeyValue("connection")).isNotNull();
		assertThat(parentOf(message)).isSameAs(stopped(HalleyObservation.HANDSHAKE, "/handled"));
		assertThat(parentOf(stopped((each) -> each.getName().equals("handler a")))).isSameAs(message);
	}

	@Test
	void anAsynchronousHandlerFindsItsMessageInItsContextAndEndsIt() throws Exception {
		TestClient client = connect("/asynchronous");
		assertThat(client.send("a").next()).isEqualTo("halley.message");
		assertThat(client.send("b").next()).isEqualTo("halley.message");
		client.close();
		Recorded recorded = context.getBean(Recorded.class);
		Awaitility.await()
			.untilAsserted(() -> assertThat(recorded.stopped).filteredOn(MessageObservationContext.class::isInstance)
				.filteredOn((each) -> "/asynchronous".equals(value(each, HalleyObservation.Key.ENDPOINT)))
				.hasSize(2)
				.allSatisfy((each) -> assertThat(each.getError()).isNull()));
	}

	@ParameterizedTest
	@CsvSource({ "/failing", "/failing-later" })
	void aHandlerThatFailsIsTheErrorOfItsMessage(String path) throws Exception {
		TestClient client = connect(path);
		assertThat(client.send("a").next()).startsWith("closed 1011");
		assertThat(stopped(HalleyObservation.MESSAGE, path).getError()).isInstanceOf(IllegalStateException.class)
			.hasMessage("of the test");
	}

	@Test
	void whatIsObservedIsDocumented() throws Exception {
		TestClient client = connect("/documented");
		assertThat(client.send("a").next()).isEqualTo("a");
		client.close();
		for (HalleyObservation observation : Set.of(HalleyObservation.HANDSHAKE, HalleyObservation.MESSAGE)) {
			Observation.Context context = stopped(observation, "/documented");
			assertThat(names(context.getLowCardinalityKeyValues().stream().map((key) -> key.getKey())))
				.isEqualTo(names(Stream.of(observation.getLowCardinalityKeyNames()).map(KeyName::asString)));
			assertThat(names(context.getHighCardinalityKeyValues().stream().map((key) -> key.getKey())))
				.isEqualTo(names(Stream.of(observation.getHighCardinalityKeyNames()).map(KeyName::asString)));
		}
	}

	private static Set<String> names(Stream<String> names) {
		return names.collect(Collectors.toCollection(TreeSet::new));
	}

	@Test
	void aHandlerOfObservationsThatFailsHarmsNoConnection() throws Exception {
		TestClient client = connect("/broken");
		assertThat(client.send("a").next()).isEqualTo("a");
		assertThat(client.send("b").next()).isEqualTo("b");
		client.close();
		assertThat(client.next()).isEqualTo("closed 1000");
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import({ Live.class, Recorded.class })
	static class Application {

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll()).build();
		}

	}

	/** Keeps what has stopped, and fails for one endpoint. */
	static class Recorded implements ObservationHandler<Observation.Context> {

		private final Queue<Observation.Context> stopped = new ConcurrentLinkedQueue<>();

		@Override
		public void onScopeOpened(Observation.Context context) {
			failIfBroken(context);
		}

		@Override
		public void onScopeClosed(Observation.Context context) {
			failIfBroken(context);
		}

		@Override
		public void onStop(Observation.Context context) {
			this.stopped.add(context);
			failIfBroken(context);
		}

		private static void failIfBroken(Observation.Context context) {
			if (context instanceof MessageObservationContext message && message.wire().endpoint().equals("/broken")) {
				throw new IllegalStateException("A handler of observations that fails in a test");
			}
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

	}

	@Controller
	static class Live {

		private final ObservationRegistry observations;

		Live(ObservationRegistry observations) {
			this.observations = observations;
		}

		private static Sinks.Many<String> answers() {
			return Sinks.many().unicast().onBackpressureBuffer();
		}

		private void observe(String name) {
			Observation.start(name, this.observations).stop();
		}

		@EventSourceMapping("/streams/{name}")
		@CometMapping(path = "/streams/{name}", callback = "parent.message")
		Out<String> streams(@PathVariable String name) {
			return Out.never();
		}

		@GetMapping("/emitted/events")
		ResponseBodyEmitter events() {
			return EventStream.emit(Out.<String>never());
		}

		@GetMapping("/emitted/comet")
		ResponseBodyEmitter comet() {
			return Comet.callback("parent.message").emit(Out.<String>never());
		}

		@WebSocketMapping("/echo/{room}")
		InOut<String, String> echo(@PathVariable String room) {
			observe("method " + room);
			return echo();
		}

		@WebSocketMapping({ "/foreign", "/broken", "/documented" })
		InOut<String, String> echo() {
			Sinks.Many<String> answers = answers();
			return InOut.of(In.forEach((message) -> answers.tryEmitNext(message)), Out.from(answers.asFlux()));
		}

		@WebSocketMapping("/late")
		Mono<InOut<String, String>> late() {
			return Mono.fromCallable(this::echo).subscribeOn(Schedulers.boundedElastic());
		}

		@WebSocketMapping("/declined")
		ResponseEntity<InOut<String, String>> declined() {
			return ResponseEntity.status(HttpStatus.CONFLICT).build();
		}

		@WebSocketMapping("/handled")
		InOut<String, String> handled() {
			Sinks.Many<String> answers = answers();
			return InOut.of(In.forEach((message) -> {
				observe("handler " + message);
				answers.tryEmitNext("handled " + message);
			}), Out.from(answers.asFlux()));
		}

		@WebSocketMapping("/asynchronous")
		InOut<String, String> asynchronous() {
			Sinks.Many<String> answers = answers();
			return InOut.of(In.forEachAsync((message) -> Mono.deferContextual((context) -> {
				Observation current = context.get("micrometer.observation");
				answers.tryEmitNext(String.valueOf(current.getContext().getName()));
				return Mono.empty();
			}).subscribeOn(Schedulers.boundedElastic())), Out.from(answers.asFlux()));
		}

		@WebSocketMapping("/failing")
		InOut<String, String> failing() {
			return InOut.of(In.forEach((message) -> {
				throw new IllegalStateException("of the test");
			}), Out.never());
		}

		@WebSocketMapping("/failing-later")
		InOut<String, String> failingLater() {
			return InOut.of(In.forEachAsync((message) -> Mono.error(new IllegalStateException("of the test"))
				.subscribeOn(Schedulers.boundedElastic())), Out.never());
		}

	}

}

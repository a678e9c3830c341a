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

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

import dev.halley.HubEvent;
import dev.halley.Hubs;
import dev.halley.Out;
import dev.halley.Recorded;
import dev.halley.Replay;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.LastEventId;
import dev.halley.annotation.WebSocketMapping;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An answer that outlives the connection that asked for it, with clients that reload,
 * open a second tab and stop it.
 */
@ParameterizedClass
@EnumSource(Server.class)
@Timeout(120)
class RecordedServerTests {

	private static final Pattern ID = Pattern.compile("id:\\s*(\\S+)");

	private static final AtomicInteger ANSWERS = new AtomicInteger();

	private static ServletWebServerApplicationContext context;

	@Parameter
	private Server server;

	private String id;

	@BeforeParameterizedClassInvocation
	static void start(Server server) {
		context = server.start(Answers.class);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		context.close();
	}

	@BeforeEach
	void ask() {
		this.id = "answer-" + ANSWERS.incrementAndGet();
	}

	private StreamClient stream(String... headers) throws IOException {
		String[] all = new String[headers.length + 1];
		all[0] = "Accept: text/event-stream";
		System.arraycopy(headers, 0, all, 1, headers.length);
		return StreamClient.get(Server.port(context), "/answers/" + this.id, all);
	}

	private TestClient socket(String query) {
		return TestClient.connect(Server.url(context, "/answers/" + this.id + query));
	}

	private Model model() {
		Map<String, Model> models = context.getBean(Models.class).models();
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> models.containsKey(this.id));
		return models.get(this.id);
	}

	private static String lastId(String events) {
		Matcher matcher = ID.matcher(events);
		String id = "";
		while (matcher.find()) {
			id = matcher.group(1);
		}
		return id;
	}

	@Test
	void aReloadInTheMiddleGoesOnWhereItWas() throws Exception {
		String seen;
		try (StreamClient page = stream()) {
			model().emit("one", "two");
			seen = page.until("data: two\n");
		}
		model().emit("three");
		try (StreamClient page = stream("Last-Event-ID: " + lastId(seen))) {
			String first = page.until("data: three\n");
			assertThat(first).doesNotContain("one").doesNotContain("two");
			model().emit("four");
			page.until("data: four\n");
			model().end();
			assertThat(page.until("event: stream-end\n")).doesNotContainPattern("data: \\w");
		}
		assertThat(model().begun).hasValue(1);
		assertThat(model().cancelled.getCount()).as("the source is not cancelled").isOne();
	}

	@Test
	void aSecondTabGetsAllFromTheStart() throws Exception {
		TestClient first = socket("");
		model().emit("one", "two");
		assertThat(first.next()).isEqualTo("one");
		assertThat(first.next()).isEqualTo("two");
		first.abort();
		TestClient second = socket("");
		model().emit("three");
		model().end();
		assertThat(second.next()).isEqualTo("one");
		assertThat(second.next()).isEqualTo("two");
		assertThat(second.next()).isEqualTo("three");
		assertThat(second.next()).isEqualTo("closed 1000");
		TestClient late = socket("?compact=true");
		assertThat(late.next()).isEqualTo("one two three");
		assertThat(late.next()).isEqualTo("closed 1000");
		assertThat(model().begun).hasValue(1);
	}

	@Test
	void stopEndsItForAllAndCancelsTheSource() throws Exception {
		try (StreamClient page = stream()) {
			TestClient tab = socket("");
			model().emit("one");
			page.until("data: one\n");
			assertThat(tab.next()).isEqualTo("one");
			try (StreamClient button = StreamClient.get(Server.port(context), "/answers/" + this.id + "/stop")) {
				assertThat(button.status()).isEqualTo(200);
			}
			assertThat(tab.next()).isEqualTo("closed 1000");
			assertThat(page.until("event: stream-end\n")).doesNotContainPattern("data: \\w");
			assertThat(model().cancelled.await(30, TimeUnit.SECONDS)).isTrue();
		}
	}

	@Test
	void aFailureComesAfterAllThatThereIs() throws Exception {
		TestClient first = socket("");
		model().emit("one");
		assertThat(first.next()).isEqualTo("one");
		model().fail();
		assertThat(first.next()).isEqualTo("closed 1011");
		TestClient late = socket("");
		assertThat(late.next()).isEqualTo("one");
		assertThat(late.next()).isEqualTo("closed 1011");
		assertThat(model().begun).hasValue(1);
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(AnswerController.class)
	static class Answers {

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll()).build();
		}

		@Bean
		Models models() {
			return new Models(new ConcurrentHashMap<>());
		}

	}

	record Models(Map<String, Model> models) {

		Flux<String> answer(String id) {
			Model model = this.models.computeIfAbsent(id, (key) -> new Model());
			model.begun.incrementAndGet();
			return Flux.<String>create(model.sink::complete).doOnCancel(model.cancelled::countDown);
		}

	}

	/** What answers, word by word. */
	static final class Model {

		private final AtomicInteger begun = new AtomicInteger();

		private final CountDownLatch cancelled = new CountDownLatch(1);

		private final CompletableFuture<FluxSink<String>> sink = new CompletableFuture<>();

		private void with(Consumer<FluxSink<String>> action) {
			try {
				action.accept(this.sink.get(30, TimeUnit.SECONDS));
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}

		void emit(String... words) {
			for (String word : words) {
				with((sink) -> sink.next(word));
			}
		}

		void end() {
			with(FluxSink::complete);
		}

		void fail() {
			with((sink) -> sink.error(new IllegalStateException("the model has failed, on purpose")));
		}

	}

	@RestController
	static class AnswerController {

		private final Hubs hubs;

		private final Models models;

		AnswerController(Hubs hubs, Models models) {
			this.hubs = hubs;
			this.models = models;
		}

		private Recorded<String> answer(String id) {
			return this.hubs.recorded("answer." + id, String.class, () -> this.models.answer(id),
					Duration.ofMinutes(10));
		}

		@EventSourceMapping("/answers/{id}")
		Out<ServerSentEvent<String>> events(@PathVariable String id, @LastEventId @Nullable String lastEventId) {
			Out<ServerSentEvent<String>> events = answer(id).events(Replay.after(lastEventId)).map((event) -> {
				String word = (event instanceof HubEvent.Message<String> message) ? message.payload() : "anew";
				return ServerSentEvent.<String>builder().id(event.position().toString()).data(word).build();
			});
			return events.andThen(Out.eof());
		}

		@WebSocketMapping("/answers/{id}")
		Out<String> socket(@PathVariable String id, @RequestParam(defaultValue = "false") boolean compact) {
			Recorded<String> answer = answer(id);
			Recorded<String> read = compact ? answer.compact((words) -> String.join(" ", words)) : answer;
			return read.out().andThen(Out.eof());
		}

		@GetMapping("/answers/{id}/stop")
		String stop(@PathVariable String id) {
			this.hubs.recorded("answer." + id, String.class).ifPresent(Recorded::stop);
			return "stopped";
		}

	}

}

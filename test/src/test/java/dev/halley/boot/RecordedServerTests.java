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

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
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
import org.springframework.web.socket.CloseStatus;
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
import dev.halley.test.LiveClient;
import dev.halley.test.LiveClients;
import dev.halley.test.TesterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An answer that outlives the connection that asked for it, with clients that reload,
 * open a second tab and stop it.
 */
@ParameterizedClass
@EnumSource(Server.class)
@Timeout(120)
@ExtendWith(TesterExtension.class)
class RecordedServerTests {

	private static final AtomicInteger ANSWERS = new AtomicInteger();

	private static ServletWebServerApplicationContext context;

	@Parameter
	private Server server;

	private final String path = "/answers/answer-" + ANSWERS.incrementAndGet();

	private final URI base = URI.create("http://localhost:" + Server.port(context));

	private final LiveClients clients = LiveClients.of(this.base);

	@BeforeParameterizedClassInvocation
	static void start(Server server) {
		context = server.start(Answers.class);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		context.close();
	}

	private LiveClient<Void, ServerSentEvent<String>> stream(LiveClients clients) {
		return clients.events(this.path, String.class);
	}

	private LiveClient<String, String> socket(String query) {
		return this.clients.webSocket(this.path + query);
	}

	private Model model() {
		return context.getBean(Models.class).of(this.path.substring("/answers/".length()));
	}

	private static Predicate<ServerSentEvent<String>> word(String word) {
		return (event) -> word.equals(event.data()) && event.event() == null;
	}

	/** Tells a page not to come back. */
	private static Predicate<ServerSentEvent<String>> end() {
		return (event) -> "stream-end".equals(event.event()) && "".equals(event.data());
	}

	@Test
	void aReloadInTheMiddleGoesOnWhereItWas() {
		LiveClient<Void, ServerSentEvent<String>> page = stream(this.clients);
		model().emit("one", "two");
		ServerSentEvent<String> seen = page.expectMatch(word("one")).next();
		assertThat(seen).matches(word("two"));
		page.close();
		model().emit("three");
		page = stream(this.clients.withHeader("Last-Event-ID", seen.id())).expectMatch(word("three"));
		model().emit("four");
		page.expectMatch(word("four"));
		model().end();
		page.expectMatch(end());
		assertThat(model().begun).hasValue(1);
		assertThat(model().cancelled.getCount()).as("the source is not cancelled").isOne();
	}

	@Test
	void aSecondTabGetsAllFromTheStart() {
		LiveClient<String, String> first = socket("");
		model().emit("one", "two");
		first.expect("one").expect("two").vanish();
		LiveClient<String, String> second = socket("");
		model().emit("three");
		model().end();
		second.expect("one").expect("two").expect("three").expectClose(new CloseStatus(1000, ""));
		socket("?compact=true").expect("one two three").expectClose(new CloseStatus(1000, ""));
		assertThat(model().begun).hasValue(1);
	}

	@Test
	void stopEndsItForAllAndCancelsTheSource() throws Exception {
		LiveClient<Void, ServerSentEvent<String>> page = stream(this.clients);
		LiveClient<String, String> tab = socket("");
		model().emit("one");
		page.expectMatch(word("one"));
		tab.expect("one");
		assertThat(this.base.resolve(this.path + "/stop").toURL().openStream()).hasContent("stopped");
		tab.expectClose(new CloseStatus(1000, ""));
		page.expectMatch(end());
		assertThat(model().cancelled.await(30, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void aFailureComesAfterAllThatThereIs() {
		LiveClient<String, String> first = socket("");
		model().emit("one");
		first.expect("one");
		model().fail();
		first.expectClose(new CloseStatus(1011, ""));
		socket("").expect("one").expectClose(new CloseStatus(1011, ""));
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

		Model of(String id) {
			return this.models.computeIfAbsent(id, (key) -> new Model());
		}

		Flux<String> answer(String id) {
			Model model = of(id);
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

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

package dev.halley.pages;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.util.HtmlUtils;
import reactor.core.publisher.Flux;

import dev.halley.Out;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.LastEventId;
import dev.halley.comet.Comet;

/**
 * What docs/streams.md shows.
 */
@Controller
class StreamsPage {

	private final Orders orders = new Orders();

	private final Newsroom news = new Newsroom();

	private final Model model = new Model();

	private final Importer importer = new Importer();

	@CometMapping(path = "/clock", callback = "parent.clockChanged")
	Out<Instant> clock() {
		return Out.every(Duration.ofSeconds(1), Instant::now);
	}

	@GetMapping("/comet")
	ResponseBodyEmitter comet() {
		return Comet.callback("console.log")
			.removeScripts()
			.timeout(Duration.ofHours(1))
			.emit(Out.of("kiki", "foo", "bar"));
	}

	@GetMapping("/rows")
	ResponseBodyEmitter rows() {
		return Comet
			.html(this.orders.out().map((order) -> "<tr><td>" + HtmlUtils.htmlEscape(order.name()) + "</td></tr>"));
	}

	@EventSourceMapping(path = "/news", retry = "5s")
	Out<ServerSentEvent<News>> news(@LastEventId @Nullable String last) {
		return Out.from(this.news.since(last)).map((news) -> ServerSentEvent.builder(news).id(news.id()).build());
	}

	@EventSourceMapping(path = "/answers", method = RequestMethod.POST)
	Out<Token> answer(@Valid @RequestBody Question question) {
		return Out.from(this.model.stream(question.text())).map(Token::new);
	}

	@EventSourceMapping(path = "/import", reconnect = false)
	Out<Progress> importAll() {
		return Out.from(this.importer.run());
	}

	static Out<String> batched(Publisher<String> tokens) {
		return Out.from(tokens).batched(20, Duration.ofMillis(50), String::concat);
	}

	static Out<String> forgiving(Publisher<String> answer) {
		return Out.from(answer).onError((ex) -> "The answer could not be completed.");
	}

	record Order(String name) {
	}

	record News(String id, String text) {
	}

	record Question(@NotBlank String text) {

		boolean isShort() {
			return this.text.length() < 5;
		}

	}

	record Token(String text) {
	}

	record Progress(int percent) {
	}

	/**
	 * Has orders.
	 */
	static class Orders {

		Out<Order> out() {
			return Out.of(new Order("<b>"));
		}

	}

	/**
	 * Has news.
	 */
	static class Newsroom {

		Flux<News> since(@Nullable String last) {
			return Flux.just(new News("1", "one"), new News("2", "two")).filter((news) -> !news.id().equals(last));
		}

	}

	/**
	 * Answers questions.
	 */
	static class Model {

		Flux<String> stream(String question) {
			return Flux.just(question, "!");
		}

		String answer(Question question) {
			return question.text();
		}

	}

	/**
	 * Imports something.
	 */
	static class Importer {

		Stream<Progress> run() {
			return Stream.of(new Progress(50), new Progress(100));
		}

	}

}

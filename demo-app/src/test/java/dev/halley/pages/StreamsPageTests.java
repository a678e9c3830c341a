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

import java.time.Instant;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MockMvcTester.MockMvcRequestBuilder;
import reactor.core.publisher.Flux;

import dev.halley.pages.StreamsPage.Progress;
import dev.halley.test.HalleyTest;
import dev.halley.test.PairTester;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs what docs/streams.md shows.
 */
class StreamsPageTests {

	@Test
	void joinsAndForgives() {
		PairTester.ofStream(StreamsPage.batched(Flux.just("a", "b", "c"))).expect("abc").expectClose(1000);
		PairTester.ofStream(StreamsPage.forgiving(Flux.<String>error(new IllegalStateException()).startWith("a")))
			.expect("a")
			.expect("The answer could not be completed.")
			.expectClose(1000);
		PairTester.ofStream(new StreamsPage().importAll())
			.expect(new Progress(50))
			.expect(new Progress(100))
			.expectClose(1000);
		PairTester<Void, Instant> clock = PairTester.ofStream(new StreamsPage().clock());
		assertThat(clock.next()).isBeforeOrEqualTo(Instant.now());
	}

	private static MockMvcRequestBuilder ask(MockMvcTester mvc, String text) {
		return mvc.post()
			.uri("/answers")
			.contentType(MediaType.APPLICATION_JSON)
			.content("{\"text\":\"" + text + "\"}")
			.accept(MediaType.TEXT_EVENT_STREAM, MediaType.ALL);
	}

	@Nested
	@HalleyTest
	@Import(StreamsPage.class)
	class Mapped {

		@Test
		void areStreams(@Autowired MockMvcTester mvc) {
			assertThat(mvc.get().uri("/comet")).bodyText().contains("console.log(", "kiki", "foo", "bar");
			assertThat(mvc.get().uri("/rows")).bodyText().contains("<tr><td>&lt;b&gt;</td></tr>");
			assertThat(mvc.get().uri("/news").header("Last-Event-ID", "1").accept(MediaType.TEXT_EVENT_STREAM))
				.bodyText()
				.contains("id: 2", "retry: 5000", "\"two\"")
				.doesNotContain("\"one\"");
			assertThat(ask(mvc, "why?")).bodyText().contains("{\"text\":\"why?\"}", "{\"text\":\"!\"}");
			assertThat(ask(mvc, " ")).hasStatus(400);
		}

	}

	@Nested
	@HalleyTest
	@Import(OrdinaryStreamsPage.Producing.class)
	class Producing {

		@Test
		void isAStream(@Autowired MockMvcTester mvc) {
			assertThat(ask(mvc, "why?")).bodyText().contains("{\"text\":\"why?\"}", "{\"text\":\"!\"}");
		}

	}

	@Nested
	@WebMvcTest
	@Import(OrdinaryStreamsPage.Deciding.class)
	class Deciding {

		@Test
		void isAStreamOrNot(@Autowired MockMvcTester mvc) {
			assertThat(ask(mvc, "why is that?")).bodyText().contains("data: why is that?", "data: !");
			assertThat(ask(mvc, "why?")).bodyText().isEqualTo("why?");
		}

	}

}

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

import jakarta.validation.Valid;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;

import dev.halley.Out;
import dev.halley.pages.StreamsPage.Model;
import dev.halley.pages.StreamsPage.Question;
import dev.halley.pages.StreamsPage.Token;
import dev.halley.sse.EventStream;

/**
 * What docs/streams.md shows of ordinary methods.
 */
final class OrdinaryStreamsPage {

	private OrdinaryStreamsPage() {
	}

	/**
	 * A method that produces event streams.
	 */
	@Controller
	static class Producing {

		private final Model model = new Model();

		@PostMapping(path = "/answers", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Out<Token> answer(@Valid @RequestBody Question question) {
			return Out.from(this.model.stream(question.text())).map(Token::new);
		}

	}

	/**
	 * A method that decides as it runs.
	 */
	@Controller
	static class Deciding {

		private final Model model = new Model();

		@PostMapping("/answers")
		ResponseEntity<?> answer(@RequestBody Question question) {
			Out<String> tokens = Out.from(this.model.stream(question.text()));
			return question.isShort() ? ResponseEntity.ok(this.model.answer(question))
					: ResponseEntity.ok(EventStream.emit(tokens).heartbeat(Duration.ofSeconds(5)));
		}

	}

}

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

package dev.halley.demo;

import java.time.Duration;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMethod;
import reactor.core.publisher.Flux;

import dev.halley.Out;
import dev.halley.annotation.EventSourceMapping;

/**
 * Answers a question word by word, as language models do, with the question itself.
 */
@Controller
class AnswersController {

	@EventSourceMapping(path = "/answers", method = RequestMethod.POST)
	Out<Token> answer(@Valid @RequestBody Question question) {
		String[] words = ("You ask: " + question.text() + " Comets know, but they are far away.").split(" ");
		return Out.from(Flux.fromArray(words).delayElements(Duration.ofMillis(80))).map(Token::new);
	}

	record Question(@NotBlank @Size(max = 200) String text) {
	}

	record Token(String token) {
	}

}

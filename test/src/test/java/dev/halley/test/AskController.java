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

package dev.halley.test;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.server.ResponseStatusException;

import dev.halley.Out;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;

/**
 * Streams that are asked for by POST.
 */
@Controller
class AskController {

	@EventSourceMapping(path = "/asked", method = RequestMethod.POST)
	@CometMapping(path = "/asked", method = RequestMethod.POST, callback = "parent.answer")
	Out<Answer> answers(@RequestBody Question question) {
		if (question.text().isEmpty()) {
			throw new ResponseStatusException(HttpStatus.UNPROCESSABLE_CONTENT);
		}
		return Out.of(new Answer(question.text(), 1), new Answer(question.text(), 2));
	}

	@EventSourceMapping(path = "/letters", method = RequestMethod.POST)
	Out<String> letters(@RequestBody String text, @RequestHeader("Content-Type") String type) {
		return Out.of(type, text);
	}

	record Question(String text) {
	}

	record Answer(String question, int part) {
	}

}

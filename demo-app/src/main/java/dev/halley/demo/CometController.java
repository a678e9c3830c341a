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
import java.time.Instant;

import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;

import dev.halley.Out;
import dev.halley.annotation.CometMapping;
import dev.halley.comet.Comet;

/**
 * HTML that does not end: each message is one more script that calls a function.
 */
@Controller
class CometController {

	@GetMapping("/comet/console")
	ResponseBodyEmitter console() {
		return Comet.callback("console.log").emit(Out.of("kiki", "foo", "bar"));
	}

	@CometMapping(path = "/comet/clock", callback = "parent.cometMessage", removeScripts = true)
	Out<Instant> clock() {
		return Out.every(Duration.ofSeconds(1), Instant::now);
	}

}

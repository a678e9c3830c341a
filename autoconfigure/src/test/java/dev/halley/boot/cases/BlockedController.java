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

package dev.halley.boot.cases;

import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.Payload;

/**
 * Pairs that send more than fits into the network, and block where the application's code
 * runs.
 */
@RestController
class BlockedController {

	/** Together 25 MB. */
	static final int MESSAGES = 400;

	static final String MESSAGE = "x".repeat(64_000);

	@WebSocketMapping("/blocked/handler")
	InOut<String, String> handler(Run run) {
		return run.pair(In.forEach((text) -> {
			run.hear(text);
			run.block();
		}), much());
	}

	@WebSocketMapping("/blocked/open")
	InOut<String, String> open(Run run) {
		return run.pair(In.through((messages) -> {
			run.hear("opened");
			run.block();
			return messages;
		}), much());
	}

	@WebSocketMapping("/blocked/decoder")
	InOut<Name, String> decoder(Run run) {
		return run.pair(In.forEach(run::hear), much());
	}

	@WebSocketMapping("/blocked/exception-handler")
	InOut<String, String> exceptionHandler(Run run) {
		return run.pair(In.forEach((text) -> {
			throw new BlockingException(run);
		}), much());
	}

	@MessageExceptionHandler
	String handle(BlockingException ex) {
		ex.run.hear("failed");
		ex.run.block();
		return "handled";
	}

	private static Out<String> much() {
		return Out.from(Flux.range(0, MESSAGES).map((i) -> MESSAGE));
	}

	/** The name of a run. */
	record Name(String name) {
	}

	/** Blocks while it decodes. */
	static final class NameCodec implements MessageCodec<Name> {

		private final Runs runs;

		NameCodec(Runs runs) {
			this.runs = runs;
		}

		@Override
		public Payload encode(Name message) {
			return Payload.text(message.name());
		}

		@Override
		public Name decode(Payload payload) {
			Name name = new Name(payload.text());
			this.runs.named(name.name()).hear("decoded");
			this.runs.named(name.name()).block();
			return name;
		}

	}

	static final class BlockingException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		private final transient Run run;

		BlockingException(Run run) {
			this.run = run;
		}

	}

}

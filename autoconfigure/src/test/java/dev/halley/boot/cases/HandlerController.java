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

import java.io.Serial;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;

import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.WebSocketMapping;

/**
 * Handlers of messages that do what they should not.
 */
@RestController
class HandlerController {

	@WebSocketMapping("/handler/throws")
	InOut<String, String> throwing(Run run) {
		return run.pair(In.forEach((text) -> {
			throw new UnsupportedOperationException("secret");
		}), Out.never());
	}

	@WebSocketMapping("/handler/error")
	InOut<String, String> error(Run run) {
		return run.pair(In.forEach((text) -> {
			throw new AssertionError("secret");
		}), Out.never());
	}

	@WebSocketMapping("/handler/fails-later")
	InOut<String, String> failingLater(Run run) {
		return run.pair(
				In.forEachAsync((String text) -> run.gate().then(Mono.error(new NoSuchFieldException("secret")))),
				Out.never());
	}

	@WebSocketMapping("/handler/null")
	InOut<String, String> returningNull(Run run) {
		return run.pair(In.forEachAsync((text) -> null), Out.never());
	}

	@WebSocketMapping("/handler/handled")
	InOut<String, String> handled(Run run) {
		return run.pair(In.forEach((text) -> {
			run.hear(text);
			throw new HandledException(text);
		}), Out.never());
	}

	@WebSocketMapping("/handler/handled-badly")
	InOut<String, String> handledBadly(Run run) {
		return run.pair(In.forEach((text) -> {
			throw new UncheckedIOException(new java.io.IOException("secret"));
		}), Out.never());
	}

	@WebSocketMapping("/handler/blocks")
	InOut<String, String> blocking(Run run) {
		return run.pair(In.forEach((text) -> {
			run.hear(text);
			run.block();
		}), Out.never());
	}

	@WebSocketMapping("/handler/never-completes")
	InOut<String, String> neverCompleting(Run run) {
		return run.pair(In.forEachAsync((String text) -> {
			run.hear(text);
			return run.gate();
		}), Out.never());
	}

	/** Its first message is done on a thread where nobody may block. */
	@WebSocketMapping("/handler/blocks-the-second-time")
	InOut<String, String> blockingTheSecondTime(Run run) {
		return run.pair(In.forEachAsync((String text) -> {
			boolean first = text.equals("one");
			run.hear(first ? text : text + (Schedulers.isInNonBlockingThread() ? "" : " on a thread that may block"));
			return first ? run.gate().publishOn(Schedulers.parallel()) : Mono.empty();
		}), Out.never());
	}

	@WebSocketMapping("/handler/completes-twice")
	InOut<String, String> completingTwice(Run run) {
		return run.pair(In.forEachAsync((String text) -> {
			run.hear(text);
			return (BrokenPublisher<Object>) (subscriber) -> {
				subscriber.onSubscribe(new BrokenPublisher.Deaf(run));
				BrokenPublisher.completeTwiceAndFail(subscriber);
			};
		}), Out.never());
	}

	@WebSocketMapping("/handler/completes-two-ways")
	InOut<String, String> completingTwoWays(Run run) {
		return run.pair(In.forEachAsync((String text) -> {
			run.hear(text);
			CompletableFuture<String> future = new CompletableFuture<>();
			run.gate().doFinally((signal) -> future.complete("once")).subscribe();
			run.gate().doFinally((signal) -> future.completeExceptionally(new IllegalStateException())).subscribe();
			return future;
		}), Out.never());
	}

	@WebSocketMapping("/handler/broken-subscribe")
	InOut<String, String> brokenSubscribe(Run run) {
		return run.pair(In.forEachAsync((String text) -> (BrokenPublisher<Object>) (subscriber) -> {
			throw new IllegalStateException("secret");
		}), Out.never());
	}

	@WebSocketMapping("/handler/pipeline-throws")
	InOut<String, String> throwingPipeline(Run run) {
		return run.pair(In.through((Flux<String> messages) -> messages.map((text) -> {
			throw new IllegalArgumentException("secret");
		})), Out.never());
	}

	@WebSocketMapping("/handler/no-pipeline")
	InOut<String, String> noPipeline(Run run) {
		return run.pair(In.through((Flux<String> messages) -> null), Out.never());
	}

	@WebSocketMapping("/handler/when-done-throws")
	InOut<String, String> throwingWhenDone(Run run) {
		In<String> in = run.collect();
		return run.pair(in.whenDone(() -> {
			throw new IllegalStateException("secret");
		}), Out.never());
	}

	@MessageExceptionHandler
	String handle(HandledException ex) {
		return "handled " + ex.getMessage();
	}

	@MessageExceptionHandler
	CloseStatus handle(NoSuchFieldException ex) {
		return new CloseStatus(4002, "no such field");
	}

	@MessageExceptionHandler
	String handle(UncheckedIOException ex) {
		throw ex;
	}

	static final class HandledException extends RuntimeException {

		@Serial
		private static final long serialVersionUID = 1L;

		HandledException(String message) {
			super(message);
		}

	}

}

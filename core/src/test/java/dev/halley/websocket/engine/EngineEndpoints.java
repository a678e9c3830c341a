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

package dev.halley.websocket.engine;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.stereotype.Controller;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import dev.halley.Channel;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.WebSocketMapping;

/**
 * The pairs that the engines' tests talk to.
 */
@Controller
class EngineEndpoints {

	final AtomicInteger stuck = new AtomicInteger();

	final Semaphore blocked = new Semaphore(0);

	final Semaphore released = new Semaphore(0);

	final List<Channel<byte[]>> channels = new CopyOnWriteArrayList<>();

	final List<CloseStatus> ends = new CopyOnWriteArrayList<>();

	@WebSocketMapping(path = "/echo")
	InOut<WebSocketMessage<?>, WebSocketMessage<?>> echo() {
		return InOut.flow((messages) -> Flux.from(messages)
			.filter((message) -> message instanceof TextMessage || message instanceof BinaryMessage));
	}

	@WebSocketMapping(path = "/later")
	Mono<InOut<WebSocketMessage<?>, WebSocketMessage<?>>> later() {
		return Mono.fromSupplier(this::echo).delaySubscription(Duration.ofMillis(50));
	}

	@WebSocketMapping(path = "/hello")
	InOut<String, String> hello() {
		return InOut.of(In.ignore(), Out.of("hello"));
	}

	@WebSocketMapping(path = "/bye")
	InOut<String, String> bye() {
		return InOut.of(In.ignore(), Out.<String>eof());
	}

	/** Closes with a code and a reason of its own. */
	@WebSocketMapping(path = "/farewell")
	InOut<String, String> farewell() {
		return InOut.of(In.ignore(), Out.<String>close(new CloseStatus(4001, "bis später ✓")));
	}

	/** Remembers how connections end. */
	@WebSocketMapping(path = "/ends")
	InOut<String, String> ends() {
		return InOut.of(In.<String>ignore().whenDone(this.ends::add), Out.never());
	}

	/** Handlers that never end. */
	@WebSocketMapping(path = "/stuck")
	InOut<byte[], String> stuck() {
		return InOut.of(In.<byte[]>forEachAsync((message) -> {
			this.stuck.incrementAndGet();
			return Mono.never();
		}), Out.never());
	}

	/** Sends 25 MB, while the handler of the first message waits for its release. */
	@WebSocketMapping(path = "/blocked")
	InOut<String, byte[]> blocked() {
		return InOut.of(In.forEach((message) -> {
			this.blocked.release();
			this.released.acquireUninterruptibly();
		}), Out.from(Flux.range(0, 400).map((number) -> new byte[64_000])));
	}

	@WebSocketMapping(path = "/flood")
	InOut<String, byte[]> flood() {
		return InOut.of(In.ignore(), Out.unicast(this.channels::add));
	}

}

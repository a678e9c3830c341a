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

package dev.halley.client;

import java.net.URI;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import org.springframework.web.socket.CloseStatus;

import dev.halley.CallContext;
import dev.halley.InOut;
import dev.halley.codec.MessageCodec;
import dev.halley.connection.Connection;
import dev.halley.connection.ConnectionInfo;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.ConnectionSettings;

/**
 * Makes the connection of each WebSocket of a client, with a fresh pair.
 */
final class PairRuns {

	private static final AtomicLong COUNT = new AtomicLong();

	private final ConnectionRegistry registry;

	private final URI uri;

	private final ConnectionSettings settings;

	private final Supplier<? extends InOut<?, ?>> pairs;

	private final MessageCodec<?> inCodec;

	private final MessageCodec<?> outCodec;

	/** What the thread has that opens the connection, for all that follow. */
	private final CallContext context;

	PairRuns(WebSocketRequest<?, ?> request, Supplier<? extends InOut<?, ?>> pairs, MessageCodec<?> inCodec,
			MessageCodec<?> outCodec) {
		this.registry = request.runtime.registry();
		this.uri = request.uri;
		this.settings = request.settings;
		this.pairs = pairs;
		this.inCodec = inCodec;
		this.outCodec = outCodec;
		this.context = this.registry.captureContext();
	}

	/** What all code of the application runs in that works for these connections. */
	CallContext context() {
		return this.context;
	}

	/**
	 * Makes the next connection.
	 * @param subprotocol the subprotocol that the server has chosen, or {@code null}
	 * @param opened what to call when the pair runs
	 * @param failed what to tell of what the application's code throws
	 * @param done what to call when the pair has ended
	 */
	Connection next(@Nullable String subprotocol, Runnable opened, Consumer<Throwable> failed,
			Consumer<CloseStatus> done) {
		try (CallContext.Scope scope = this.context.enter()) {
			InOut<?, ?> pair = this.pairs.get();
			Assert.state(pair != null, "pair: null (expected: an InOut of the supplier that was given to connect)");
			// The principal is the server's affair
			ConnectionInfo info = new ConnectionInfo("client-" + COUNT.incrementAndGet(), "websocket",
					this.uri.getPath(), "HalleyClient", this.uri, this.uri.getHost(), null, subprotocol, Instant.now());
			return new Connection(info, pair.whenOpen(opened).whenDone(done), this.inCodec, this.outCodec,
					(failure, message) -> {
						failed.accept(failure);
						throw failure;
					}, this.settings, this.registry, this.registry.reserve(null, null));
		}
	}

}

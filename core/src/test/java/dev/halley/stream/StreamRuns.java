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

package dev.halley.stream;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

import org.springframework.web.socket.CloseStatus;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.Payload;
import dev.halley.connection.Connection;
import dev.halley.connection.ConnectionInfo;
import dev.halley.connection.ConnectionLimits;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.ConnectionSettings;
import dev.halley.connection.FailureHandler;

/**
 * Makes connections that stream texts, in virtual time.
 */
final class StreamRuns {

	final AtomicLong nanos = new AtomicLong();

	final ConnectionRegistry registry = new ConnectionRegistry(Runnable::run, Runnable::run, ConnectionLimits.NONE,
			this.nanos::get);

	/** How the connections have ended. */
	final List<CloseStatus> done = new CopyOnWriteArrayList<>();

	Connection connection(Out<String> out) {
		ConnectionInfo info = new ConnectionInfo("c", "sse", "/stream", "Streams.stream", URI.create("/stream"), null,
				null, null, Instant.EPOCH);
		MessageCodec<String> codec = new Texts();
		return new Connection(info, InOut.of(In.<String>ignore().whenDone(this.done::add), out), codec, codec,
				FailureHandler.NONE, ConnectionSettings.DEFAULT, this.registry, this.registry.reserve(null, null));
	}

	void pass(Duration time) {
		this.nanos.addAndGet(time.toNanos());
		this.registry.tick();
	}

	private static final class Texts implements MessageCodec<String> {

		@Override
		public Payload encode(String message) {
			return Payload.text(message);
		}

		@Override
		public String decode(Payload payload) {
			return payload.text();
		}

	}

}

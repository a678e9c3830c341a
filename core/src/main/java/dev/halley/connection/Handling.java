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

package dev.halley.connection;

import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

import dev.halley.CallContext;

/**
 * What is told of the messages that a connection handles: how long each takes, and its
 * trace. There is one at a time, and whoever has that handled, or has seen its end, calls
 * this.
 */
final class Handling {

	private final Connection connection;

	private final boolean timing;

	private final ConnectionTracer.@Nullable MessageTracer tracer;

	private volatile ConnectionTracer.@Nullable MessageTrace trace;

	/**
	 * Creates a handling.
	 * @param connection the connection
	 * @param tracer goes along with its messages, or {@code null}
	 * @param pipeline whether its messages wait for demand, which is the time of a slow
	 * peer: of those nothing is told
	 */
	Handling(Connection connection, ConnectionTracer.@Nullable MessageTracer tracer, boolean pipeline) {
		this.connection = connection;
		this.timing = connection.count().isTiming() && !pipeline;
		this.tracer = pipeline ? null : tracer;
	}

	/** A message is about to be decoded and handled. */
	void begins() {
		if (this.timing) {
			this.connection.count().handling(this.connection.now());
		}
		if (this.tracer != null) {
			this.trace = this.tracer.begin();
		}
	}

	/** It was handled. */
	void ended() {
		ConnectionTracer.MessageTrace trace = this.trace;
		if (trace != null) {
			this.trace = null;
			trace.ended();
		}
		if (this.timing) {
			this.connection.count().handled(this.connection.now());
		}
	}

	/** It has failed, or some of it. */
	void failed(Throwable failure, @Nullable Object message) {
		ConnectionTracer.MessageTrace trace = this.trace;
		if (trace != null) {
			trace.failed(failure);
		}
		this.connection.failures().failed(failure, message);
	}

	/** What the handler finds on its thread, after what the connection carries. */
	CallContext.Scope enter() {
		ConnectionTracer.MessageTrace trace = this.trace;
		return (trace != null) ? trace.enter() : CallContext.Scope.NONE;
	}

	/** What its asynchronous rest finds in its context. */
	Context context() {
		ConnectionTracer.MessageTrace trace = this.trace;
		Context context = this.connection.context().addTo(Context.empty());
		return (trace != null) ? trace.addTo(context) : context;
	}

}

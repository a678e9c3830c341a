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

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import dev.halley.CallContext;

/**
 * Tells a listener of states, one after the other, in order. Thread-safe.
 */
final class States {

	private static final Log logger = LogFactory.getLog(States.class);

	private final Queue<ConnectionState> untold = new ConcurrentLinkedQueue<>();

	private final AtomicInteger waiting = new AtomicInteger();

	private final Executor executor;

	private final Consumer<? super ConnectionState> listener;

	/** What the listener finds on its thread. */
	private final CallContext context;

	States(Executor executor, Consumer<? super ConnectionState> listener, CallContext context) {
		this.executor = executor;
		this.listener = listener;
		this.context = context;
	}

	void tell(ConnectionState state) {
		this.untold.add(state);
		if (this.waiting.getAndIncrement() == 0) {
			try {
				this.executor.execute(this::drain);
			}
			catch (RejectedExecutionException ex) {
				drain();
			}
		}
	}

	private void drain() {
		do {
			ConnectionState state = this.untold.remove();
			try (CallContext.Scope scope = this.context.enter()) {
				this.listener.accept(state);
			}
			catch (Throwable ex) {
				logger.error("A listener of states has failed", ex);
			}
		}
		while (this.waiting.decrementAndGet() > 0);
	}

}

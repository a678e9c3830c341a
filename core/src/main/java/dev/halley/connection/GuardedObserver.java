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

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Tells an observer, and writes down what it throws: whatever is told of goes on.
 *
 * @param observer whom to tell
 */
record GuardedObserver(ConnectionObserver observer) implements ConnectionObserver {

	private static final Log logger = LogFactory.getLog(ConnectionObserver.class);

	@Override
	public void handshake(Wire wire, Outcome outcome, int status) {
		guarded(() -> this.observer.handshake(wire, outcome, status));
	}

	/** Where nobody checks for {@code null}, it may come. */
	@Override
	public ConnectionMeter connected(Wire wire, @Nullable Connection connection) {
		try {
			ConnectionMeter meter = this.observer.connected(wire, connection);
			return (meter != null) ? meter : ConnectionMeter.NONE;
		}
		catch (Throwable ex) {
			failed(ex);
			return ConnectionMeter.NONE;
		}
	}

	/** The same for what is told to a {@link ConnectionMeter}. */
	static void guarded(Runnable telling) {
		try {
			telling.run();
		}
		catch (Throwable ex) {
			failed(ex);
		}
	}

	private static void failed(Throwable failure) {
		FailureLog.error(logger, "The observer of connections failed", failure);
	}

}

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

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.util.ClassUtils;

import dev.halley.CallContext;
import dev.halley.ContextCapture;

/**
 * Names a connection in SLF4J's MDC, for whatever the application's code logs while it
 * works for the connection.
 */
final class LoggingContext extends CallContext {

	/** The keys are documented in docs/operations.md. */
	static final String CONNECTION = "halley.connection";

	static final String ENDPOINT = "halley.endpoint";

	static final String USER = "halley.user";

	/** Whether there is an MDC. */
	private static final boolean POSSIBLE = ClassUtils.isPresent("org.slf4j.MDC",
			LoggingContext.class.getClassLoader());

	private final String connection;

	private final String endpoint;

	private final @Nullable String user;

	private LoggingContext(String connection, String endpoint, @Nullable String user) {
		this.connection = connection;
		this.endpoint = endpoint;
		this.user = user;
	}

	/**
	 * Returns the names of a connection.
	 * @param info what is known of it
	 * @param withUser whether its user is named too
	 */
	static CallContext of(ConnectionInfo info, boolean withUser) {
		String user = withUser ? info.userName() : null;
		return new LoggingContext(info.id(), info.endpoint(), (user != null) ? FailureLog.excerpt(user) : null);
	}

	/**
	 * Adds what logs are to name to what a connection carries along.
	 * @param logging what that is, or {@code null} for nothing
	 */
	static ContextCapture addTo(ContextCapture contexts, @Nullable ConnectionLogging logging, ConnectionInfo info) {
		if (logging == null || !logging.context() || !POSSIBLE) {
			return contexts;
		}
		return ContextCapture.all(List.of(contexts, () -> of(info, logging.user())));
	}

	/** What a thread has that works for no other connection need not be asked for. */
	@Override
	protected Scope apply() {
		return (current() == NONE) ? set(null, null, null) : set(MDC.get(CONNECTION), MDC.get(ENDPOINT), MDC.get(USER));
	}

	private Scope set(@Nullable String connection, @Nullable String endpoint, @Nullable String user) {
		put(CONNECTION, this.connection);
		put(ENDPOINT, this.endpoint);
		change(USER, user, this.user);
		return () -> {
			put(CONNECTION, connection);
			put(ENDPOINT, endpoint);
			change(USER, this.user, user);
		};
	}

	/** Most have none, and neither does the thread. */
	private static void change(String key, @Nullable String from, @Nullable String to) {
		if (from != null || to != null) {
			put(key, to);
		}
	}

	private static void put(String key, @Nullable String value) {
		if (value != null) {
			MDC.put(key, value);
		}
		else {
			MDC.remove(key);
		}
	}

}

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
import org.springframework.security.access.AccessDeniedException;
import org.springframework.util.ClassUtils;
import org.springframework.web.socket.CloseStatus;

import dev.halley.codec.InvalidMessageException;
import dev.halley.codec.MessageDecodingException;

/**
 * What the peer and the log are told of failures that the application has no answer to.
 * Close reasons carry nothing of the exception.
 */
final class Failures {

	private static final Log logger = LogFactory.getLog(Connection.class);

	private static final CloseStatus UNREADABLE = CloseStatus.NOT_ACCEPTABLE.withReason("unreadable message");

	private static final CloseStatus INVALID = CloseStatus.POLICY_VIOLATION.withReason("invalid message");

	private static final CloseStatus DENIED = CloseStatus.POLICY_VIOLATION.withReason("access denied");

	private static final boolean SECURITY = ClassUtils
		.isPresent("org.springframework.security.access.AccessDeniedException", Failures.class.getClassLoader());

	private Failures() {
	}

	/** The peer's faults fill no log. */
	static CloseStatus statusFor(Throwable failure, Connection connection) {
		if (failure instanceof MessageDecodingException) {
			debug(connection, failure);
			return UNREADABLE;
		}
		if (failure instanceof InvalidMessageException) {
			debug(connection, failure);
			return INVALID;
		}
		if (SECURITY && Denials.isDenial(failure)) {
			debug(connection, failure);
			return DENIED;
		}
		connection.report("message handler failed", failure);
		return CloseStatus.SERVER_ERROR;
	}

	/** The same for what goes out. */
	static CloseStatus statusForOut(Throwable failure, Connection connection) {
		if (SECURITY && Denials.isDenial(failure)) {
			debug(connection, failure);
			return DENIED;
		}
		connection.report("out failed", failure);
		return CloseStatus.SERVER_ERROR;
	}

	private static void debug(Connection connection, Throwable failure) {
		if (logger.isDebugEnabled()) {
			logger.debug(connection + ": closes, " + FailureLog.excerpt(diagnosis(failure)));
		}
	}

	private static String diagnosis(Throwable failure) {
		return (failure instanceof MessageDecodingException unreadable) ? unreadable.diagnosis()
				: FailureLog.message(failure);
	}

	/** Loaded where Spring Security is there. */
	private static final class Denials {

		private Denials() {
		}

		static boolean isDenial(Throwable failure) {
			return failure instanceof AccessDeniedException;
		}

	}

}

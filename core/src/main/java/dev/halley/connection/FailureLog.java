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

import java.util.Arrays;
import java.util.regex.Pattern;

import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what went wrong in the application's code, whose exceptions may fail as
 * they are printed: whatever comes of that, the work of whoever reports goes on. For
 * those who run wires of their own; applications have no use for it.
 *
 * @since 0.1
 */
public final class FailureLog {

	private static final int LONGEST_EXCERPT = 200;

	/** Of ASCII and of Latin-1, by which terminals and readers of logs go too. */
	private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\u2028\u2029]+");

	private FailureLog() {
	}

	/**
	 * Logs a failure, at best with all that it tells of itself. Never throws.
	 * @param logger where to
	 * @param what a sentence of ours, with nothing that the application prints
	 * @param failure what the application threw
	 */
	public static void error(Log logger, String what, Throwable failure) {
		try {
			logger.error(what, failure);
		}
		catch (Throwable ex) {
			outline(logger, what, failure);
		}
	}

	/** Its class and where it came from need no code of its own. */
	private static void outline(Log logger, String what, Throwable failure) {
		try {
			logger.error(what + ": " + failure.getClass().getName() + ", which cannot be printed"
					+ Arrays.stream(failure.getStackTrace()).limit(20).map((frame) -> "\n\tat " + frame).toList());
		}
		catch (Throwable ex) {
			// Nobody is left to tell
		}
	}

	/**
	 * Logs what a peer or the network has done to a connection: a line at DEBUG, since
	 * clients could fill a log by it, and a stack trace for those who look at TRACE.
	 * Never throws.
	 * @param logger where to
	 * @param connection the connection, as it is printed
	 * @param what what has happened
	 * @param failure what was thrown, or {@code null} if nothing was
	 */
	public static void debug(Log logger, @Nullable Object connection, String what, @Nullable Throwable failure) {
		try {
			if (logger.isTraceEnabled()) {
				logger.trace(connection + ": " + what, failure);
			}
			else if (logger.isDebugEnabled()) {
				logger.debug(connection + ": " + what + ((failure != null) ? ", " + line(failure) : ""));
			}
		}
		catch (Throwable ex) {
			// Nobody is left to tell
		}
	}

	private static String line(Throwable failure) {
		return failure.getClass().getSimpleName() + ": " + excerpt(message(failure));
	}

	/**
	 * Returns what an exception says of itself.
	 * @param failure what the application threw
	 * @return its message, or if it has none that can be told, its class
	 */
	public static String message(Throwable failure) {
		try {
			String message = failure.getMessage();
			return (message != null) ? message : failure.getClass().getName();
		}
		catch (Throwable ex) {
			return failure.getClass().getName();
		}
	}

	/**
	 * Returns the start of a text that others have made, on one line: what a client sends
	 * must neither fill a log nor write lines of its own there.
	 * @param text the text
	 * @return at most 200 characters of it, without control characters
	 */
	public static String excerpt(String text) {
		String start = (text.length() > LONGEST_EXCERPT) ? text.substring(0, LONGEST_EXCERPT) + "…" : text;
		return onOneLine(start);
	}

	/** The same text without control characters. */
	static String onOneLine(String text) {
		return CONTROL.matcher(text).replaceAll(" ");
	}

}

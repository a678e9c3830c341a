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

package dev.halley;

import org.jspecify.annotations.Nullable;

/**
 * Signals that a message could not be published because the broker of its {@link Hub}
 * could not be reached, or did not answer. Its message tells which. So for the question
 * whether there is a {@link Recorded} source, and for what the other nodes are to do with
 * their connections.
 *
 * @since 0.1
 */
public final class HubUnavailableException extends RuntimeException {

	private final boolean outcomeUnknown;

	HubUnavailableException(String name, boolean outcomeUnknown, @Nullable Throwable cause) {
		super("The message to hub '" + name + "' "
				+ (outcomeUnknown ? "may or may not have been published: its broker did not answer"
						: "was not published: its broker cannot be reached")
				+ ((cause != null) ? " (" + cause.getMessage() + ")" : ""), cause, false, false);
		this.outcomeUnknown = outcomeUnknown;
	}

	private HubUnavailableException(boolean outcomeUnknown, String message, @Nullable Throwable cause) {
		super(message, cause, false, false);
		this.outcomeUnknown = outcomeUnknown;
	}

	static HubUnavailableException ofRecorded(String name) {
		return new HubUnavailableException(false, "Whether there is a recorded source '" + name
				+ "' is not known: the broker cannot be reached, or has not answered", null);
	}

	static HubUnavailableException ofNodes(HubUnavailableException failure) {
		boolean unknown = failure.isOutcomeUnknown();
		Throwable cause = failure.getCause();
		return new HubUnavailableException(unknown,
				"The other nodes "
						+ (unknown ? "may or may not have been told: the broker did not answer"
								: "were not told: the broker cannot be reached")
						+ ((cause != null) ? " (" + cause.getMessage() + ")" : ""),
				cause);
	}

	/**
	 * Whether the message may have been published all the same. To publish it again may
	 * then publish it twice, unless {@link Hub#publishOnce} is used.
	 * @return {@code false} if it certainly was not published
	 */
	public boolean isOutcomeUnknown() {
		return this.outcomeUnknown;
	}

}

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

import java.util.concurrent.ThreadLocalRandom;

/**
 * One more connection would exceed a limit, or the application is shutting down. A
 * handshake is then answered with 503 and a {@code Retry-After}.
 *
 * @since 0.1
 */
public final class TooManyConnectionsException extends RuntimeException {

	private static final int LONGEST_RETRY_SECONDS = 10;

	private final boolean momentary;

	TooManyConnectionsException(String message, boolean momentary) {
		super(message);
		this.momentary = momentary;
	}

	/**
	 * Whether the client was only too fast, or may go to another node: the limit is none
	 * on connections that are there.
	 * @return whether too many came within a second, or the application is shutting down
	 */
	public boolean isMomentary() {
		return this.momentary;
	}

	/**
	 * Returns after what time the client may try again: another one for each, so that
	 * those who were refused together do not come again together.
	 * @return 1 to 10 seconds, by chance
	 */
	public int retryAfterSeconds() {
		return ThreadLocalRandom.current().nextInt(1, LONGEST_RETRY_SECONDS + 1);
	}

}

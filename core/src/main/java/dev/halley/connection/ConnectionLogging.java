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

import org.springframework.util.Assert;

/**
 * What logs tell of connections.
 *
 * @param context whether SLF4J's MDC names the connection, while the application's code
 * works for it
 * @param user whether it names the user too
 * @param prefix how many bytes of a text message, and of a header, the log of the traffic
 * has at most; zero for none
 * @param masked parts of the names whose values that log leaves out, in upper or lower
 * case, with or without {@code -} and {@code _}
 * @since 0.1
 */
public record ConnectionLogging(boolean context, boolean user, int prefix, List<String> masked) {

	/**
	 * Checks the values.
	 */
	public ConnectionLogging {
		Assert.isTrue(prefix >= 0, () -> "prefix: " + prefix + " (expected: >= 0)");
		masked = List.copyOf(masked);
		Assert.isTrue(masked.stream().noneMatch((name) -> name.replaceAll("[-_\\s]", "").isEmpty()),
				"masked: a blank name (expected: none)");
	}

}

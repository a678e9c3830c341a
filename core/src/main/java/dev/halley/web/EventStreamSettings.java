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

package dev.halley.web;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

import dev.halley.connection.ConnectionSettings;

/**
 * What holds for the event streams that do not say otherwise.
 *
 * @param connection the limits and time-outs; the ping interval is that of heartbeats
 * @param timeout after which a stream ends; zero for never
 * @param retry after which a browser shall reconnect, or {@code null} to leave that to
 * the browser
 * @since 0.1
 */
public record EventStreamSettings(ConnectionSettings connection, Duration timeout, @Nullable Duration retry) {

	/**
	 * {@link ConnectionSettings#DEFAULT}, streams without end, the browser's own time to
	 * reconnect.
	 */
	public static final EventStreamSettings DEFAULT = new EventStreamSettings(ConnectionSettings.DEFAULT, Duration.ZERO,
			null);

	public EventStreamSettings {
		Assert.notNull(connection, "'connection' must not be null");
		Assert.isTrue(!timeout.isNegative(), () -> "timeout: " + timeout + " (expected: >= 0)");
		Assert.isTrue(retry == null || !retry.isNegative(), () -> "retry: " + retry + " (expected: >= 0)");
	}

}

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

import org.springframework.util.Assert;

import dev.halley.connection.ConnectionSettings;

/**
 * What holds for the Comet streams that do not say otherwise.
 *
 * @param connection the limits and time-outs; the ping interval is that of heartbeats
 * @param timeout after which a stream ends; zero for never
 * @param removeScripts whether each script tag removes itself after it ran
 * @since 0.1
 */
public record CometSettings(ConnectionSettings connection, Duration timeout, boolean removeScripts) {

	/**
	 * {@link ConnectionSettings#DEFAULT}, streams without end, script tags that stay.
	 */
	public static final CometSettings DEFAULT = new CometSettings(ConnectionSettings.DEFAULT, Duration.ZERO, false);

	public CometSettings {
		Assert.notNull(connection, "'connection' must not be null");
		Assert.isTrue(!timeout.isNegative(), () -> "timeout: " + timeout + " (expected: >= 0)");
	}

}

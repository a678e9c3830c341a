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

import java.util.List;

import org.springframework.util.Assert;

import dev.halley.connection.ConnectionSettings;

/**
 * What holds for the WebSocket endpoints that do not say otherwise.
 *
 * @param allowedOrigins origins besides the application's own, as in
 * {@link dev.halley.annotation.WebSocketMapping#allowedOrigins}
 * @param connection the limits and time-outs of a connection
 * @since 0.1
 */
public record WebSocketSettings(List<String> allowedOrigins, ConnectionSettings connection) {

	/**
	 * The application's own origin only, and {@link ConnectionSettings#DEFAULT}.
	 */
	public static final WebSocketSettings DEFAULT = new WebSocketSettings(List.of(), ConnectionSettings.DEFAULT);

	/**
	 * Checks the patterns.
	 * @throws IllegalArgumentException if one is no origin pattern
	 */
	public WebSocketSettings {
		Assert.notNull(connection, "'connection' must not be null");
		allowedOrigins = List.copyOf(allowedOrigins);
		AllowedOrigins.of(allowedOrigins);
	}

}

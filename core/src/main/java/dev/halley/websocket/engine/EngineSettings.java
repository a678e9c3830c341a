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

package dev.halley.websocket.engine;

import org.springframework.util.Assert;

import dev.halley.connection.ConnectionSettings;

/**
 * Limits, time-outs and compression of the engine.
 *
 * @param connection what holds for handlers other than pairs: the largest message that
 * they get, how long a blocking {@code WebSocketSession.sendMessage} waits, and the
 * time-outs; pairs have settings of their own
 * @param compression whether permessage-deflate (RFC 7692) is negotiated
 * @param compressionThreshold the size in bytes from which messages are compressed
 * @since 0.1
 */
public record EngineSettings(ConnectionSettings connection, boolean compression, int compressionThreshold) {

	/**
	 * {@link ConnectionSettings#DEFAULT}, and compression from 1 KiB on.
	 */
	public static final EngineSettings DEFAULT = new EngineSettings(ConnectionSettings.DEFAULT, true, 1024);

	public EngineSettings {
		Assert.notNull(connection, "'connection' must not be null");
		Assert.isTrue(compressionThreshold >= 0,
				() -> "compressionThreshold: " + compressionThreshold + " (expected: >= 0)");
	}

}

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

import java.time.Duration;

import org.springframework.util.Assert;

/**
 * Limits and compression of the engine.
 *
 * @param maxMessageSize the largest message in bytes that handlers other than pairs get;
 * pairs have their own limit
 * @param sendTimeout how long a blocking {@code WebSocketSession.sendMessage} waits
 * @param closeTimeout within which the peer must answer a Close
 * @param compression whether permessage-deflate (RFC 7692) is negotiated
 * @param compressionThreshold the size in bytes from which messages are compressed
 * @since 0.1
 */
public record EngineOptions(int maxMessageSize, Duration sendTimeout, Duration closeTimeout, boolean compression,
		int compressionThreshold) {

	/**
	 * 64 KiB, 10 s to send, 3 s to close, compression from 1 KiB on.
	 */
	public static final EngineOptions DEFAULT = new EngineOptions(1 << 16, Duration.ofSeconds(10),
			Duration.ofSeconds(3), true, 1024);

	public EngineOptions {
		Assert.isTrue(maxMessageSize > 0, () -> "maxMessageSize: " + maxMessageSize + " (expected: > 0)");
		Assert.isTrue(compressionThreshold >= 0,
				() -> "compressionThreshold: " + compressionThreshold + " (expected: >= 0)");
	}

}

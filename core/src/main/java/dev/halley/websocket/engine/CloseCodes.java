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

import java.nio.charset.StandardCharsets;
import java.util.Objects;

import org.springframework.web.socket.CloseStatus;

import dev.halley.CloseStatuses;

/**
 * The close codes that the engine knows by name (RFC 6455 section 7.4 and the registry it
 * set up), and how a close frame's payload is made. {@link CloseStatuses} says which may
 * be on the wire.
 */
final class CloseCodes {

	static final int NORMAL = 1000;

	static final int GOING_AWAY = 1001;

	static final int PROTOCOL_ERROR = 1002;

	static final int UNSUPPORTED_DATA = 1003;

	/**
	 * Says that a close frame came without a code. Is never sent.
	 */
	static final int NO_STATUS = 1005;

	/**
	 * Says that the connection ended without a close frame. Is never sent.
	 */
	static final int ABNORMAL = 1006;

	static final int NOT_CONSISTENT = 1007;

	static final int POLICY_VIOLATION = 1008;

	static final int TOO_BIG = 1009;

	static final int SERVER_ERROR = 1011;

	static final int TRY_AGAIN_LATER = 1013;

	private static final byte[] NOTHING = {};

	private CloseCodes() {
	}

	/**
	 * Makes the payload of a close frame. {@link #NO_STATUS} gives an empty one. A reason
	 * that is too long is cut.
	 * @param code the code
	 * @param reason the reason, empty for none
	 * @return the payload, at most 125 bytes
	 */
	static byte[] payload(int code, String reason) {
		if (code == NO_STATUS) {
			return NOTHING;
		}
		if (!CloseStatuses.isSendable(code)) {
			throw new IllegalArgumentException(
					"code: " + code + " (expected: 1000-1003, 1007-1014, 3000-4999, or 1005 for an empty frame)");
		}
		String sent = Objects.requireNonNull(CloseStatuses.sendable(new CloseStatus(code, reason)).getReason());
		byte[] text = sent.getBytes(StandardCharsets.UTF_8);
		byte[] payload = new byte[2 + text.length];
		payload[0] = (byte) (code >>> 8);
		payload[1] = (byte) code;
		System.arraycopy(text, 0, payload, 2, text.length);
		return payload;
	}

}

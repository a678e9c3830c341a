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
import java.util.Arrays;

/**
 * Which close codes may be on the wire (RFC 6455 section 7.4 and the registry it set up),
 * and how a close frame's payload is made.
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

	/**
	 * The longest reason in bytes of UTF-8: a control frame's 125 less the code's two.
	 */
	static final int MAX_REASON = 123;

	private static final int LAST_OF_PROTOCOL = 1014;

	private static final int FIRST_OF_LIBRARIES = 3000;

	private static final int LAST_OF_APPLICATIONS = 4999;

	private static final byte[] NOTHING = {};

	private CloseCodes() {
	}

	/**
	 * Whether a close frame may carry the code, whoever sends it: 1000 to 1003, 1007 to
	 * 1014, which are registered, and 3000 to 4999, which libraries and applications
	 * define.
	 * @param code the code
	 * @return whether it may be on the wire
	 */
	static boolean isAllowedOnWire(int code) {
		return (code >= NORMAL && code <= UNSUPPORTED_DATA) || (code >= NOT_CONSISTENT && code <= LAST_OF_PROTOCOL)
				|| (code >= FIRST_OF_LIBRARIES && code <= LAST_OF_APPLICATIONS);
	}

	/**
	 * Make the payload of a close frame. {@link #NO_STATUS} gives an empty one. A reason
	 * that is too long is cut.
	 * @param code the code
	 * @param reason the reason, empty for none
	 * @return the payload, at most 125 bytes
	 */
	static byte[] payload(int code, String reason) {
		if (code == NO_STATUS) {
			return NOTHING;
		}
		if (!isAllowedOnWire(code)) {
			throw new IllegalArgumentException(
					"code: " + code + " (expected: 1000-1003, 1007-1014, 3000-4999, or 1005 for an empty frame)");
		}
		byte[] text = cut(reason);
		byte[] payload = new byte[2 + text.length];
		payload[0] = (byte) (code >>> 8);
		payload[1] = (byte) code;
		System.arraycopy(text, 0, payload, 2, text.length);
		return payload;
	}

	/**
	 * Encode a reason, and cut it at the last whole character within 123 bytes.
	 * @param reason the reason
	 * @return at most 123 bytes of valid UTF-8
	 */
	static byte[] cut(String reason) {
		byte[] text = reason.getBytes(StandardCharsets.UTF_8);
		return (text.length <= MAX_REASON) ? text : Arrays.copyOf(text, characterStart(text, MAX_REASON));
	}

	private static int characterStart(byte[] text, int index) {
		int start = index;
		while ((text[start] & 0xC0) == 0x80) {
			start--;
		}
		return start;
	}

}

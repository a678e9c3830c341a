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

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import org.springframework.web.socket.CloseStatus;

/**
 * Which close statuses may be sent (RFC 6455 section 7.4), and how long a reason may be.
 * For those who run pairs over a wire of their own; applications have no use for it.
 *
 * @since 0.1
 */
public final class CloseStatuses {

	private static final int MAX_REASON_BYTES = 123;

	private CloseStatuses() {
	}

	/**
	 * Returns a status that may be sent.
	 * @param status the status
	 * @return the same, its reason cut to 123 bytes of UTF-8 at a character, with
	 * {@code ?} in place of each unpaired surrogate
	 * @throws IllegalArgumentException if no endpoint may send it: expected is 1000 to
	 * 1003, 1007 to 1014, or 3000 to 4999
	 */
	public static CloseStatus sendable(CloseStatus status) {
		Assert.notNull(status, "'status' must not be null");
		int code = status.getCode();
		Assert.isTrue(isSendable(code),
				() -> "close status: " + code + " (expected: 1000 to 1003, 1007 to 1014 or 3000 to 4999)");
		String reason = status.getReason();
		String cut = cut(wellFormed(reason));
		return (cut == null || cut.equals(reason)) ? status : new CloseStatus(code, cut);
	}

	/**
	 * Whether a Close may carry a code, whoever sends it: 1000 to 1003 and 1007 to 1014,
	 * which are registered, and 3000 to 4999, which libraries and applications define.
	 * @param code the code
	 * @return whether it may be on the wire
	 */
	public static boolean isSendable(int code) {
		return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
	}

	private static @Nullable String wellFormed(@Nullable String reason) {
		if (reason == null || reason.chars().noneMatch((c) -> Character.isSurrogate((char) c))) {
			return reason;
		}
		return new String(reason.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
	}

	private static @Nullable String cut(@Nullable String reason) {
		if (reason == null || reason.length() * 3 <= MAX_REASON_BYTES) {
			return reason;
		}
		CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
		CharBuffer in = CharBuffer.wrap(reason);
		encoder.encode(in, ByteBuffer.allocate(MAX_REASON_BYTES), true);
		return reason.substring(0, in.position());
	}

}

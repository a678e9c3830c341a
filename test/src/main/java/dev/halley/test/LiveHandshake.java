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

package dev.halley.test;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * A client's side of a handshake for a WebSocket (RFC 6455, section 4.1), with a key of
 * its own.
 */
final class LiveHandshake {

	static final String EXTENSIONS = "Sec-WebSocket-Extensions";

	private static final String ACCEPT = "Sec-WebSocket-Accept";

	private static final String ACCEPT_SALT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

	private final HttpHeaders asked;

	private final String key;

	/**
	 * Creates a handshake.
	 * @param asked what a test sends with it, which may replace what belongs to it
	 */
	LiveHandshake(HttpHeaders asked) {
		this.asked = asked;
		byte[] nonce = new byte[16];
		ThreadLocalRandom.current().nextBytes(nonce);
		this.key = Base64.getEncoder().encodeToString(nonce);
	}

	HttpHeaders headers() {
		HttpHeaders headers = new HttpHeaders();
		headers.set(HttpHeaders.CONNECTION, "Upgrade");
		headers.set(HttpHeaders.UPGRADE, "websocket");
		headers.set("Sec-WebSocket-Version", "13");
		headers.set("Sec-WebSocket-Key", this.key);
		headers.putAll(this.asked);
		return headers;
	}

	/**
	 * Checks that the server has answered this handshake and no other.
	 * @param answer the headers of the answer
	 * @param uri what was asked for, for a failure
	 * @throws AssertionError if it has not
	 */
	void check(HttpHeaders answer, URI uri) {
		String expected = accept();
		String actual = answer.getFirst(ACCEPT);
		if (!expected.equals(actual)) {
			throw new AssertionError(uri + ": " + ACCEPT + ": " + actual + " (expected: " + expected + ")");
		}
	}

	private String accept() {
		try {
			byte[] salted = (this.key + ACCEPT_SALT).getBytes(StandardCharsets.US_ASCII);
			return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(salted));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Returns the compression that the server has agreed to.
	 * @param answer the headers of the answer
	 * @return how messages are compressed, or {@code null} if they are not
	 * @throws AssertionError if it has agreed to what was not offered
	 */
	@Nullable MessageDeflate deflate(HttpHeaders answer) {
		String extensions = answer.getFirst(EXTENSIONS);
		if (extensions == null || extensions.isBlank()) {
			return null;
		}
		if (!this.asked.containsHeader(EXTENSIONS) || !extensions.strip().startsWith(MessageDeflate.NAME)) {
			throw new AssertionError(EXTENSIONS + ": " + extensions + " (expected: what was offered, "
					+ this.asked.getOrEmpty(EXTENSIONS) + ")");
		}
		return new MessageDeflate(extensions);
	}

}

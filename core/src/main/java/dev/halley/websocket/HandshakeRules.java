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

package dev.halley.websocket;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.WebSocketHttpHeaders;

/**
 * What RFC 6455 says of the headers of a handshake, for pairs, and for Spring's handlers
 * on Halley's engine: the version, the key and its answer (section 4.2), and extensions
 * (section 9.1). For those who upgrade; applications have no use for it.
 *
 * @since 0.1
 */
public final class HandshakeRules {

	/**
	 * The only version of the protocol that is spoken.
	 */
	public static final String VERSION = "13";

	private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

	private static final int KEY_LENGTH = 24;

	private static final int KEY_BYTES = 16;

	/** RFC 9110 section 5.6.2. */
	private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]++";

	private static final Pattern TOKENS = Pattern.compile(TOKEN);

	private static final String PARAMETER = "[ \t]*+;[ \t]*+" + TOKEN + "(?:[ \t]*+=[ \t]*+(?:" + TOKEN + "|\"" + TOKEN
			+ "\"))?+";

	private static final String EXTENSION = TOKEN + "(?:" + PARAMETER + ")*+";

	// Lists may have empty elements (RFC 9110 section 5.6.1.2)
	private static final Pattern EXTENSIONS = Pattern.compile("[ \t,]*+(?:" + EXTENSION + "[ \t]*+(?:,[ \t,]*+|$))*+");

	private HandshakeRules() {
	}

	/**
	 * Whether a text is a token, as the names of subprotocols and extensions are.
	 * @param text the text
	 * @return whether it is one
	 */
	public static boolean isToken(String text) {
		return TOKENS.matcher(text).matches();
	}

	/**
	 * Returns the key of a handshake.
	 * @param request the handshake
	 * @return the key, or {@code null} if there is not exactly one, of 16 bytes in Base64
	 */
	public static @Nullable String key(HttpServletRequest request) {
		List<String> keys = Collections.list(request.getHeaders(WebSocketHttpHeaders.SEC_WEBSOCKET_KEY));
		String key = (keys.size() == 1) ? keys.get(0).strip() : "";
		return isKey(key) ? key : null;
	}

	private static boolean isKey(String key) {
		try {
			return key.length() == KEY_LENGTH && Base64.getDecoder().decode(key).length == KEY_BYTES;
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	/**
	 * Returns what a key is answered with.
	 * @param key a key
	 * @return the value of {@code Sec-WebSocket-Accept}
	 */
	public static String accept(String key) {
		try {
			MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
			byte[] digest = sha1.digest((key + ACCEPT_SUFFIX).getBytes(StandardCharsets.ISO_8859_1));
			return Base64.getEncoder().encodeToString(digest);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-1", ex);
		}
	}

	/**
	 * Whether the extensions of a handshake can be read. Which of them are taken is
	 * another question; a handshake with what is malformed has to be refused.
	 * @param request the handshake
	 * @return whether they are well-formed, or there are none
	 */
	public static boolean hasReadableExtensions(HttpServletRequest request) {
		String all = String.join(",",
				Collections.list(request.getHeaders(WebSocketHttpHeaders.SEC_WEBSOCKET_EXTENSIONS)));
		return EXTENSIONS.matcher(all).matches();
	}

}

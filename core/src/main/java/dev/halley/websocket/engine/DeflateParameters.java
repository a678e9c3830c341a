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

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a server agreed to for a connection's compression (RFC 7692 section 7.1).
 *
 * @param serverContextTakeover whether the server's messages refer to those before them
 * @param clientContextTakeover whether the client's messages may
 * @param serverWindowBits the window that the client asked the server to stay within, 0
 * if it did not ask
 */
record DeflateParameters(boolean serverContextTakeover, boolean clientContextTakeover, int serverWindowBits) {

	static final String EXTENSION = "permessage-deflate";

	private static final String SERVER_NO_CONTEXT = "server_no_context_takeover";

	private static final String CLIENT_NO_CONTEXT = "client_no_context_takeover";

	private static final String SERVER_WINDOW = "server_max_window_bits";

	private static final String CLIENT_WINDOW = "client_max_window_bits";

	private static final int MIN_WINDOW = 8;

	private static final int MAX_WINDOW = 15;

	/**
	 * Accept or decline an offer. The window that a client sets for itself needs no
	 * answer: an inflater copes with any. A client that says nothing of its own messages
	 * may not know what it could be asked (those of Jetty 12.1 and Tyrus 2.2 take their
	 * context over whatever the answer is), so it may do as it likes.
	 * @param offer the offer
	 * @param contextTakeover whether the server likes contexts to be taken over
	 * @return the agreement, {@code null} if the offer is for another extension or has a
	 * parameter that RFC 7692 does not know or a value that it does not allow
	 */
	static @Nullable DeflateParameters accept(ExtensionOffer offer, boolean contextTakeover) {
		Map<String, String> offered = offer.parameters();
		if (!offer.name().equals(EXTENSION) || !offered.entrySet().stream().allMatch(DeflateParameters::isValid)) {
			return null;
		}
		int window = Integer.parseInt(offered.getOrDefault(SERVER_WINDOW, "0"));
		// A smaller window is kept by leaving bigger messages alone, which needs each to
		// stand for itself.
		boolean small = window != 0 && window < MAX_WINDOW;
		return new DeflateParameters(contextTakeover && !small && !offered.containsKey(SERVER_NO_CONTEXT),
				!offered.containsKey(CLIENT_NO_CONTEXT) && (contextTakeover || !offered.containsKey(CLIENT_WINDOW)),
				window);
	}

	private static boolean isValid(Map.Entry<String, String> parameter) {
		String value = parameter.getValue();
		return switch (parameter.getKey()) {
			case SERVER_NO_CONTEXT, CLIENT_NO_CONTEXT -> value.isEmpty();
			case SERVER_WINDOW -> isWindow(value);
			case CLIENT_WINDOW -> value.isEmpty() || isWindow(value);
			default -> false;
		};
	}

	private static boolean isWindow(String value) {
		return value.matches("[89]|1[0-5]");
	}

	/**
	 * The most bytes of a message that no window can be too small for: what refers to
	 * itself only never reaches back further than its own length.
	 * @return the most bytes of a message to compress
	 */
	int maxCompressible() {
		return (this.serverWindowBits >= MIN_WINDOW && this.serverWindowBits < MAX_WINDOW) ? 1 << this.serverWindowBits
				: Integer.MAX_VALUE;
	}

	/**
	 * The answer to the offer.
	 * @return the value of {@code Sec-WebSocket-Extensions}
	 */
	String header() {
		StringBuilder header = new StringBuilder(EXTENSION);
		if (!this.serverContextTakeover) {
			header.append("; ").append(SERVER_NO_CONTEXT);
		}
		if (!this.clientContextTakeover) {
			header.append("; ").append(CLIENT_NO_CONTEXT);
		}
		if (this.serverWindowBits != 0) {
			header.append("; ").append(SERVER_WINDOW).append('=').append(this.serverWindowBits);
		}
		return header.toString();
	}

}

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

/**
 * The peer broke the protocol or a limit, and the connection has to be closed. Carries no
 * stack trace: peers make it happen, and it says all in its message.
 */
final class WebSocketProtocolException extends Exception {

	private static final long serialVersionUID = 1L;

	private final int code;

	private final String reason;

	WebSocketProtocolException(int code, String reason) {
		this(code, reason, reason);
	}

	/**
	 * Make an exception.
	 * @param code the close code to send: 1002, 1007 or 1009
	 * @param reason a short fixed text, fit to be sent as the close reason
	 * @param detail the text for logs, with the actual and the expected value
	 */
	WebSocketProtocolException(int code, String reason, String detail) {
		super(detail, null, false, false);
		this.code = code;
		this.reason = reason;
	}

	static WebSocketProtocolException protocolError(String reason, String detail) {
		return new WebSocketProtocolException(CloseCodes.PROTOCOL_ERROR, reason, reason + ": " + detail);
	}

	static WebSocketProtocolException badData(String reason) {
		return new WebSocketProtocolException(CloseCodes.NOT_CONSISTENT, reason);
	}

	static WebSocketProtocolException tooBig(String reason, String detail) {
		return new WebSocketProtocolException(CloseCodes.TOO_BIG, reason, reason + ": " + detail);
	}

	int code() {
		return this.code;
	}

	String reason() {
		return this.reason;
	}

}

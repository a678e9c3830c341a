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

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

import dev.halley.codec.Payload;
import dev.halley.connection.Connection;

/**
 * Puts the parts of a message together, in buffers that grow with the message and go with
 * it, and finds out as soon as it is too big. Used by one thread at a time. For those who
 * put pairs onto WebSockets; applications have no use for it.
 *
 * @since 0.1
 */
public final class MessageParts {

	private static final CloseStatus TOO_BIG = CloseStatus.TOO_BIG_TO_PROCESS.withReason("message too big");

	private final int limit;

	private @Nullable StringBuilder text;

	private @Nullable ByteArrayOutputStream binary;

	private long size;

	private boolean tooBig;

	/**
	 * Creates a place for the messages of one connection.
	 * @param limit the largest message, in bytes
	 */
	public MessageParts(int limit) {
		this.limit = limit;
	}

	/**
	 * Takes a part of a text message.
	 * @param part the part
	 * @param last whether the message ends with it
	 * @return the message if this was the last part and it is within the limit
	 */
	public @Nullable Payload text(String part, boolean last) {
		if (exceeds((part.length() > this.limit - this.size) ? Long.MAX_VALUE / 2 : utf8Length(part))) {
			return null;
		}
		StringBuilder text = this.text;
		if (text == null && last) {
			this.size = 0;
			return Payload.text(part);
		}
		text = (text != null) ? text : new StringBuilder();
		text.append(part);
		this.text = last ? null : text;
		this.size = last ? 0 : this.size;
		return last ? Payload.text(text.toString()) : null;
	}

	/**
	 * Takes a part of a binary message, and copies it.
	 * @param part the part
	 * @param last whether the message ends with it
	 * @return the message if this was the last part and it is within the limit
	 */
	public @Nullable Payload binary(ByteBuffer part, boolean last) {
		if (exceeds(part.remaining())) {
			return null;
		}
		byte[] bytes = new byte[part.remaining()];
		part.get(bytes);
		ByteArrayOutputStream binary = this.binary;
		if (binary == null && last) {
			this.size = 0;
			return Payload.binary(bytes);
		}
		binary = (binary != null) ? binary : new ByteArrayOutputStream(bytes.length * 2);
		binary.writeBytes(bytes);
		this.binary = last ? null : binary;
		this.size = last ? 0 : this.size;
		return last ? Payload.binary(binary.toByteArray()) : null;
	}

	/**
	 * Hands a connection what came of a part: the message, that it is too big, or that
	 * something came in.
	 * @param whole the message, or {@code null} if the part was not the last one or too
	 * much
	 * @param connection the connection
	 */
	public void give(@Nullable Payload whole, Connection connection) {
		if (whole != null) {
			connection.received(whole);
		}
		else if (this.tooBig) {
			connection.close(TOO_BIG);
		}
		else {
			connection.activity();
		}
	}

	/**
	 * Takes what a session of Spring has read, and hands a connection what came of it.
	 * @param message a message, a part of one, or a pong
	 * @param connection the connection
	 */
	public void receive(WebSocketMessage<?> message, Connection connection) {
		if (message instanceof TextMessage read) {
			give(text(read.getPayload(), read.isLast()), connection);
		}
		else if (message instanceof BinaryMessage read) {
			give(binary(read.getPayload(), read.isLast()), connection);
		}
		else if (message instanceof PongMessage) {
			connection.pong();
		}
		else {
			connection.activity();
		}
	}

	private boolean exceeds(long more) {
		this.size += more;
		if (this.size > this.limit) {
			this.tooBig = true;
			this.text = null;
			this.binary = null;
		}
		return this.tooBig;
	}

	/** A surrogate counts for two bytes, so that a pair counts for its four. */
	private static int utf8Length(String text) {
		int length = text.length();
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c >= 0x80) {
				length += (c < 0x800 || Character.isSurrogate(c)) ? 1 : 2;
			}
		}
		return length;
	}

}

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

package dev.halley.stream;

import org.springframework.web.socket.CloseStatus;

import dev.halley.codec.Payload;

/**
 * How messages look in a streaming response. Thread-safe.
 *
 * @since 0.1
 */
public interface StreamFormat {

	/**
	 * Returns what comes before the first message.
	 * @return the bytes, may be none: the head of the response is sent at once anyway
	 */
	byte[] start();

	/**
	 * Returns what is written for a message; for a {@link Payload.Kind#PING} filler that
	 * the page does not notice.
	 * @param payload what the codec of this format made, or any other text
	 * @return the bytes, not to be changed
	 * @throws IllegalArgumentException if the payload is neither text nor a ping
	 */
	byte[] encode(Payload payload);

	/**
	 * Returns what comes after the last message when the application's own out, and not a
	 * time limit or a shutdown, has brought the end about.
	 * @param asked whether the application asked for the end of the connection; otherwise
	 * the out was over, or failed
	 * @return the bytes, none by default
	 */
	default byte[] end(boolean asked) {
		return new byte[0];
	}

	/**
	 * Returns what comes after the last message, whatever has brought the end about.
	 * @param status what the connection closes with
	 * @param asked whether the application asked for the end of the connection
	 * @return the bytes, none unless the out is over or has failed or the end was asked
	 * for
	 */
	default byte[] end(CloseStatus status, boolean asked) {
		boolean endOfOut = status.equals(CloseStatus.NORMAL) || status.equals(CloseStatus.SERVER_ERROR);
		return (asked || endOfOut) ? end(asked) : new byte[0];
	}

	/**
	 * Whether each message is flushed by itself, which gives it a chunk of its own.
	 * Otherwise all that is ready is flushed together, which costs less.
	 * @return whether messages are flushed one by one
	 */
	boolean isFlushedEach();

}

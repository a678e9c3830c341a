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
 * What a {@link FrameReader} calls, in the order of the wire, on the thread that reads.
 * <p>
 * Each array is the handler's own: the reader neither keeps nor reuses it. A method
 * returns whether the reader may go on; {@code false} makes {@link FrameReader#read}
 * return at once, with the rest of its input unconsumed. A handler must not call the
 * reader, and what it throws leaves the reader unusable.
 */
interface FrameHandler {

	/**
	 * A whole text message.
	 * @param utf8 its bytes, valid UTF-8
	 * @return whether to go on
	 */
	boolean onText(byte[] utf8);

	/**
	 * A whole binary message.
	 * @param data its bytes
	 * @return whether to go on
	 */
	boolean onBinary(byte[] data);

	/**
	 * A ping, perhaps between two fragments of a message.
	 * @param payload at most 125 bytes, to be sent back in a pong
	 * @return whether to go on
	 */
	boolean onPing(byte[] payload);

	/**
	 * A pong, perhaps between two fragments of a message, perhaps unasked for.
	 * @param payload at most 125 bytes
	 * @return whether to go on
	 */
	boolean onPong(byte[] payload);

	/**
	 * The peer's close frame. Nothing comes after it.
	 * @param code the code, or 1005 if the frame has none
	 * @param reason the reason, empty if the frame has none
	 */
	void onClose(int code, String reason);

}

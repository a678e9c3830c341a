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

package dev.halley.codec;

/**
 * Turns messages of one type into what goes over the wire, and back. A bean of this type
 * adds its type for every transport, and comes before the built-in codecs.
 * <p>
 * Called by many threads at once; implementations must be thread-safe and must not block.
 *
 * @param <T> the type of the messages; read from the bean's class at start-up
 * @since 0.1
 */
public interface MessageCodec<T> {

	/**
	 * Encodes a message that goes out.
	 * @param message the message
	 * @return its text or its bytes
	 * @throws Exception if the message has no encoded form; the connection is then closed
	 * with 1011
	 */
	Payload encode(T message) throws Exception;

	/**
	 * Decodes a message that came in.
	 * @param payload the text or the bytes
	 * @return the message, not {@code null}
	 * @throws MessageDecodingException if the payload is no such message; the connection
	 * is then closed with 1003 unless an exception handler answers
	 * @throws Exception any other is taken for a failed handler: 1011
	 */
	T decode(Payload payload) throws Exception;

}

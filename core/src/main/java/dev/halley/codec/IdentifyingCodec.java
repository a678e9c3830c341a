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
 * A codec of a wire on which messages have ids with which the peer comes back. A
 * connection gives it the positions of the messages that come from hubs.
 *
 * @param <T> the type of the messages
 * @since 0.1
 */
public interface IdentifyingCodec<T> extends MessageCodec<T> {

	/**
	 * Gives a message an id, unless it has one of its own.
	 * @param payload what this codec, or another one, has made of the message; not
	 * changed
	 * @param id the id, of printable ASCII characters
	 * @return the message with it
	 */
	Payload identify(Payload payload, String id);

	/**
	 * Whether the peer can be told of something that is no message.
	 * @return whether {@link #signal} may be called; if not, which is the default, hubs
	 * fail when they reset
	 */
	default boolean hasSignals() {
		return false;
	}

	/**
	 * Tells the peer of something that is no message.
	 * @param reset whether it is that messages are missing; otherwise it is its id alone,
	 * from which it goes on
	 * @return what says so, without an id
	 */
	default Payload signal(boolean reset) {
		throw new IllegalStateException("signal (expected: none)");
	}

}

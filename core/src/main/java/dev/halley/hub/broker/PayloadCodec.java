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

package dev.halley.hub.broker;

/**
 * Turns the messages of one hub into what a broker carries, and back.
 * <p>
 * Thread-safe.
 *
 * @since 0.1
 */
public interface PayloadCodec {

	/**
	 * Encodes a message.
	 * @param message the message
	 * @return its bytes
	 * @throws Exception if it has no encoded form
	 */
	BrokerPayload encode(Object message) throws Exception;

	/**
	 * Decodes a message.
	 * @param payload the bytes
	 * @return the message
	 * @throws Exception if they are no such message
	 */
	Object decode(BrokerPayload payload) throws Exception;

	/**
	 * Returns the form in which connections may send a payload on as it is.
	 * @param payload the bytes
	 * @return what the encoders of connections know
	 */
	Object encoded(BrokerPayload payload);

}

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

package dev.halley;

/**
 * Signals that a connection's send buffer was full under {@link Overflow#CLOSE}. The
 * connection is then closed with 1013 (RFC 6455 section 7.4, IANA registry: try again
 * later).
 *
 * @since 0.1
 */
public final class SlowConsumerException extends RuntimeException {

	SlowConsumerException(SendBuffer buffer) {
		super("The peer reads too slowly: the send buffer is full (limits: " + buffer.messages() + " messages, "
				+ buffer.bytes() + " bytes)", null, false, false);
	}

}

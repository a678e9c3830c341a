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

package dev.halley.test;

import java.time.Duration;

import dev.halley.codec.MessageCodec;
import dev.halley.codec.MessageCodecs;

/**
 * How a tester speaks with its pair, and how long it waits.
 *
 * @param inType the type of the messages to send
 * @param outType the type of the messages to expect
 * @param inCodec encodes what is sent
 * @param outCodec decodes what is expected
 * @param stream whether the wire is that of a stream
 * @param timeout how long what is expected is waited for
 * @param patience how long the pair's own work may take before it counts as one that
 * never ends
 */
record TesterSettings(Class<?> inType, Class<?> outType, MessageCodec<Object> inCodec, MessageCodec<Object> outCodec,
		boolean stream, Duration timeout, Duration patience) {

	/** Messages as they are on a WebSocket, waited for as usual. */
	static TesterSettings ofWebSocket(MessageCodecs codecs, Class<?> in, Class<?> out) {
		return new TesterSettings(in, out, Codecs.find(codecs, in), Codecs.find(codecs, out), false,
				Timeouts.standard(), Timeouts.standard());
	}

}

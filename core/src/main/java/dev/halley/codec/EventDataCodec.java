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

import java.util.Objects;

import org.springframework.http.codec.ServerSentEvent;

/**
 * The data of events, for wires without events. Events without data, such as comments,
 * are nothing there.
 *
 * @param data the codec of the data
 */
record EventDataCodec(MessageCodec<Object> data) implements SelectiveCodec<Object>, DecodingCheck {

	private static final String REMEDY = "the type of its data";

	/**
	 * Finds the codec of the data.
	 * @param event the type of the events
	 * @return the type of their data
	 * @throws UnsupportedMessageTypeException if it is left open
	 */
	static MessageType dataOf(MessageType event) {
		if (event.arguments().isEmpty()) {
			throw new UnsupportedMessageTypeException(event.toString(), "whose data can be anything",
					"the type of the data as its argument, such as ServerSentEvent<String>");
		}
		return event.arguments().get(0);
	}

	@Override
	public boolean selects(Object message) {
		return !(message instanceof ServerSentEvent<?> event) || event.data() != null;
	}

	@Override
	public Payload encode(Object message) throws Exception {
		Object data = (message instanceof ServerSentEvent<?> event) ? event.data() : message;
		return this.data.encode(Objects.requireNonNull(data, "The event has no data"));
	}

	@Override
	public void checkDecoding() {
		throw new UnsupportedMessageTypeException(ServerSentEvent.class.getName(), "which only goes out", REMEDY);
	}

	@Override
	public Object decode(Payload payload) {
		throw new IllegalStateException("message: " + payload + " (expected: none, events only go out)");
	}

}

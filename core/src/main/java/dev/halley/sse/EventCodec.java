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

package dev.halley.sse;

import org.jspecify.annotations.Nullable;
import org.springframework.http.codec.ServerSentEvent;

import dev.halley.codec.MessageCodec;
import dev.halley.codec.MessageCodecs;
import dev.halley.codec.Payload;

/**
 * Makes a whole event of a message: of a {@link ServerSentEvent} with its fields, of any
 * other with data only.
 *
 * @param codecs finds the codec of data if none is given
 * @param declared the codec of the declared type, or {@code null} to look at each message
 */
record EventCodec(MessageCodecs codecs, @Nullable MessageCodec<?> declared) implements MessageCodec<Object> {

	@Override
	public Payload encode(Object message) throws Exception {
		byte[] event = (message instanceof ServerSentEvent<?> given)
				? EventStreamEncoder.encode(given, text(given.data())) : EventStreamEncoder.encode(textOf(message));
		Payload payload = Payload.text(event);
		payload.keepTransportForm(EventStreamFormat.EVENT);
		return payload;
	}

	private @Nullable String text(@Nullable Object data) throws Exception {
		return (data != null) ? textOf(data) : null;
	}

	@SuppressWarnings("unchecked")
	private String textOf(Object data) throws Exception {
		MessageCodec<Object> codec = (this.declared != null) ? (MessageCodec<Object>) this.declared
				: this.codecs.codecOf(data);
		return codec.encode(data).text();
	}

	@Override
	public Object decode(Payload payload) {
		throw new IllegalStateException("message: " + payload + " (expected: none, an event stream is one-way)");
	}

}

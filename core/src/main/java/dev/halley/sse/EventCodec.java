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

import dev.halley.HubEvent;
import dev.halley.codec.IdentifyingCodec;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.MessageCodecs;
import dev.halley.codec.Payload;

/**
 * Makes a whole event of a message: of a {@link ServerSentEvent} with its fields, of a
 * {@link HubEvent} with the payload as data or with its name, of any other with data
 * only.
 *
 * @param codecs finds the codec of data if none is given
 * @param declared the codec of the declared type, or {@code null} to look at each message
 */
record EventCodec(MessageCodecs codecs, @Nullable MessageCodec<?> declared) implements IdentifyingCodec<Object> {

	@Override
	public Payload encode(Object message) throws Exception {
		if (message instanceof ServerSentEvent<?> given) {
			byte[] event = EventStreamEncoder.encode(given, text(given.data()));
			return Payload.text(event, (given.id() != null) ? WholeEvent.WITH_ID : WholeEvent.WITHOUT_ID);
		}
		if (message instanceof HubEvent.Reset<?>) {
			return signal(true);
		}
		if (message instanceof HubEvent.OfPresence<?> told) {
			return presence(told);
		}
		Object data = (message instanceof HubEvent.Message<?> published) ? published.payload() : message;
		return Payload.text(EventStreamEncoder.encode(textOf(data)), WholeEvent.WITHOUT_ID);
	}

	/** The members and their data, or the names of those who have left, as JSON. */
	private Payload presence(HubEvent.OfPresence<?> told) throws Exception {
		if (told instanceof HubEvent.Presence<?> presence) {
			return presence("presence", presence.members());
		}
		if (told instanceof HubEvent.Joined<?> joined) {
			return presence("joined", joined.members());
		}
		if (told instanceof HubEvent.Changed<?> changed) {
			return presence("changed", changed.members());
		}
		return presence("left", ((HubEvent.Left<?>) told).members());
	}

	private Payload presence(String name, Object members) throws Exception {
		String data = this.codecs.codecOf(members).encode(members).text();
		ServerSentEvent<?> event = ServerSentEvent.builder().event(EventStreamFormat.OWN + name).build();
		return Payload.text(EventStreamEncoder.encode(event, data), WholeEvent.WITHOUT_ID);
	}

	@Override
	public Payload identify(Payload payload, String id) {
		if (payload.content() == WholeEvent.WITH_ID) {
			return payload;
		}
		byte[] event = (payload.content() instanceof WholeEvent) ? payload.bytes()
				: EventStreamEncoder.encode(payload.text());
		return Payload.text(EventStreamEncoder.identify(event, id), WholeEvent.WITH_ID);
	}

	@Override
	public boolean hasSignals() {
		return true;
	}

	@Override
	public Payload signal(boolean reset) {
		return Payload.text(reset ? EventStreamEncoder.reset() : EventStreamEncoder.nothing(), WholeEvent.WITHOUT_ID);
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

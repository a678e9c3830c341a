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

import org.springframework.http.codec.ServerSentEvent;

import dev.halley.codec.MessageCodec;
import dev.halley.codec.Payload;

/**
 * Makes messages of what a {@link LiveClient} reads from its wire, and puts them into its
 * inbox and its transcript; those that cannot be decoded too.
 *
 * @param codec what decodes messages, the data of events, or the arguments of calls
 * @param inbox where they wait for the test
 * @param transcript where they are written down
 */
record LiveMessages(MessageCodec<Object> codec, Inbox inbox, Transcript transcript) {

	void take(Payload payload) {
		try {
			Object message = this.codec.decode(payload);
			this.inbox.add(message, this.transcript.received(Transcript.print(message)));
		}
		catch (Exception ex) {
			unreadable(ex, payload);
		}
	}

	private void unreadable(Exception failure, Payload payload) {
		this.inbox.addUnreadable(failure,
				this.transcript.received(Transcript.print(ObjectCodec.INSTANCE.decode(payload))));
	}

	/** An event without data is none for a browser: a comment, or a time to wait. */
	void takeEvent(ServerSentEvent<String> event) {
		String data = event.data();
		if (data == null) {
			this.transcript.received("no message: " + Transcript.print(event));
			return;
		}
		try {
			ServerSentEvent<Object> message = decoded(event, this.codec.decode(Payload.text(data)));
			this.inbox.add(message, this.transcript.received(Transcript.print(message)));
		}
		catch (Exception ex) {
			unreadable(ex, Payload.text(data));
		}
	}

	private static ServerSentEvent<Object> decoded(ServerSentEvent<String> event, Object data) {
		ServerSentEvent.Builder<Object> decoded = ServerSentEvent.builder(data);
		if (event.id() != null) {
			decoded.id(event.id());
		}
		if (event.event() != null) {
			decoded.event(event.event());
		}
		if (event.retry() != null) {
			decoded.retry(event.retry());
		}
		if (event.comment() != null) {
			decoded.comment(event.comment());
		}
		return decoded.build();
	}

	void takeCall(CometReader.Call call) {
		String argument = call.argument();
		try {
			Object value = (argument != null) ? this.codec.decode(Payload.text(argument)) : null;
			CometCall<Object> message = new CometCall<>(call.function(), value);
			this.inbox.add(message, this.transcript.received(Transcript.print(message)));
		}
		catch (Exception ex) {
			unreadable(ex, Payload.text(String.valueOf(argument)));
		}
	}

}

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

import dev.halley.hub.broker.BrokerPayload;
import dev.halley.hub.broker.PayloadCodec;

/**
 * What a broker carries of the messages of a hub: the same text or bytes that go out to a
 * connection of that type.
 *
 * @param codec the codec of connections
 */
record HubCodec(MessageCodec<Object> codec) implements PayloadCodec {

	@Override
	public BrokerPayload encode(Object message) throws Exception {
		Payload payload = this.codec.encode(message);
		return new BrokerPayload(payload.bytes(), payload.kind() == Payload.Kind.BINARY);
	}

	@Override
	public Object decode(BrokerPayload payload) throws Exception {
		return this.codec.decode(toPayload(payload));
	}

	@Override
	public Object encoded(BrokerPayload payload) {
		return new EncodedMessage(this.codec, toPayload(payload).share());
	}

	private static Payload toPayload(BrokerPayload payload) {
		return payload.binary() ? Payload.binary(payload.bytes()) : Payload.text(payload.bytes());
	}

}

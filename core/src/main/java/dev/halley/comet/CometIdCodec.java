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

package dev.halley.comet;

import java.nio.charset.StandardCharsets;

import org.springframework.http.codec.ServerSentEvent;

import dev.halley.codec.IdentifyingCodec;
import dev.halley.codec.Payload;
import dev.halley.codec.SelectiveCodec;

/**
 * Makes two arguments of a message that has an id: that of a {@link ServerSentEvent}, or
 * else that of where it is in its hub.
 *
 * @param arguments makes the first argument
 */
record CometIdCodec(CometCodec arguments) implements SelectiveCodec<Object>, IdentifyingCodec<Object> {

	@Override
	public boolean selects(Object message) {
		return this.arguments.selects(message);
	}

	@Override
	public Payload encode(Object message) throws Exception {
		Payload payload = this.arguments.encode(message);
		String own = (message instanceof ServerSentEvent<?> event) ? event.id() : null;
		return (own != null) ? identify(payload, own) : payload;
	}

	@Override
	public Payload identify(Payload payload, String id) {
		if (payload.content() == CallbackArguments.MESSAGE_AND_ID) {
			return payload;
		}
		String first = (payload.content() instanceof CallbackArguments) ? payload.text()
				: JavaScriptLiteral.ofString(payload.text());
		String both = first + "," + JavaScriptLiteral.ofString(id);
		return Payload.text(both.getBytes(StandardCharsets.UTF_8), CallbackArguments.MESSAGE_AND_ID);
	}

	@Override
	public Object decode(Payload payload) {
		return this.arguments.decode(payload);
	}

}

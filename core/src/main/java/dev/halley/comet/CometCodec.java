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

import org.jspecify.annotations.Nullable;
import org.springframework.http.codec.ServerSentEvent;

import dev.halley.codec.MessageCodec;
import dev.halley.codec.MessageCodecs;
import dev.halley.codec.Payload;
import dev.halley.codec.SelectiveCodec;

/**
 * Makes of a message the JavaScript expression that is the callback's argument: of JSON
 * its value, of all other text a string. Equal for equal types of messages, whatever the
 * callback, so that a message to many streams is escaped once.
 *
 * @param codecs finds the codec of a message if none is given
 * @param declared the codec of the declared type, or {@code null} to look at each message
 */
record CometCodec(MessageCodecs codecs, @Nullable MessageCodec<Object> declared) implements SelectiveCodec<Object> {

	private MessageCodec<Object> codec(Object message) {
		return (this.declared != null) ? this.declared : this.codecs.codecOf(message);
	}

	/** Events without data are no calls. */
	@Override
	public boolean selects(Object message) {
		return !(message instanceof ServerSentEvent<?> event) || event.data() != null;
	}

	@Override
	public Payload encode(Object message) throws Exception {
		MessageCodec<Object> codec = codec(message);
		String text = codec.encode(message).text();
		String expression = this.codecs.isJson(codec) ? JavaScriptLiteral.ofJson(text)
				: JavaScriptLiteral.ofString(text);
		return Payload.text(expression.getBytes(StandardCharsets.UTF_8), CallbackArguments.MESSAGE);
	}

	@Override
	public Object decode(Payload payload) {
		throw new IllegalStateException("message: " + payload + " (expected: none, a Comet stream is one-way)");
	}

}

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

import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

import dev.halley.codec.MessageCodec;
import dev.halley.codec.MessageCodecs;
import dev.halley.codec.Payload;
import dev.halley.stream.StreamFormat;

/**
 * A Comet stream: HTML that calls a JavaScript function once for each message, as the
 * messages arrive. For those who put pairs onto responses; applications use
 * {@link dev.halley.annotation.CometMapping} or {@link Comet}.
 * <p>
 * Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class CometStreamFormat implements StreamFormat {

	/**
	 * The content type of Comet streams.
	 */
	public static final String CONTENT_TYPE = "text/html;charset=UTF-8";

	private static final byte[] NOTHING = new byte[0];

	private final CometMarkup markup;

	private final CometEncoder encoder;

	CometStreamFormat(CometMarkup markup) {
		this.markup = markup;
		this.encoder = new CometEncoder(markup);
	}

	/**
	 * Returns the format with Play's first chunk, without a nonce.
	 * @param callback the function to call
	 * @param removeScripts whether each script tag removes itself
	 * @return the format
	 * @throws InvalidCallbackException if the name is none that can be called safely
	 */
	public static CometStreamFormat of(String callback, boolean removeScripts) {
		return new CometStreamFormat(InvalidCallbackException.check(callback).withRemoveScripts(removeScripts));
	}

	/**
	 * Returns this format with a nonce.
	 * @param nonce the nonce, or {@code null} for none
	 * @return the format
	 * @throws IllegalArgumentException if it is empty or has control characters
	 */
	public CometStreamFormat withNonce(@Nullable String nonce) {
		return new CometStreamFormat(this.markup.withNonce(nonce));
	}

	/**
	 * Returns this format with a function that is called at the end.
	 * @param callback the function, or empty for none
	 * @param reconnect whether an end that nobody asked for, be it that the out is over
	 * or that it failed, is left to the page
	 * @return the format
	 * @throws InvalidCallbackException if the name is none that can be called safely
	 */
	public CometStreamFormat withEnd(String callback, boolean reconnect) {
		return new CometStreamFormat(this.markup.withEnd(CometEnd.of(callback, reconnect)));
	}

	/**
	 * Returns the codec that makes messages ready for this format.
	 * @param codecs the codecs of messages
	 * @param type the type of the messages
	 * @return the codec, equal for equal types
	 * @throws dev.halley.codec.UnsupportedMessageTypeException if the type has no codec
	 */
	@SuppressWarnings("unchecked")
	public static MessageCodec<?> codec(MessageCodecs codecs, ResolvableType type) {
		return new CometCodec(codecs, (MessageCodec<Object>) codecs.codec(type));
	}

	/**
	 * As {@link #codec}, with the id of a message that has one as the second argument of
	 * the callback.
	 * @param codecs the codecs of messages
	 * @param type the type of the messages
	 * @return the codec, equal for equal types
	 * @throws dev.halley.codec.UnsupportedMessageTypeException if the type has no codec
	 */
	@SuppressWarnings("unchecked")
	public static MessageCodec<?> codecWithIds(MessageCodecs codecs, ResolvableType type) {
		return new CometIdCodec(new CometCodec(codecs, (MessageCodec<Object>) codecs.codec(type)));
	}

	@Override
	public byte[] start() {
		return this.encoder.initialChunk();
	}

	@Override
	public byte[] encode(Payload payload) {
		return switch (payload.kind()) {
			case PING -> this.encoder.heartbeat();
			case PONG -> NOTHING;
			case TEXT -> (payload.content() instanceof CallbackArguments) ? this.encoder.script(payload.bytes())
					: this.encoder.text(payload.text());
			case BINARY -> throw new IllegalArgumentException("message: BINARY (expected: TEXT)");
		};
	}

	@Override
	public byte[] end(boolean asked) {
		return (asked || !this.markup.end().reconnect()) ? this.encoder.end() : NOTHING;
	}

	@Override
	public boolean isFlushedEach() {
		return true;
	}

}

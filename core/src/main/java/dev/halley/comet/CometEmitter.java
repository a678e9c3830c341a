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
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;

import dev.halley.Out;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.MessageCodecs;
import dev.halley.stream.StreamFormat;
import dev.halley.stream.StreamOverrides;

/**
 * What {@link Comet} returns: an out and how to send it. Halley sends it itself, over the
 * same machinery as mapped methods; nothing can be sent by hand.
 *
 * @since 0.1
 */
public final class CometEmitter extends ResponseBodyEmitter {

	private final Comet settings;

	private final Out<?> out;

	private final @Nullable Class<?> type;

	CometEmitter(Comet settings, Out<?> out, @Nullable Class<?> type) {
		this.settings = settings;
		this.out = out;
		this.type = type;
	}

	/**
	 * Returns what to send.
	 * @return the out
	 */
	public Out<?> out() {
		return this.out;
	}

	/**
	 * Returns the format of the stream.
	 * @param removeScripts whether script tags remove themselves if nothing was said
	 * @param nonce the nonce that was found, or {@code null} if there is none
	 * @return the format
	 */
	public StreamFormat format(boolean removeScripts, @Nullable String nonce) {
		return this.settings.format(removeScripts, nonce);
	}

	/**
	 * Returns where the nonce of the scripts comes from.
	 * @return the place to look
	 */
	public CometNonce nonce() {
		return this.settings.nonce();
	}

	/**
	 * Returns what this stream does differently from what is configured.
	 * @return the differences
	 */
	public StreamOverrides overrides() {
		return this.settings.overrides();
	}

	/**
	 * Returns the codec of the messages.
	 * @param codecs the codecs of the application
	 * @return the codec
	 */
	public MessageCodec<?> codec(MessageCodecs codecs) {
		if (this.settings.isHtml()) {
			return codecs.codec(ResolvableType.forClass(String.class));
		}
		return this.settings.codec(codecs, (this.type != null) ? ResolvableType.forClass(this.type) : null);
	}

	/**
	 * Returns the codec of what exception handlers return.
	 * @param codecs the codecs of the application
	 * @param type the type of the value
	 * @return the codec
	 */
	public MessageCodec<?> codec(MessageCodecs codecs, ResolvableType type) {
		return this.settings.isHtml() ? codecs.codec(type) : this.settings.codec(codecs, type);
	}

	@Override
	protected void extendResponse(ServerHttpResponse outputMessage) {
		throw new IllegalStateException("Spring MVC was about to send a Comet stream (expected: Halley's "
				+ "PairHandlerAdapter with a CometRuntime, which the starter configures)");
	}

}

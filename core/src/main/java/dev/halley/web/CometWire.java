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

package dev.halley.web;

import java.util.function.Function;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.util.StringUtils;
import org.springframework.util.StringValueResolver;

import dev.halley.annotation.CometMapping;
import dev.halley.codec.MessageCodec;
import dev.halley.comet.CometEmitter;
import dev.halley.comet.CometNonce;
import dev.halley.comet.CometStreamFormat;
import dev.halley.comet.InvalidCallbackException;

/**
 * Comet streams: asked for by {@code Accept: text/html}.
 */
final class CometWire implements Wire<CometMapping> {

	private static final AcceptedType HTML = new AcceptedType(MediaType.TEXT_HTML);

	private final CometRuntime runtime;

	private final StreamBinding binding;

	private final StreamBinding bindingWithIds;

	CometWire(CometRuntime runtime) {
		this.runtime = runtime;
		this.binding = binding((type) -> CometStreamFormat.codec(runtime.codecs(), type));
		this.bindingWithIds = binding((type) -> CometStreamFormat.codecWithIds(runtime.codecs(), type));
	}

	private StreamBinding binding(Function<ResolvableType, MessageCodec<?>> codecs) {
		return new StreamBinding(StreamKind.COMET, codecs, this.runtime.exceptionHandlers(), this.runtime.registry(),
				this.runtime.countedUser(), this.runtime.departures());
	}

	@Override
	public Class<CometMapping> annotationType() {
		return CometMapping.class;
	}

	@Override
	public boolean isAskedFor(HttpServletRequest request) {
		return HTML.namedQuality(request) > 0;
	}

	@Override
	public boolean isAcceptableTo(HttpServletRequest request) {
		return HTML.quality(request) > 0;
	}

	@Override
	public MediaType content() {
		return HTML.type();
	}

	@Override
	public Endpoint bind(EndpointMethod method, MergedAnnotation<CometMapping> mapping,
			StringValueResolver placeholders) {
		MappingAttributes attributes = new MappingAttributes(method, mapping, placeholders);
		CometSettings settings = this.runtime.settings();
		StreamBinding binding = mapping.getBoolean("eventIds") ? this.bindingWithIds : this.binding;
		return binding.bind(attributes, formats(attributes), settings.connection(), settings.timeout());
	}

	/** Binds what an ordinary handler method has returned. */
	StreamEndpoint bind(EndpointMethod method, CometEmitter emitter) {
		CometSettings settings = this.runtime.settings();
		StreamFormats formats = (request) -> (response, given) -> emitter.format(settings.removeScripts(),
				complete(emitter.nonce(), request, response, given));
		return binding((type) -> emitter.codec(this.runtime.codecs(), type)).bind(method,
				emitter.codec(this.runtime.codecs()), formats, emitter.overrides(), settings.connection(),
				settings.timeout());
	}

	private StreamFormats formats(MappingAttributes mapping) {
		String callback = mapping.string("callback");
		String parameter = mapping.string("callbackParameter");
		boolean removeScripts = mapping.flag("removeScripts", this.runtime.settings().removeScripts());
		CometNonce nonce = new CometNonce(mapping.string("nonceAttribute"),
				mapping.mapping().getBoolean("nonceFromPolicy"));
		String endCallback = mapping.string("endCallback");
		boolean reconnect = mapping.mapping().getBoolean("reconnect");
		check(mapping.method(), callback, parameter, endCallback);
		return (request) -> {
			CometStreamFormat format = CometStreamFormat.of(callback(request, callback, parameter), removeScripts)
				.withEnd(endCallback, reconnect);
			return (response, given) -> format.withNonce(complete(nonce, request, response, given));
		};
	}

	private static void check(EndpointMethod method, String callback, String parameter, String endCallback) {
		if (callback.isEmpty() && parameter.isEmpty()) {
			throw method.invalid("has no callback", "'callback', such as parent.cometMessage, or 'callbackParameter'");
		}
		try {
			CometStreamFormat.of(callback.isEmpty() ? "f" : callback, false).withEnd(endCallback, true);
		}
		catch (InvalidCallbackException ex) {
			throw method.invalid(String.valueOf(ex.getMessage()), "a callback such as parent.cometMessage", ex);
		}
	}

	private static String callback(HttpServletRequest request, String callback, String parameter) {
		String chosen = parameter.isEmpty() ? null : request.getParameter(parameter);
		return (StringUtils.hasLength(chosen) || callback.isEmpty()) ? String.valueOf(chosen) : callback;
	}

	/** Completes the headers, when all filters have set theirs. */
	private static @Nullable String complete(CometNonce nonce, HttpServletRequest request, HttpServletResponse response,
			HttpHeaders given) {
		FrameOptions.complete(response, given.getFirst(FrameOptions.HEADER));
		return nonce.find(request, response);
	}

}

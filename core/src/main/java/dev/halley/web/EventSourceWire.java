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

import java.time.Duration;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.http.MediaType;
import org.springframework.util.StringValueResolver;

import dev.halley.annotation.EventSourceMapping;
import dev.halley.codec.MessageCodec;
import dev.halley.sse.EventStreamEmitter;
import dev.halley.sse.EventStreamFormat;
import dev.halley.stream.StreamFormat;
import dev.halley.stream.StreamOverrides;

/**
 * Event streams: asked for by {@code Accept: text/event-stream}.
 */
final class EventSourceWire implements Wire<EventSourceMapping> {

	private static final AcceptedType EVENTS = new AcceptedType(MediaType.TEXT_EVENT_STREAM);

	private static final AcceptedType HTML = new AcceptedType(MediaType.TEXT_HTML);

	private final EventStreamRuntime runtime;

	private final StreamBinding binding;

	EventSourceWire(EventStreamRuntime runtime) {
		this.runtime = runtime;
		this.binding = new StreamBinding(StreamKind.EVENTS, (type) -> EventStreamFormat.codec(runtime.codecs(), type),
				runtime.exceptionHandlers(), runtime.registry(), runtime.countedUser(), runtime.departures());
	}

	@Override
	public Class<EventSourceMapping> annotationType() {
		return EventSourceMapping.class;
	}

	@Override
	public boolean isAskedFor(HttpServletRequest request) {
		double quality = EVENTS.namedQuality(request);
		return quality > 0 && quality >= HTML.namedQuality(request);
	}

	@Override
	public boolean isAcceptableTo(HttpServletRequest request) {
		return EVENTS.quality(request) > 0;
	}

	@Override
	public MediaType content() {
		return EVENTS.type();
	}

	@Override
	public Endpoint bind(EndpointMethod method, MergedAnnotation<EventSourceMapping> mapping,
			StringValueResolver placeholders) {
		MappingAttributes attributes = new MappingAttributes(method, mapping, placeholders);
		EventStreamSettings settings = this.runtime.settings();
		@Nullable Duration retry = attributes.duration("retry", settings.retry());
		EventStreamFormat format = new EventStreamFormat(retry, mapping.getBoolean("reconnect"));
		return this.binding.bind(attributes, (request) -> (response, given) -> format, settings.connection(),
				settings.timeout());
	}

	/** Binds an ordinary handler method that produces event streams. */
	StreamEndpoint bind(EndpointMethod method, boolean declared) {
		EventStreamSettings settings = this.runtime.settings();
		EventStreamFormat format = new EventStreamFormat(settings.retry(), true);
		MessageCodec<?> codec = declared ? this.binding.codec(method) : EventStreamFormat.codec(this.runtime.codecs());
		return this.binding.bind(method, codec, (request) -> (response, given) -> format, StreamOverrides.NONE,
				settings.connection(), settings.timeout());
	}

	/** Binds what an ordinary handler method has returned. */
	StreamEndpoint bind(EndpointMethod method, EventStreamEmitter emitter) {
		EventStreamSettings settings = this.runtime.settings();
		StreamFormat format = emitter.format(settings.retry());
		return this.binding.bind(method, emitter.codec(this.runtime.codecs()), (request) -> (response, given) -> format,
				emitter.overrides(), settings.connection(), settings.timeout());
	}

}

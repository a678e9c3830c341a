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

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.util.Assert;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * The {@code @RequestMapping} methods that return pairs: those that produce event streams
 * can, all others cannot.
 */
final class OrdinaryStreams {

	private static final String REMEDY = "produces = \"text/event-stream\", or @WebSocketMapping, "
			+ "@EventSourceMapping or @CometMapping in its place";

	private final @Nullable EventSourceWire wire;

	private final Map<EndpointMethod, StreamEndpoint> endpoints = new ConcurrentHashMap<>();

	/**
	 * Creates an instance.
	 * @param wire event streams, or {@code null} if there are none
	 */
	OrdinaryStreams(@Nullable EventSourceWire wire) {
		this.wire = wire;
	}

	/**
	 * Binds the methods of a mapping, at start-up.
	 * @throws InvalidMappingException if one returns a pair that no wire can take
	 */
	void check(RequestMappingHandlerMapping mapping) {
		mapping.getHandlerMethods().forEach(this::check);
	}

	private void check(RequestMappingInfo mapping, HandlerMethod handler) {
		EndpointMethod method = new EndpointMethod(handler.getMethod(), handler.getBeanType());
		if (PairSignature.mentionsPair(method.returnType())) {
			Set<MediaType> produced = mapping.getProducesCondition().getProducibleMediaTypes();
			if (produced.isEmpty() || !produced.stream().allMatch(OrdinaryStreams::isEventStream)) {
				throw method.invalid("returns " + method.returnType() + " and produces "
						+ (produced.isEmpty() ? "nothing in particular" : produced) + ", but no such answer is a pair",
						REMEDY);
			}
			endpoint(method);
		}
	}

	private static boolean isEventStream(MediaType type) {
		return type.equalsTypeAndSubtype(MediaType.TEXT_EVENT_STREAM);
	}

	private StreamEndpoint endpoint(EndpointMethod method) {
		EventSourceWire wire = this.wire;
		if (wire == null) {
			throw method.invalid("returns " + method.returnType() + ", but event streams are switched off",
					"event streams, or @WebSocketMapping or @CometMapping in its place");
		}
		return this.endpoints.computeIfAbsent(method,
				(key) -> wire.bind(key, PairSignature.mentionsPair(key.returnType())));
	}

	/**
	 * Takes a place for a pair that such a method has returned.
	 * @param request the request
	 * @param name the method, as it is called in messages
	 */
	Attempt begin(HttpServletRequest request, String name) throws Exception {
		Assert.state(
				request.getAttribute(HandlerMapping.PRODUCIBLE_MEDIA_TYPES_ATTRIBUTE) instanceof Set<?> types
						&& types.stream().allMatch((type) -> type instanceof MediaType media && isEventStream(media)),
				() -> name + " returned a pair to a plain request (expected: " + REMEDY + ")");
		Object handler = request.getAttribute(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE);
		Assert.state(handler instanceof HandlerMethod, "A pair comes from a handler method");
		OrdinaryHandler ordinary = OrdinaryHandler.of((HandlerMethod) handler);
		return endpoint(ordinary.method()).attempt(request, ordinary.bean());
	}

}

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

import java.lang.annotation.Annotation;
import java.lang.reflect.Parameter;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.socket.WebSocketMessage;

import dev.halley.codec.MessageCodec;
import dev.halley.codec.UnsupportedMessageTypeException;
import dev.halley.connection.ConnectionInfo;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.ConnectionSettings;
import dev.halley.connection.CountedUser;
import dev.halley.connection.FailureHandler;
import dev.halley.sse.EventStreamFormat;
import dev.halley.stream.StreamDepartures;
import dev.halley.stream.StreamOverrides;

/**
 * Binds methods to streams, whichever kind these are.
 *
 * @param kind the kind of the responses
 * @param codecs finds the codec of a type of messages
 * @param exceptionHandlers the application's handlers of failures
 * @param registry where connections are registered
 * @param countedUser as whose connection each counts
 * @param departures lets streams leave the container, or {@code null}
 */
record StreamBinding(StreamKind kind, Function<ResolvableType, MessageCodec<?>> codecs,
		MessageExceptionHandlers exceptionHandlers, ConnectionRegistry registry, CountedUser countedUser,
		@Nullable StreamDepartures departures) {

	private static final List<Class<?>> BINARY = List.of(byte[].class, ByteBuffer.class, WebSocketMessage.class);

	private static final List<Class<? extends Annotation>> BODIES = List.of(RequestBody.class, RequestPart.class);

	/** Binds a method with a mapping of its own. */
	StreamEndpoint bind(MappingAttributes mapping, StreamFormats formats, ConnectionSettings settings,
			Duration timeout) {
		EndpointMethod method = mapping.method();
		MessageValidation.check(method);
		StreamConditions conditions = StreamConditions.of(mapping);
		if (!conditions.takesBodies()) {
			checkNoBody(method);
		}
		StreamOverrides overrides = mapping.overrides();
		return new StreamEndpoint(mapping.strings("path"), method.shortName(), this.kind, codec(method),
				failures(method.type()), formats, conditions, overrides.settings(settings),
				overrides.timeoutOr(timeout), this.registry, this.countedUser, this.departures);
	}

	private static void checkNoBody(EndpointMethod method) {
		for (Parameter parameter : method.method().getParameters()) {
			if (BODIES.stream().anyMatch((body) -> AnnotatedElementUtils.hasAnnotation(parameter, body))) {
				throw method.invalid("is mapped to GET, which has no body for the parameter " + parameter,
						"method = RequestMethod.POST in the mapping");
			}
		}
	}

	/** Binds a method that is mapped as those of Spring MVC are. */
	StreamEndpoint bind(EndpointMethod method, MessageCodec<?> codec, StreamFormats formats, StreamOverrides overrides,
			ConnectionSettings settings, Duration timeout) {
		return new StreamEndpoint(List.of(), method.shortName(), this.kind, codec, failures(method.type()), formats,
				StreamConditions.NONE, overrides.settings(settings), overrides.timeoutOr(timeout), this.registry,
				this.countedUser, this.departures);
	}

	private BiFunction<Object, ConnectionInfo, FailureHandler> failures(Class<?> controllerType) {
		return this.exceptionHandlers.forEndpoint(controllerType, ResolvableType.forClass(Void.class), this.codecs);
	}

	/** Finds the codec of what a method sends. */
	MessageCodec<?> codec(EndpointMethod method) {
		ResolvableType type = PairSignature.of(method).out();
		if (type.toClass() == Void.class) {
			throw method.invalid("returns " + method.returnType() + ", but a stream only sends", "Out or InOut");
		}
		Class<?> content = EventStreamFormat.data(type).toClass();
		if (BINARY.stream().anyMatch((binary) -> binary.isAssignableFrom(content))) {
			throw method.invalid("message type " + type + " cannot be used, a stream carries text",
					"String, JsonNode, or a type that becomes JSON");
		}
		try {
			return this.codecs.apply(type);
		}
		catch (UnsupportedMessageTypeException ex) {
			throw method.invalid("message type " + ex.getType() + " cannot be used", ex.getRemedy(), ex);
		}
	}

}

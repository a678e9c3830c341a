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

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

import org.springframework.core.ResolvableType;
import org.springframework.web.socket.WebSocketMessage;

import dev.halley.codec.MessageCodec;
import dev.halley.codec.UnsupportedMessageTypeException;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.ConnectionSettings;

/**
 * Binds methods to streams, whichever kind these are.
 *
 * @param transport the name of the wire
 * @param contentType the content type of the responses
 * @param codecs finds the codec of a type of messages
 * @param registry where connections are registered
 */
record StreamBinding(String transport, String contentType, Function<ResolvableType, MessageCodec<?>> codecs,
		ConnectionRegistry registry) {

	private static final List<Class<?>> BINARY = List.of(byte[].class, ByteBuffer.class, WebSocketMessage.class);

	StreamEndpoint bind(MappingAttributes mapping, StreamFormats formats, ConnectionSettings settings,
			Duration timeout) {
		EndpointMethod method = mapping.method();
		return new StreamEndpoint(mapping.strings("path"), method.shortName(),
				new StreamKind(this.transport, this.contentType), codec(method), formats, StreamConditions.of(mapping),
				mapping.overflow(settings), Objects.requireNonNull(mapping.duration("timeout", timeout)),
				this.registry);
	}

	private MessageCodec<?> codec(EndpointMethod method) {
		ResolvableType type = PairSignature.of(method).out();
		if (type.toClass() == Void.class) {
			throw method.invalid("returns " + method.returnType() + ", but a stream only sends", "Out or InOut");
		}
		if (BINARY.stream().anyMatch((binary) -> binary.isAssignableFrom(type.toClass()))) {
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

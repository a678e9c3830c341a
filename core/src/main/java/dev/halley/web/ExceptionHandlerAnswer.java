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

import java.lang.reflect.Method;
import java.util.function.Function;

import org.springframework.core.ResolvableType;
import org.springframework.web.socket.CloseStatus;

import dev.halley.codec.MessageCodec;
import dev.halley.codec.MessageCodecs;
import dev.halley.codec.Payload;
import dev.halley.codec.UnsupportedMessageTypeException;

/**
 * Makes of what an exception handler returned what the connection does.
 */
@FunctionalInterface
interface ExceptionHandlerAnswer {

	/**
	 * Makes the answer.
	 * @param returned what the handler returned, not {@code null}
	 * @return a {@link Payload} or a {@link CloseStatus}
	 * @throws Exception if the value has no encoded form
	 */
	Object of(Object returned) throws Exception;

	/**
	 * Decides what the values are that a handler returns. {@code Object} is decided for
	 * each value.
	 * @param method the exception handler
	 * @param beanType the class it is called on
	 * @param codecs what encodes
	 * @return the answer
	 * @throws InvalidMappingException if there is no codec
	 */
	static ExceptionHandlerAnswer of(Method method, Class<?> beanType,
			Function<ResolvableType, MessageCodec<?>> codecs) {
		ResolvableType type = ResolvableType.forMethodReturnType(method, beanType);
		Class<?> raw = type.toClass();
		if (raw == void.class || isReady(raw)) {
			return (returned) -> returned;
		}
		return (raw == Object.class) ? ofRuntimeType(codecs) : encoded(codec(method, type, codecs));
	}

	private static boolean isReady(Class<?> type) {
		return type == CloseStatus.class || type == Payload.class;
	}

	private static ExceptionHandlerAnswer ofRuntimeType(Function<ResolvableType, MessageCodec<?>> codecs) {
		return (returned) -> isReady(returned.getClass()) ? returned
				: encoded(codecs.apply(MessageCodecs.typeOf(returned))).of(returned);
	}

	@SuppressWarnings("unchecked")
	private static ExceptionHandlerAnswer encoded(MessageCodec<?> codec) {
		return ((MessageCodec<Object>) codec)::encode;
	}

	private static MessageCodec<?> codec(Method method, ResolvableType type,
			Function<ResolvableType, MessageCodec<?>> codecs) {
		try {
			return codecs.apply(type);
		}
		catch (UnsupportedMessageTypeException ex) {
			throw new InvalidMappingException(method, "return type: " + type,
					"void, CloseStatus, or a message: " + ex.getRemedy(), ex);
		}
	}

}

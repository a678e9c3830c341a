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

import java.nio.charset.StandardCharsets;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.annotation.AbstractNamedValueMethodArgumentResolver;

import dev.halley.annotation.LastEventId;

/**
 * Resolves parameters with {@link LastEventId}: conversion, {@link Optional} and
 * primitive types as for Spring MVC's own named values.
 */
final class LastEventIdArgumentResolver extends AbstractNamedValueMethodArgumentResolver {

	private static final String HEADER = "Last-Event-ID";

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return parameter.hasParameterAnnotation(LastEventId.class);
	}

	@Override
	protected NamedValueInfo createNamedValueInfo(MethodParameter parameter) {
		return new NamedValueInfo(HEADER, false, null);
	}

	@Override
	protected @Nullable Object resolveName(String name, MethodParameter parameter, NativeWebRequest request) {
		String value = request.getHeader(name);
		return (value != null) ? decode(value) : null;
	}

	/** Browsers send UTF-8, which containers read as if each byte were a character. */
	private static String decode(String value) {
		return StandardCharsets.ISO_8859_1.newEncoder().canEncode(value)
				? new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8) : value;
	}

	@Override
	protected void handleMissingValue(String name, MethodParameter parameter) {
	}

}

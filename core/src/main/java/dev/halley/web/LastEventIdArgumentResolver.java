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

import java.util.Optional;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.util.StringUtils;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.annotation.AbstractNamedValueMethodArgumentResolver;

import dev.halley.Position;
import dev.halley.annotation.LastEventId;

/**
 * Resolves parameters with {@link LastEventId}: conversion, {@link Optional} and
 * primitive types as for Spring MVC's own named values.
 */
final class LastEventIdArgumentResolver extends AbstractNamedValueMethodArgumentResolver {

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return parameter.hasParameterAnnotation(LastEventId.class);
	}

	@Override
	protected NamedValueInfo createNamedValueInfo(MethodParameter parameter) {
		return new NamedValueInfo("lastEventId", false, null);
	}

	@Override
	protected @Nullable Object resolveName(String name, MethodParameter parameter, NativeWebRequest request) {
		HttpServletRequest http = request.getNativeRequest(HttpServletRequest.class);
		String id = (http != null) ? LastEventIdOf.request(http) : null;
		return (parameter.getNestedParameterType() == Position.class) ? position(id) : id;
	}

	/** A client may send anything, of which a hub makes a reset. */
	private static @Nullable Position position(@Nullable String id) {
		return StringUtils.hasLength(id) ? Position.parseOrUnknown(id) : null;
	}

	@Override
	protected void handleMissingValue(String name, MethodParameter parameter) {
	}

}

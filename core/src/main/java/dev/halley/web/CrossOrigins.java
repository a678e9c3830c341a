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

import org.jspecify.annotations.Nullable;
import org.springframework.util.StringValueResolver;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Reads {@code @CrossOrigin} as Spring MVC does for its own methods, whose mapping alone
 * knows how. Maps nothing itself.
 */
final class CrossOrigins extends RequestMappingHandlerMapping {

	CrossOrigins(StringValueResolver placeholders) {
		setEmbeddedValueResolver(placeholders);
	}

	/**
	 * Reads the annotations of a method and of its class.
	 * @param method the method, with its bean
	 * @param mapping what it is mapped to
	 * @return what they allow, or {@code null} if there are none
	 */
	@Nullable CorsConfiguration of(HandlerMethod method, RequestMappingInfo mapping) {
		return super.initCorsConfiguration(method, method.getMethod(), mapping);
	}

	@Override
	protected HandlerMethod createHandlerMethod(Object handler, Method method) {
		return (HandlerMethod) handler;
	}

}

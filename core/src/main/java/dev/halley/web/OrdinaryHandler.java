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

import org.springframework.util.Assert;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerMapping;

/**
 * The method, mapped by Spring MVC, that a request was for.
 *
 * @param method the method
 * @param bean what it was called on
 */
record OrdinaryHandler(EndpointMethod method, Object bean) {

	static OrdinaryHandler of(NativeWebRequest request) {
		Object handler = request.getAttribute(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE,
				RequestAttributes.SCOPE_REQUEST);
		Assert.state(handler instanceof HandlerMethod, "A stream comes from a handler method");
		return of((HandlerMethod) handler);
	}

	static OrdinaryHandler of(HandlerMethod handler) {
		HandlerMethod resolved = handler.createWithResolvedBean();
		return new OrdinaryHandler(new EndpointMethod(resolved.getMethod(), resolved.getBeanType()),
				resolved.getBean());
	}

}

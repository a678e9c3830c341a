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

import java.util.List;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpEntity;
import org.springframework.util.Assert;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.filter.ShallowEtagHeaderFilter;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.method.support.HandlerMethodReturnValueHandlerComposite;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;

import dev.halley.CallContext;
import dev.halley.Out;
import dev.halley.comet.CometEmitter;
import dev.halley.sse.EventStreamEmitter;

/**
 * Sends what the {@link dev.halley.comet.Comet} and {@link dev.halley.sse.EventStream}
 * helpers returned from an ordinary handler method. All other emitters, and entities of
 * them, are left to Spring MVC.
 */
final class EmitterReturnValueHandler implements HandlerMethodReturnValueHandler {

	private static final List<Class<?>> EMITTERS = List.of(ResponseBodyEmitter.class, CometEmitter.class,
			EventStreamEmitter.class);

	private final @Nullable CometWire comet;

	private final @Nullable EventSourceWire events;

	private final HandlerMethodReturnValueHandlerComposite others = new HandlerMethodReturnValueHandlerComposite();

	EmitterReturnValueHandler(@Nullable CometWire comet, @Nullable EventSourceWire events,
			List<HandlerMethodReturnValueHandler> others) {
		this.comet = comet;
		this.events = events;
		this.others.addHandlers(others);
	}

	@Override
	public boolean supportsReturnType(MethodParameter returnType) {
		return EMITTERS.contains(returnType.getParameterType())
				|| ReturnedEntity.mayHold(returnType, (body) -> EMITTERS.contains(body.toClass()));
	}

	@Override
	public void handleReturnValue(@Nullable Object returnValue, MethodParameter returnType,
			ModelAndViewContainer mavContainer, NativeWebRequest webRequest) throws Exception {
		HttpEntity<?> entity = (returnValue instanceof HttpEntity<?> given) ? given : HttpEntity.EMPTY;
		Object body = (returnValue instanceof HttpEntity<?>) ? entity.getBody() : returnValue;
		if (body instanceof CometEmitter emitter && this.comet != null) {
			OrdinaryHandler handler = OrdinaryHandler.of(webRequest);
			answer(this.comet.bind(handler.method(), emitter), emitter.out(), entity, handler, mavContainer,
					webRequest);
		}
		else if (body instanceof EventStreamEmitter emitter && this.events != null) {
			OrdinaryHandler handler = OrdinaryHandler.of(webRequest);
			answer(this.events.bind(handler.method(), emitter), emitter.out(), entity, handler, mavContainer,
					webRequest);
		}
		else {
			this.others.handleReturnValue(returnValue, returnType, mavContainer, webRequest);
		}
	}

	private static void answer(StreamEndpoint endpoint, Out<?> out, HttpEntity<?> entity, OrdinaryHandler handler,
			ModelAndViewContainer mavContainer, NativeWebRequest webRequest) throws Exception {
		HttpServletRequest request = webRequest.getNativeRequest(HttpServletRequest.class);
		HttpServletResponse response = webRequest.getNativeResponse(HttpServletResponse.class);
		Assert.state(request != null && response != null, "A stream needs a servlet request");
		mavContainer.setRequestHandled(true);
		ShallowEtagHeaderFilter.disableContentCaching(request);
		try (Attempt attempt = endpoint.attempt(request, handler.bean()); CallContext.Scope traced = attempt.enter()) {
			attempt.accept(PairSignature.toPair(out), entity, request, response);
		}
	}

}

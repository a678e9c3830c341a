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
import org.springframework.http.HttpHeaders;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.filter.ShallowEtagHeaderFilter;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.method.support.HandlerMethodReturnValueHandlerComposite;
import org.springframework.web.method.support.ModelAndViewContainer;

import dev.halley.CallContext;

/**
 * Puts a returned pair onto its wire: that of its mapping, or an event stream if an
 * ordinary handler method produces those. An entity without a pair is left to the
 * handlers that answer with entities.
 */
final class PairReturnValueHandler implements HandlerMethodReturnValueHandler {

	private final OrdinaryStreams streams;

	private final HandlerMethodReturnValueHandlerComposite others = new HandlerMethodReturnValueHandlerComposite();

	PairReturnValueHandler(OrdinaryStreams streams, List<HandlerMethodReturnValueHandler> others) {
		this.streams = streams;
		this.others.addHandlers(others);
	}

	/** An asynchronous result comes back here with its own type. */
	@Override
	public boolean supportsReturnType(MethodParameter returnType) {
		return PairSignature.isPair(returnType.getParameterType())
				|| ReturnedEntity.mayHold(returnType, PairSignature::mentionsPair);
	}

	@Override
	public void handleReturnValue(@Nullable Object returnValue, MethodParameter returnType,
			ModelAndViewContainer mavContainer, NativeWebRequest webRequest) throws Exception {
		if (returnValue instanceof HttpEntity<?> entity) {
			Object body = entity.getBody();
			if (body != null && PairSignature.isPair(body.getClass())) {
				accept(body, entity, returnType, mavContainer, webRequest);
			}
			else {
				this.others.handleReturnValue(returnValue, returnType, mavContainer, webRequest);
			}
			return;
		}
		Assert.state(returnValue != null, () -> nameOf(returnType)
				+ " returned null (expected: a pair, or a ResponseEntity without one to refuse the handshake)");
		accept(returnValue, HttpEntity.EMPTY, returnType, mavContainer, webRequest);
	}

	private void accept(Object pair, HttpEntity<?> entity, MethodParameter returnType,
			ModelAndViewContainer mavContainer, NativeWebRequest webRequest) throws Exception {
		HttpServletRequest request = webRequest.getNativeRequest(HttpServletRequest.class);
		HttpServletResponse response = webRequest.getNativeResponse(HttpServletResponse.class);
		Assert.state(request != null && response != null, "A pair needs a servlet request");
		mavContainer.setRequestHandled(true);
		ShallowEtagHeaderFilter.disableContentCaching(request);
		Attempt attempt = CurrentAttempt.of(request);
		if (attempt != null) {
			attempt.accept(PairSignature.toPair(pair), entity, request, response);
			return;
		}
		try (Attempt ordinary = this.streams.begin(request, nameOf(returnType));
				CallContext.Scope traced = ordinary.enter()) {
			Vary.add(response, List.of(HttpHeaders.ACCEPT));
			ordinary.accept(PairSignature.toPair(pair), entity, request, response);
		}
	}

	private static String nameOf(MethodParameter returnType) {
		return (returnType.getMethod() != null) ? ClassUtils.getQualifiedMethodName(returnType.getMethod())
				: returnType.toString();
	}

}

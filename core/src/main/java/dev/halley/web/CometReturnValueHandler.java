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
import org.springframework.http.ResponseEntity;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.filter.ShallowEtagHeaderFilter;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.method.support.HandlerMethodReturnValueHandlerComposite;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.comet.CometEmitter;
import dev.halley.comet.CometStreamFormat;
import dev.halley.connection.Reservation;

/**
 * Sends what the {@link dev.halley.comet.Comet} helper returned from an ordinary handler
 * method. All other emitters, and entities of them, are left to Spring MVC.
 */
final class CometReturnValueHandler implements HandlerMethodReturnValueHandler {

	private static final StreamKind KIND = new StreamKind("comet", CometStreamFormat.CONTENT_TYPE);

	private final CometSupport support;

	private final HandlerMethodReturnValueHandlerComposite others = new HandlerMethodReturnValueHandlerComposite();

	CometReturnValueHandler(CometSupport support, List<HandlerMethodReturnValueHandler> others) {
		this.support = support;
		this.others.addHandlers(others);
	}

	@Override
	public boolean supportsReturnType(MethodParameter returnType) {
		return isEmitter(returnType.getParameterType())
				|| (HttpEntity.class.isAssignableFrom(returnType.getParameterType())
						&& isEmitter(returnType.nested().getNestedParameterType()));
	}

	private static boolean isEmitter(Class<?> type) {
		return type == ResponseBodyEmitter.class || type == CometEmitter.class;
	}

	@Override
	public void handleReturnValue(@Nullable Object returnValue, MethodParameter returnType,
			ModelAndViewContainer mavContainer, NativeWebRequest webRequest) throws Exception {
		HttpEntity<?> entity = (returnValue instanceof HttpEntity<?> given) ? given : null;
		if (((entity != null) ? entity.getBody() : returnValue) instanceof CometEmitter emitter) {
			mavContainer.setRequestHandled(true);
			answer(emitter, entity, nameOf(returnType), webRequest);
		}
		else {
			this.others.handleReturnValue(returnValue, returnType, mavContainer, webRequest);
		}
	}

	private void answer(CometEmitter emitter, @Nullable HttpEntity<?> entity, String handler,
			NativeWebRequest webRequest) {
		HttpServletRequest request = webRequest.getNativeRequest(HttpServletRequest.class);
		HttpServletResponse response = webRequest.getNativeResponse(HttpServletResponse.class);
		Assert.state(request != null && response != null, "A Comet stream needs a servlet request");
		ShallowEtagHeaderFilter.disableContentCaching(request);
		if (entity instanceof ResponseEntity<?> withStatus) {
			response.setStatus(withStatus.getStatusCode().value());
		}
		answer(emitter, (entity != null) ? entity.getHeaders() : HttpHeaders.EMPTY, handler, request, response);
	}

	private void answer(CometEmitter emitter, HttpHeaders headers, String handler, HttpServletRequest request,
			HttpServletResponse response) {
		Reservation reservation = RequestInfo.reserve(request, this.support.registry());
		boolean running = false;
		try {
			CometOptions options = this.support.options();
			running = KIND.answer(() -> StreamAttempt.connect(request, "comet", handler, pair(emitter.out()),
					emitter.codec(this.support.codecs()), options.settings(), this.support.registry(), reservation),
					(ready, given) -> emitter.format(options.removeScripts(),
							CometWire.complete(emitter.nonce(), request, ready, given)),
					emitter.timeout(options.timeout()), headers, request, response);
		}
		finally {
			if (!running) {
				reservation.close();
			}
		}
	}

	private static <T> InOut<Void, T> pair(Out<T> out) {
		return InOut.of(In.ignore(), out);
	}

	private static String nameOf(MethodParameter returnType) {
		return (returnType.getMethod() != null)
				? ClassUtils.getShortName(returnType.getContainingClass()) + "." + returnType.getMethod().getName()
				: returnType.toString();
	}

}

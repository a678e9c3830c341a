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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.web.ErrorResponse;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.View;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.ServletInvocableHandlerMethod;

import dev.halley.connection.FailureLog;

/**
 * Answers requests that were refused before a method of the application ran. A refusal is
 * an answer and no failure: an exception handler for all exceptions would make a 500 of
 * it, so that only one that names the refusal is called. Without one the answer has the
 * refusal's status and headers, and a sentence that says what is wrong.
 */
final class RefusalAnswers {

	private static final Log logger = LogFactory.getLog(RefusalAnswers.class);

	private static final AcceptedType HTML = new AcceptedType(MediaType.TEXT_HTML);

	private final RequestMappingHandlerAdapter mvc;

	private final RefusalHandlers handlers;

	RefusalAnswers(RequestMappingHandlerAdapter mvc) {
		this.mvc = mvc;
		this.handlers = new RefusalHandlers(mvc.getApplicationContext());
	}

	/**
	 * Answers a request.
	 * @param refusal why the request is refused
	 * @param handler what would have served it
	 * @param request the request
	 * @param response the response
	 * @return what is to be rendered, or {@code null} if the answer is written
	 * @throws Exception the refusal, if it is no {@link ErrorResponse}
	 */
	@Nullable ModelAndView answer(Exception refusal, Object handler, HttpServletRequest request, HttpServletResponse response)
			throws Exception {
		if (!(refusal instanceof ErrorResponse answer)) {
			throw refusal;
		}
		log(answer, request);
		ServletInvocableHandlerMethod method = this.handlers.find(refusal, handler);
		if (method != null) {
			try {
				return invoke(method, refusal, handler, new ServletWebRequest(request, response));
			}
			catch (Exception ex) {
				logger.debug(LogMessage.format("No answer by %s", method), ex);
			}
		}
		if (!response.isCommitted()) {
			write(answer, request, response);
		}
		return null;
	}

	/** One line, and no louder: a client could fill the disk. */
	private static void log(ErrorResponse answer, HttpServletRequest request) {
		if (logger.isDebugEnabled()) {
			Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
			String path = (pattern != null) ? pattern.toString() : FailureLog.excerpt(request.getRequestURI());
			logger.debug("Refused " + FailureLog.excerpt(request.getMethod()) + " " + path + ": "
					+ answer.getStatusCode().value() + ", " + answer.getBody().getDetail());
		}
	}

	private static @Nullable ModelAndView invoke(ServletInvocableHandlerMethod method, Exception refusal,
			Object handler, ServletWebRequest request) throws Exception {
		ModelAndViewContainer container = new ModelAndViewContainer();
		method.invokeAndHandle(request, container, refusal, handler);
		if (container.isRequestHandled()) {
			return null;
		}
		ModelAndView answer = new ModelAndView(container.getViewName(), container.getModel(), container.getStatus());
		if (container.getView() instanceof View view) {
			answer.setView(view);
		}
		return answer;
	}

	/** A page of a browser gets the application's page for errors. */
	private void write(ErrorResponse answer, HttpServletRequest request, HttpServletResponse response)
			throws IOException {
		int status = answer.getStatusCode().value();
		answer.getHeaders().forEach((name, values) -> values.forEach((value) -> response.addHeader(name, value)));
		if (HTML.namedQuality(request) > 0) {
			response.sendError(status, answer.getBody().getDetail());
		}
		else {
			response.setStatus(status);
			write(answer.getBody(), response);
		}
	}

	@SuppressWarnings("unchecked")
	private void write(ProblemDetail problem, HttpServletResponse response) throws IOException {
		List<HttpMessageConverter<?>> converters = this.mvc.getMessageConverters();
		for (HttpMessageConverter<?> converter : converters) {
			if (converter.canWrite(ProblemDetail.class, MediaType.APPLICATION_PROBLEM_JSON)) {
				((HttpMessageConverter<ProblemDetail>) converter).write(problem, MediaType.APPLICATION_PROBLEM_JSON,
						new ServletServerHttpResponse(response));
				return;
			}
		}
		response.setContentType(MediaType.TEXT_PLAIN_VALUE);
		response.getOutputStream().write(String.valueOf(problem.getDetail()).getBytes(StandardCharsets.US_ASCII));
	}

}

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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.util.Assert;
import org.springframework.web.context.request.async.WebAsyncUtils;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.servlet.HandlerAdapter;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.socket.server.HandshakeFailureException;

import dev.halley.CallContext;
import dev.halley.ContextCapture;

/**
 * Calls the methods that return pairs: checks the request, then lets Spring MVC resolve
 * the arguments, call the method and wait for an asynchronous result, just as for
 * {@code @RequestMapping} methods.
 * <p>
 * To that end it puts return value handlers and argument resolvers in front of those that
 * Spring MVC's own adapter has. There the pair is seen before {@code @ResponseBody} would
 * take it for a body.
 *
 * @since 0.1
 */
public final class PairHandlerAdapter implements HandlerAdapter, Ordered {

	private final RequestMappingHandlerAdapter mvc;

	private final ContextCapture contexts;

	private final RefusalAnswers refusals;

	/**
	 * Creates an adapter and extends the one of Spring MVC.
	 * @param mvc the adapter of {@code @RequestMapping} methods, initialized
	 */
	public PairHandlerAdapter(RequestMappingHandlerAdapter mvc) {
		this(mvc, null, null, List.of());
	}

	/**
	 * Creates an adapter and extends the one of Spring MVC, also by the
	 * {@link dev.halley.comet.Comet} and {@link dev.halley.sse.EventStream} helpers and
	 * by pairs from {@code @RequestMapping} methods that produce event streams.
	 * @param mvc the adapter of {@code @RequestMapping} methods, initialized
	 * @param comet what Comet streams are made with, or {@code null} for none
	 * @param events what event streams are made with, or {@code null} for none
	 * @param mappings the mappings of {@code @RequestMapping} methods
	 * @throws InvalidMappingException if one of these returns a pair that no wire can
	 * take
	 */
	public PairHandlerAdapter(RequestMappingHandlerAdapter mvc, @Nullable CometRuntime comet,
			@Nullable EventStreamRuntime events, List<RequestMappingHandlerMapping> mappings) {
		this(mvc, comet, events, mappings, ContextCapture.NONE);
	}

	/**
	 * Creates an adapter and extends the one of Spring MVC, for connections that carry
	 * something along: a pair that comes later finds what its request had, not what its
	 * asynchronous dispatch has.
	 * @param mvc the adapter of {@code @RequestMapping} methods, initialized
	 * @param comet what Comet streams are made with, or {@code null} for none
	 * @param events what event streams are made with, or {@code null} for none
	 * @param mappings the mappings of {@code @RequestMapping} methods
	 * @param contexts takes what connections carry along
	 * @throws InvalidMappingException if one of these returns a pair that no wire can
	 * take
	 */
	public PairHandlerAdapter(RequestMappingHandlerAdapter mvc, @Nullable CometRuntime comet,
			@Nullable EventStreamRuntime events, List<RequestMappingHandlerMapping> mappings, ContextCapture contexts) {
		Assert.notNull(mvc, "'mvc' must not be null");
		Assert.notNull(contexts, "'contexts' must not be null");
		this.mvc = mvc;
		this.contexts = contexts;
		this.refusals = new RefusalAnswers(mvc);
		EventSourceWire eventStreams = (events != null) ? new EventSourceWire(events) : null;
		OrdinaryStreams streams = new OrdinaryStreams(eventStreams);
		mappings.forEach(streams::check);
		extend(mvc, (comet != null) ? new CometWire(comet) : null, eventStreams, streams);
	}

	private static void extend(RequestMappingHandlerAdapter mvc, @Nullable CometWire comet,
			@Nullable EventSourceWire events, OrdinaryStreams streams) {
		List<HandlerMethodReturnValueHandler> handlers = Objects.requireNonNull(mvc.getReturnValueHandlers(),
				"The adapter is not initialized");
		List<HandlerMethodReturnValueHandler> extended = first(new PairReturnValueHandler(streams, handlers), handlers);
		mvc.setReturnValueHandlers(first(new EmitterReturnValueHandler(comet, events, extended), extended));
		List<HandlerMethodArgumentResolver> resolvers = Objects.requireNonNull(mvc.getArgumentResolvers(),
				"The adapter is not initialized");
		mvc.setArgumentResolvers(
				first(new HandshakeArgumentResolver(), first(new ConnectionAttributesArgumentResolver(),
						first(new LoginArgumentResolver(), first(new LastEventIdArgumentResolver(), resolvers)))));
	}

	private static <T> List<T> first(T first, List<T> others) {
		List<T> all = new ArrayList<>(List.of(first));
		all.addAll(others);
		return all;
	}

	@Override
	public int getOrder() {
		return 0;
	}

	@Override
	public boolean supports(Object handler) {
		return handler instanceof PairHandlerMethod || handler instanceof Refusal;
	}

	@Override
	public @Nullable ModelAndView handle(HttpServletRequest request, HttpServletResponse response, Object handler)
			throws Exception {
		return (handler instanceof PairHandlerMethod method) ? serve(request, response, method)
				: refuse(request, response, (Refusal) handler);
	}

	private @Nullable ModelAndView refuse(HttpServletRequest request, HttpServletResponse response, Refusal refusal)
			throws Exception {
		try {
			refusal.handleRequest(request, response);
			return null;
		}
		catch (ServletException | RuntimeException ex) {
			return this.refusals.answer(ex, refusal, request, response);
		}
	}

	private @Nullable ModelAndView serve(HttpServletRequest request, HttpServletResponse response,
			PairHandlerMethod method) throws Exception {
		Vary.complete(request, response);
		// Again, for beans that were not there at start-up
		ProxiedMethods.check(method.getMethod(), method.getBean());
		Attempt attempt = CurrentAttempt.of(request);
		if (attempt == null) {
			try {
				attempt = method.endpoint().attempt(request, method.getBean());
			}
			catch (Exception ex) {
				return this.refusals.answer(ex, method, request, response);
			}
			if (isAnsweredAtOnce(attempt, request, response)) {
				return null;
			}
			CurrentAttempt.set(request, attempt);
		}
		try (CallContext.Scope scope = CurrentAttempt.contextOf(request).enter();
				CallContext.Scope traced = attempt.enter()) {
			ModelAndView view = this.mvc.handle(request, response, method);
			if (WebAsyncUtils.getAsyncManager(request).isConcurrentHandlingStarted()) {
				CurrentAttempt.setContext(request, this.contexts.capture());
			}
			return view;
		}
		catch (HandshakeFailureException ex) {
			return this.refusals.answer(ex, method, request, response);
		}
		finally {
			CurrentAttempt.closeWhenDone(request, attempt);
		}
	}

	/** One that is answered is closed, also if the answer cannot be written. */
	private static boolean isAnsweredAtOnce(Attempt attempt, HttpServletRequest request, HttpServletResponse response)
			throws IOException {
		boolean over = true;
		try {
			over = attempt.answersAtOnce(request, response);
			return over;
		}
		finally {
			if (over) {
				attempt.close();
			}
		}
	}

}

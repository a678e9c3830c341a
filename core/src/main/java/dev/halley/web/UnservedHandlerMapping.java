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

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.util.Assert;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.UnsatisfiedServletRequestParameterException;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsConfigurationSource;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.handler.AbstractHandlerMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Answers requests that have the path of an endpoint but do not ask for its wire. Other
 * handlers of the path come first; what they do not serve gets a stream if it takes one,
 * or else is refused: with 405 if no method fits, 426 if only a WebSocket would do, 415,
 * 406 or 400 if the type of the body, the accepted types or the parameters do not. What
 * is named as served, in {@code Allow}, {@code Accept} and {@code Vary}, is all that the
 * path has, whoever serves it. OPTIONS and the preflights of CORS are answered likewise.
 * <p>
 * Comes right after the mappings of endpoints, and asks the usual mappings after it
 * itself, since one that has the path refuses for all. Those of static resources are
 * asked only for files that exist.
 *
 * @since 0.1
 */
public final class UnservedHandlerMapping extends AbstractHandlerMapping {

	/**
	 * After the mappings of endpoints, before router functions and
	 * {@code @RequestMapping} methods.
	 */
	public static final int DEFAULT_ORDER = PairHandlerMapping.DEFAULT_ORDER + 3;

	/** Before the mappings of static resources and the default servlet, of all paths. */
	private static final int RESOURCES = Ordered.LOWEST_PRECEDENCE - 100;

	private static final List<String> METHODS = Stream
		.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE)
		.map(HttpMethod::name)
		.toList();

	private final List<PairHandlerMapping> mappings;

	private final RequestMappingHandlerMapping mvc;

	private final Predicate<String> resources;

	private volatile @Nullable OtherHandlers others;

	/**
	 * Creates a mapping.
	 * @param mappings the mappings of endpoints
	 * @param mvc the mapping of {@code @RequestMapping} methods, for its interceptors
	 * @param resources tells whether a path is that of a static resource
	 */
	public UnservedHandlerMapping(List<PairHandlerMapping> mappings, RequestMappingHandlerMapping mvc,
			Predicate<String> resources) {
		Assert.notNull(mvc, "'mvc' must not be null");
		Assert.notNull(resources, "'resources' must not be null");
		this.mappings = List.copyOf(mappings);
		List<ServedPaths> paths = this.mappings.stream().map(PairHandlerMapping::paths).toList();
		this.mappings.forEach((mapping) -> mapping.setAll(paths));
		this.mvc = mvc;
		this.resources = resources;
		setPatternParser(mvc.getPatternParser());
		setOrder(DEFAULT_ORDER);
	}

	@Override
	protected void detectMappedInterceptors(List<HandlerInterceptor> interceptors) {
		PairHandlerMapping.addInterceptorsOf(this.mvc, interceptors);
	}

	@Override
	protected @Nullable Object getHandlerInternal(HttpServletRequest request) throws Exception {
		if (PairHandlerMapping.isForeign(request)) {
			return null;
		}
		String path = initLookupPath(request);
		List<PairHandlerMapping> candidates = this.mappings.stream()
			.filter((mapping) -> mapping.paths().have(request))
			.toList();
		if (candidates.isEmpty()) {
			return null;
		}
		ServedPaths.setVary(candidates.stream().map(PairHandlerMapping::paths).toList(), request);
		return CorsUtils.isPreFlightRequest(request) ? preflight(candidates, request)
				: handler(candidates, path, request);
	}

	private Object handler(List<PairHandlerMapping> candidates, String path, HttpServletRequest request)
			throws Exception {
		Exception failure = null;
		try {
			HandlerExecutionChain chain = OtherHandlers
				.find(this.resources.test(path) ? others().all() : others().usual(), request);
			if (chain != null && !answersOptions(chain)) {
				return varying(chain);
			}
		}
		catch (HttpRequestMethodNotSupportedException | HttpMediaTypeNotSupportedException
				| HttpMediaTypeNotAcceptableException | UnsatisfiedServletRequestParameterException ex) {
			failure = ex;
		}
		return unserved(candidates, failure, request);
	}

	private Object unserved(List<PairHandlerMapping> candidates, @Nullable Exception failure,
			HttpServletRequest request) throws Exception {
		for (PairHandlerMapping candidate : candidates) {
			HandlerExecutionChain chain = candidate.unaskedHandlerFor(request);
			if (chain != null) {
				return chain;
			}
		}
		if (HttpMethod.OPTIONS.matches(request.getMethod())) {
			return new Options(allowed(candidates, request));
		}
		Refusal refusal = new Refusal(allowed(candidates, request)).add(failure);
		candidates.forEach((candidate) -> candidate.paths().refuse(request, refusal));
		return refusal;
	}

	private OtherHandlers others() {
		OtherHandlers others = this.others;
		if (others == null) {
			others = OtherHandlers.after(this, RESOURCES, obtainApplicationContext());
			this.others = others;
		}
		return others;
	}

	/** Whether it is what Spring MVC answers if no method of an application does. */
	private static boolean answersOptions(HandlerExecutionChain chain) {
		return chain.getHandler() instanceof HandlerMethod method
				&& method.getBeanType().getEnclosingClass() == RequestMappingInfoHandlerMapping.class;
	}

	private static HandlerExecutionChain varying(HandlerExecutionChain chain) {
		List<HandlerInterceptor> interceptors = new ArrayList<>();
		interceptors.add(new VaryInterceptor());
		interceptors.addAll(chain.getInterceptorList());
		return new HandlerExecutionChain(chain.getHandler(), interceptors);
	}

	private List<String> allowed(List<PairHandlerMapping> candidates, HttpServletRequest request) {
		Set<String> ours = new LinkedHashSet<>();
		candidates.forEach((candidate) -> ours.addAll(candidate.paths().methodsFor(request)));
		return METHODS.stream().filter((method) -> ours.contains(method) || others().serve(request, method)).toList();
	}

	/** A preflight says nothing of what it is for but the method. */
	private @Nullable Object preflight(List<PairHandlerMapping> candidates, HttpServletRequest request)
			throws Exception {
		HandlerExecutionChain theirs = OtherHandlers.find(others().usual(), request);
		List<HandlerExecutionChain> chains = new ArrayList<>();
		for (PairHandlerMapping candidate : candidates) {
			Stream.ofNullable(candidate.preflightHandlerFor(request)).forEach(chains::add);
		}
		if (chains.isEmpty()) {
			return theirs;
		}
		Stream.ofNullable(theirs).forEach(chains::add);
		return new Preflight(chains.stream()
			.map(HandlerExecutionChain::getHandler)
			.filter(CorsConfigurationSource.class::isInstance)
			.map((handler) -> ((CorsConfigurationSource) handler).getCorsConfiguration(request))
			.filter(Objects::nonNull)
			.toList());
	}

	@Override
	protected HandlerExecutionChain getHandlerExecutionChain(Object handler, HttpServletRequest request) {
		return (handler instanceof HandlerExecutionChain complete) ? complete
				: super.getHandlerExecutionChain(handler, request);
	}

	@Override
	protected boolean hasCorsConfigurationSource(Object handler) {
		return !(handler instanceof HandlerExecutionChain) && super.hasCorsConfigurationSource(handler);
	}

	/** What Spring MVC adds to an answer comes after what the path has. */
	private static final class VaryInterceptor implements HandlerInterceptor {

		@Override
		public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
			Vary.complete(request, response);
			return true;
		}

	}

	/**
	 * Tells the methods of a path.
	 *
	 * @param allowed the methods
	 */
	private record Options(List<String> allowed) implements HttpRequestHandler {

		@Override
		public void handleRequest(HttpServletRequest request, HttpServletResponse response) {
			response.setHeader(HttpHeaders.ALLOW, String.join(",", this.allowed) + "," + HttpMethod.OPTIONS);
		}

	}

	/**
	 * Takes the place of the handlers that a preflight may be for, which is replaced
	 * itself by what answers preflights.
	 *
	 * @param configurations what these allow
	 */
	private record Preflight(
			List<CorsConfiguration> configurations) implements HttpRequestHandler, CorsConfigurationSource {

		/**
		 * Whichever allows the request: what follows it is checked by the handler's own.
		 */
		@Override
		public @Nullable CorsConfiguration getCorsConfiguration(HttpServletRequest request) {
			String origin = request.getHeader(HttpHeaders.ORIGIN);
			return this.configurations.stream()
				.filter((configuration) -> configuration.checkOrigin(origin) != null)
				.findFirst()
				.orElse(this.configurations.isEmpty() ? null : this.configurations.get(0));
		}

		@Override
		public void handleRequest(HttpServletRequest request, HttpServletResponse response) throws ServletException {
			throw new ServletException("A preflight is answered by its CORS processor");
		}

	}

}

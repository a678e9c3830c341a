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
import java.util.Objects;
import java.util.function.Predicate;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.util.Assert;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.handler.AbstractHandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Answers requests that have the path of an endpoint but do not ask for its wire, when no
 * other handler serves them: with a stream if they take one, otherwise with 406, 426 if
 * only a WebSocket would do, or 405 if the method is not GET.
 * <p>
 * Comes after all usual mappings but before static resources, which are mapped to every
 * path. A file that exists is served though.
 *
 * @since 0.1
 */
public final class UnservedHandlerMapping extends AbstractHandlerMapping {

	/**
	 * After all usual mappings, before those of static resources and the default servlet.
	 */
	public static final int DEFAULT_ORDER = Ordered.LOWEST_PRECEDENCE - 100;

	private final List<PairHandlerMapping> mappings;

	private final RequestMappingHandlerMapping mvc;

	private final Predicate<String> resources;

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
			.filter((mapping) -> mapping.wireNotAskedForBy(request) != null)
			.toList();
		if (candidates.isEmpty() || this.resources.test(path)) {
			return null;
		}
		for (PairHandlerMapping candidate : candidates) {
			HandlerMethod method = candidate.unaskedHandlerFor(request);
			if (method != null) {
				return method;
			}
		}
		return Refusal.by(candidates.stream()
			.map((mapping) -> mapping.wireNotAskedForBy(request))
			.filter(Objects::nonNull)
			.<Wire<?>>map((wire) -> wire)
			.toList());
	}

	/**
	 * Refuses a request.
	 *
	 * @param wire tells why
	 * @param vary what could have been asked for by
	 */
	record Refusal(Wire<?> wire, List<String> vary) implements HttpRequestHandler {

		/**
		 * Content that is not acceptable is closer to a plain request than an upgrade.
		 */
		static Refusal by(List<Wire<?>> wires) {
			Wire<?> wire = wires.stream().filter(Wire::answersWithContent).findFirst().orElse(wires.get(0));
			List<String> vary = wires.stream()
				.map((each) -> each.answersWithContent() ? HttpHeaders.ACCEPT : HttpHeaders.UPGRADE)
				.distinct()
				.sorted()
				.toList();
			return new Refusal(wire, wire.answersWithContent() ? vary : List.of());
		}

		@Override
		public void handleRequest(HttpServletRequest request, HttpServletResponse response) throws ServletException {
			if (!this.vary.isEmpty()) {
				response.addHeader(HttpHeaders.VARY, String.join(", ", this.vary));
			}
			this.wire.refuse(request);
		}

	}

}

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
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.context.ApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.servlet.HandlerMapping;

/**
 * The handler mappings that Spring's dispatcher asks after ours, in its order.
 *
 * @param usual those before the ones of static resources
 * @param all those of static resources too
 */
record OtherHandlers(List<HandlerMapping> usual, List<HandlerMapping> all) {

	/**
	 * Finds them.
	 * @param context where they are beans
	 * @param last the last one of ours
	 * @param resources the order from which on mappings are those of static resources
	 */
	static OtherHandlers after(HandlerMapping last, int resources, ApplicationContext context) {
		List<HandlerMapping> mappings = new ArrayList<>(
				BeanFactoryUtils.beansOfTypeIncludingAncestors(context, HandlerMapping.class, true, false).values());
		AnnotationAwareOrderComparator.sort(mappings);
		List<HandlerMapping> all = mappings.subList(mappings.indexOf(last) + 1, mappings.size())
			.stream()
			.filter((mapping) -> !(mapping instanceof PairHandlerMapping))
			.toList();
		return new OtherHandlers(all.stream().filter((mapping) -> orderOf(mapping) < resources).toList(), all);
	}

	private static int orderOf(HandlerMapping mapping) {
		return (mapping instanceof Ordered ordered) ? ordered.getOrder() : Ordered.LOWEST_PRECEDENCE;
	}

	/**
	 * Asks them for the handler of a request.
	 * @return the handler, or {@code null} if there is none
	 * @throws Exception why it is not served though one of them has its path
	 */
	static @Nullable HandlerExecutionChain find(List<HandlerMapping> mappings, HttpServletRequest request)
			throws Exception {
		for (HandlerMapping mapping : mappings) {
			HandlerExecutionChain chain = mapping.getHandler(request);
			if (chain != null) {
				return chain;
			}
		}
		return null;
	}

	/**
	 * Whether the path of a request is served by another method, though perhaps not with
	 * these headers.
	 */
	boolean serve(HttpServletRequest request, String method) {
		try {
			return find(this.usual, new Probe(request, method)) != null;
		}
		catch (HttpRequestMethodNotSupportedException ex) {
			return false;
		}
		catch (Exception ex) {
			return true;
		}
	}

	/** The same request by another method, which leaves no attributes behind. */
	private static final class Probe extends HttpServletRequestWrapper {

		private final String method;

		private final Map<String, @Nullable Object> attributes = new HashMap<>();

		Probe(HttpServletRequest request, String method) {
			super(request);
			this.method = method;
			Enumeration<String> names = request.getAttributeNames();
			while (names.hasMoreElements()) {
				String name = names.nextElement();
				this.attributes.put(name, request.getAttribute(name));
			}
		}

		@Override
		public String getMethod() {
			return this.method;
		}

		@Override
		public @Nullable Object getAttribute(String name) {
			return this.attributes.get(name);
		}

		@Override
		public void setAttribute(String name, @Nullable Object value) {
			this.attributes.put(name, value);
		}

		@Override
		public void removeAttribute(String name) {
			this.attributes.remove(name);
		}

	}

}

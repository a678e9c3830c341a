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

import java.lang.annotation.Annotation;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.PlaceholderResolutionException;
import org.springframework.util.StringValueResolver;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.pattern.PatternParseException;

/**
 * Reads from the annotations of a method and of its class which requests it takes, with
 * the paths' syntax and the prefixes of {@code @RequestMapping} methods, and binds it to
 * its {@link Endpoint}.
 *
 * @param mvc the mapping of {@code @RequestMapping} methods
 * @param placeholders resolves placeholders in the annotations' strings
 */
record MappingReader(RequestMappingHandlerMapping mvc, StringValueResolver placeholders) {

	/**
	 * Reads what a method is mapped to.
	 * @param wire whose annotation counts
	 * @param method the method
	 * @return the requests, with the endpoint as their {@link EndpointCondition}, or
	 * {@code null} if the method is not mapped to this wire
	 * @throws InvalidMappingException if it cannot work
	 */
	<A extends Annotation> @Nullable RequestMappingInfo read(Wire<A> wire, EndpointMethod method) {
		MergedAnnotation<A> mapping = MergedAnnotations.from(method.method(), SearchStrategy.TYPE_HIERARCHY)
			.get(wire.annotationType());
		if (!mapping.isPresent()) {
			return null;
		}
		if (AnnotatedElementUtils.hasAnnotation(method.method(), RequestMapping.class)) {
			throw method.invalid("has a @RequestMapping too, but a pair is no HTTP answer",
					"another method for plain requests to the path");
		}
		try {
			RequestMappingInfo info = requestsFor(method, wire.bind(method, mapping, this.placeholders));
			new EndpointParameters(method).check(info.getPatternValues());
			return info;
		}
		catch (PlaceholderResolutionException ex) {
			throw method.invalid("a placeholder cannot be resolved: " + ex.getMessage(),
					"a property of that name, or a default as in ${name:value}", ex);
		}
	}

	private RequestMappingInfo requestsFor(EndpointMethod method, Endpoint endpoint) {
		try {
			RequestMappingInfo info = endpoint.restrict(paths(endpoint.paths()))
				.customCondition(new EndpointCondition(endpoint))
				.build();
			RequestMapping onType = AnnotatedElementUtils.findMergedAnnotation(method.type(), RequestMapping.class);
			info = (onType != null) ? requestsOf(onType, endpoint.takesBodies()).combine(info) : info;
			if (info.isEmptyMapping()) {
				throw method.invalid("has no path", "a path on the method or in a @RequestMapping on the class");
			}
			return prefixed(info, method.type());
		}
		catch (PatternParseException ex) {
			throw method.invalid("path " + endpoint.paths() + " is malformed: " + ex.getMessage(),
					"a path pattern such as /rooms/{room}", ex);
		}
	}

	/** What a class says of methods and of bodies that go out does not concern a wire. */
	private RequestMappingInfo requestsOf(RequestMapping onType, boolean withBodies) {
		List<String> paths = Arrays.stream(onType.path()).map(this::resolve).toList();
		RequestMappingInfo.Builder mapping = paths(paths).params(onType.params()).headers(onType.headers());
		return (withBodies ? mapping.consumes(onType.consumes()) : mapping).build();
	}

	private RequestMappingInfo prefixed(RequestMappingInfo info, Class<?> type) {
		for (Map.Entry<String, Predicate<Class<?>>> prefix : this.mvc.getPathPrefixes().entrySet()) {
			if (prefix.getValue().test(type)) {
				return paths(List.of(resolve(prefix.getKey()))).build().combine(info);
			}
		}
		return info;
	}

	private RequestMappingInfo.Builder paths(List<String> paths) {
		return RequestMappingInfo.paths(paths.toArray(String[]::new)).options(this.mvc.getBuilderConfiguration());
	}

	private String resolve(String value) {
		return Objects.requireNonNullElse(this.placeholders.resolveStringValue(value), "");
	}

}

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

import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;

/**
 * The paths that endpoints of one wire serve: what is told of them to requests that
 * nobody serves, by {@code Allow} and the reasons of a refusal, and to all by
 * {@code Vary}. Thread-safe.
 */
final class ServedPaths {

	private final Wire<?> wire;

	private final TakenPaths taken = new TakenPaths();

	private final List<RequestMappingInfo> mappings = new CopyOnWriteArrayList<>();

	ServedPaths(Wire<?> wire) {
		this.wire = wire;
	}

	/**
	 * Takes the paths of a mapping before it is registered.
	 * @throws InvalidMappingException if another mapping takes the same requests
	 */
	void take(RequestMappingInfo mapping, Method method) {
		this.taken.take(mapping, method);
	}

	/** Serves the paths of a mapping, which is registered now. */
	void serve(RequestMappingInfo mapping) {
		this.mappings.add(mapping);
	}

	/** Keeps which headers decide what the path of a request answers with. */
	static void setVary(List<ServedPaths> wires, HttpServletRequest request) {
		Vary.set(request,
				wires.stream()
					.filter((each) -> each.mappings.stream().anyMatch((mapping) -> isOnPath(mapping, request)))
					.map((each) -> (each.wire.content() != null) ? HttpHeaders.ACCEPT : HttpHeaders.UPGRADE)
					.distinct()
					.sorted()
					.toList());
	}

	/** Whether the path of a request is served, for this request or another one. */
	boolean have(HttpServletRequest request) {
		return !onPathOf(request).isEmpty();
	}

	/**
	 * Returns the mappings to the path of a request, whether or not they take it. What a
	 * handshake asks for in vain is as if it were not there.
	 */
	private List<RequestMappingInfo> onPathOf(HttpServletRequest request) {
		boolean stream = this.wire.content() != null;
		if (!stream && this.wire.isAskedFor(request)) {
			return List.of();
		}
		return this.mappings.stream()
			.filter((mapping) -> isOnPath(mapping, request))
			.filter((mapping) -> !stream || mapping.getHeadersCondition().getMatchingCondition(request) != null)
			.toList();
	}

	private static boolean isOnPath(RequestMappingInfo mapping, HttpServletRequest request) {
		return mapping.getActivePatternsCondition().getMatchingCondition(request) != null;
	}

	/** Tells why a request is not served. */
	void refuse(HttpServletRequest request, Refusal refusal) {
		onPathOf(request).forEach((mapping) -> refusal.add(this.wire, mapping, request));
	}

	/** Returns the methods by which the path of a request is served. */
	Set<String> methodsFor(HttpServletRequest request) {
		Set<String> methods = onPathOf(request).stream()
			.flatMap((mapping) -> mapping.getMethodsCondition().getMethods().stream())
			.map(RequestMethod::name)
			.collect(Collectors.toCollection(HashSet::new));
		if (this.wire.content() == null) {
			methods.add(HttpMethod.GET.name());
		}
		else if (methods.contains(HttpMethod.GET.name())) {
			methods.add(HttpMethod.HEAD.name());
		}
		return methods;
	}

}

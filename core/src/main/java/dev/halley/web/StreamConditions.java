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
import java.util.Set;
import java.util.stream.Stream;

import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;

/**
 * Which requests the mapping of a stream takes, besides their path: as in
 * {@code @RequestMapping}, but for GET if no method is named.
 *
 * @param methods the methods, at least one
 * @param params conditions on parameters
 * @param headers conditions on headers
 * @param consumes conditions on the type of the body
 */
record StreamConditions(List<RequestMethod> methods, List<String> params, List<String> headers, List<String> consumes) {

	/**
	 * None: others decide.
	 */
	static final StreamConditions NONE = new StreamConditions(List.of(), List.of(), List.of(), List.of());

	private static final Set<RequestMethod> WITHOUT_CONTENT = Set.of(RequestMethod.HEAD, RequestMethod.OPTIONS,
			RequestMethod.TRACE);

	/**
	 * Reads the attributes of a mapping.
	 * @param mapping the mapping
	 * @return the conditions
	 * @throws InvalidMappingException if the answers to a method are no streams
	 */
	static StreamConditions of(MappingAttributes mapping) {
		RequestMethod[] methods = mapping.mapping().getEnumArray("method", RequestMethod.class);
		for (RequestMethod method : methods) {
			if (WITHOUT_CONTENT.contains(method)) {
				throw mapping.method()
					.invalid("is mapped to " + method + ", whose answers are no streams",
							"GET, which answers HEAD too, POST, PUT, PATCH or DELETE");
			}
		}
		return new StreamConditions(
				(methods.length > 0) ? Stream.of(methods).distinct().toList() : List.of(RequestMethod.GET),
				mapping.strings("params"), mapping.strings("headers"), mapping.strings("consumes"));
	}

	boolean takesBodies() {
		return !this.methods.equals(List.of(RequestMethod.GET));
	}

	RequestMappingInfo.Builder restrict(RequestMappingInfo.Builder mapping) {
		return mapping.methods(this.methods.toArray(RequestMethod[]::new))
			.params(this.params.toArray(String[]::new))
			.headers(this.headers.toArray(String[]::new))
			.consumes(this.consumes.toArray(String[]::new));
	}

}

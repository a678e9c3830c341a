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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.springframework.util.ClassUtils;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;

/**
 * The paths of one wire that have their endpoint, so that two for the same requests are
 * found at start-up.
 */
final class TakenPaths {

	/** The name of a variable, but not that of a class of characters. */
	private static final Pattern VARIABLE = Pattern
		.compile("(?<!\\\\[pP])\\{(\\*?)\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*");

	private final Map<String, Taken> taken = new ConcurrentHashMap<>();

	/**
	 * Takes the paths of a mapping.
	 * @throws InvalidMappingException if another mapping takes the same requests
	 */
	void take(RequestMappingInfo mapping, Method method) {
		for (String pattern : mapping.getPatternValues()) {
			keysOf(mapping, pattern).forEach((key) -> take(key, new Taken(pattern, method)));
		}
	}

	private static Stream<String> keysOf(RequestMappingInfo mapping, String pattern) {
		String key = VARIABLE.matcher(pattern).replaceAll("{$1") + mapping.getParamsCondition()
				+ mapping.getHeadersCondition() + mapping.getConsumesCondition();
		Set<RequestMethod> methods = mapping.getMethodsCondition().getMethods();
		return methods.isEmpty() ? Stream.of(key) : methods.stream().map((method) -> key + method);
	}

	private void take(String key, Taken taken) {
		Taken other = this.taken.putIfAbsent(key, taken);
		if (other != null) {
			throw other.conflict(taken.pattern(), taken.method());
		}
	}

	/**
	 * A path that has its endpoint.
	 */
	private record Taken(String pattern, Method method) {

		InvalidMappingException conflict(String pattern, Method method) {
			String other = ClassUtils.getQualifiedMethodName(this.method);
			return new InvalidMappingException(method,
					pattern.equals(this.pattern) ? "is mapped to " + pattern + ", as is " + other : "is mapped to "
							+ pattern + ", and " + other + " to " + this.pattern + ", which take the same requests",
					"one method for each path, in one bean");
		}

	}

}

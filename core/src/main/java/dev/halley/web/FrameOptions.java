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

import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.security.web.util.OnCommittedResponseWrapper;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Which pages may hold a Comet stream in a frame: those of the same origin, unless the
 * application has chosen otherwise. Spring Security denies frames to all pages unless it
 * is told otherwise; what is more than that default was chosen by somebody.
 */
final class FrameOptions {

	static final String HEADER = "X-Frame-Options";

	private static final String DEFAULT_OF_SPRING_SECURITY = "DENY";

	private static final boolean SPRING_SECURITY = ClassUtils
		.isPresent("org.springframework.security.web.header.HeaderWriterFilter", FrameOptions.class.getClassLoader());

	private FrameOptions() {
	}

	/**
	 * Sets the header. Called when all filters have set theirs.
	 * @param response the response, not committed yet
	 * @param chosen the application's choice for this response, if it made one
	 */
	static void complete(HttpServletResponse response, @Nullable String chosen) {
		String present = response.getHeader(HEADER);
		if (chosen != null) {
			set(response, chosen, present);
		}
		else if (present == null || present.equalsIgnoreCase(DEFAULT_OF_SPRING_SECURITY)) {
			set(response, "SAMEORIGIN", present);
		}
	}

	private static void set(HttpServletResponse response, String value, @Nullable String present) {
		if (SPRING_SECURITY && present != null) {
			SecurityHeaders.stay(response);
		}
		response.setHeader(HEADER, value);
	}

	/**
	 * Spring Security writes its headers when the filter chain returns, which for an
	 * asynchronous response is before its first byte, and again when that is flushed.
	 */
	private static final class SecurityHeaders {

		private static final String OWNER = HeaderWriterFilter.class.getName() + "$";

		private static final Method DISABLE = method();

		private static Method method() {
			Method method = ReflectionUtils.findMethod(OnCommittedResponseWrapper.class, "disableOnResponseCommitted");
			Assert.state(method != null, "OnCommittedResponseWrapper has no method 'disableOnResponseCommitted'");
			ReflectionUtils.makeAccessible(method);
			return method;
		}

		/** Lets the headers stay as they are, with what is changed from now on. */
		static void stay(HttpServletResponse response) {
			ServletResponse current = response;
			while (current instanceof ServletResponseWrapper wrapper) {
				if (wrapper instanceof OnCommittedResponseWrapper && wrapper.getClass().getName().startsWith(OWNER)) {
					ReflectionUtils.invokeMethod(DISABLE, wrapper);
				}
				current = wrapper.getResponse();
			}
		}

	}

}

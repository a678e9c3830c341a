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

package dev.halley.stream;

import java.io.IOException;
import java.lang.reflect.Field;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.RequestFacade;
import org.apache.coyote.ActionCode;
import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import org.springframework.util.ReflectionUtils;

/**
 * Drops a response on Tomcat. The Servlet API can only complete one, and then Tomcat
 * waits on a thread of its pool until the peer has read what is left, a minute by
 * default.
 */
final class TomcatRequests {

	private static final Field REQUEST = requestField();

	private TomcatRequests() {
	}

	private static Field requestField() {
		Field field = ReflectionUtils.findField(RequestFacade.class, "request", Request.class);
		Assert.state(field != null, "RequestFacade has no field 'request'");
		ReflectionUtils.makeAccessible(field);
		return field;
	}

	/**
	 * Drops the connection of a request, if it is one of Tomcat's. Its listeners get
	 * {@code onError} on another thread.
	 * @return whether it is one of Tomcat's
	 */
	static boolean drop(ServletRequest request) {
		if (unwrap(request) instanceof RequestFacade facade
				&& ReflectionUtils.getField(REQUEST, facade) instanceof Request connectorRequest) {
			connectorRequest.getCoyoteRequest().action(ActionCode.CLOSE_NOW, new IOException("dropped by the server"));
			return true;
		}
		return false;
	}

	/**
	 * Whether a request is one of Tomcat's.
	 * @return whether {@link #drop} would work
	 */
	static boolean isTomcat(ServletRequest request) {
		return unwrap(request) instanceof RequestFacade;
	}

	private static @Nullable ServletRequest unwrap(@Nullable ServletRequest request) {
		ServletRequest current = request;
		while (current instanceof ServletRequestWrapper wrapper) {
			current = wrapper.getRequest();
		}
		return current;
	}

}

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
import java.util.concurrent.locks.ReentrantLock;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.RequestFacade;
import org.apache.coyote.AbstractProcessor;
import org.apache.coyote.ActionCode;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * What the Servlet API has no words for, on Tomcat. It can only complete a response, and
 * then Tomcat waits on a thread of its pool until the peer has read what is left, a
 * minute by default: here a response is dropped. And it lets any thread write, but where
 * a write of a foreign thread fails at the moment at which a thread of Tomcat ends its
 * work on the same request, Tomcat forgets that request, and gives its objects to the
 * next one while the foreign thread still uses them: here is the lock that Tomcat holds
 * meanwhile.
 */
final class TomcatRequests {

	private static final Field REQUEST = requestField();

	/** These are {@code null} in a Tomcat that has them no more. */
	private static final @Nullable Field HOOK = field(org.apache.coyote.Request.class, "hook");

	private static final @Nullable Field CONNECTION = field(AbstractProcessor.class, "socketWrapper");

	private static final @Nullable Field STREAM_LOCK = field("org.apache.coyote.http2.StreamProcessor", "processLock");

	private TomcatRequests() {
	}

	private static @Nullable Field field(String type, String name) {
		try {
			return field(ClassUtils.forName(type, TomcatRequests.class.getClassLoader()), name);
		}
		catch (ClassNotFoundException | LinkageError ex) {
			return null;
		}
	}

	private static @Nullable Field field(Class<?> type, String name) {
		Field field = ReflectionUtils.findField(type, name);
		if (field != null) {
			ReflectionUtils.makeAccessible(field);
		}
		return field;
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
	 * Returns what Tomcat's threads hold while they are at work on a request: a stream's
	 * own over HTTP/2, that of the connection otherwise.
	 * @return the lock, or {@code null} if the request is not one of Tomcat's, or nobody
	 * knows
	 */
	static @Nullable ReentrantLock lockOf(ServletRequest request) {
		if (HOOK == null || CONNECTION == null || !(unwrap(request) instanceof RequestFacade facade)
				|| !(ReflectionUtils.getField(REQUEST, facade) instanceof Request connectorRequest)) {
			return null;
		}
		Object processor = ReflectionUtils.getField(HOOK, connectorRequest.getCoyoteRequest());
		if (STREAM_LOCK != null && STREAM_LOCK.getDeclaringClass().isInstance(processor)) {
			return (ReflectionUtils.getField(STREAM_LOCK, processor) instanceof ReentrantLock lock) ? lock : null;
		}
		return (processor instanceof AbstractProcessor
				&& ReflectionUtils.getField(CONNECTION, processor) instanceof SocketWrapperBase<?> connection)
						? connection.getLock() : null;
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

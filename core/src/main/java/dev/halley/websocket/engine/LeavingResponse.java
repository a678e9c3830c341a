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

package dev.halley.websocket.engine;

import java.io.IOException;
import java.lang.reflect.Field;
import java.util.Set;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.RequestFacade;
import org.apache.catalina.connector.Response;
import org.apache.catalina.connector.ResponseFacade;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.util.Assert;
import org.springframework.util.ReflectionUtils;

/**
 * Which of Tomcat's responses may leave it after their head, and what the head needs for
 * that.
 */
final class LeavingResponse {

	private static final Field REQUEST = requestField();

	private static final Set<Integer> WITHOUT_CONTENT = Set.of(204, 205, 304);

	/**
	 * What Spring MVC wraps each response with that may be asynchronous, and what Spring
	 * Security and Spring Session wrap it with to see when it is committed: both have
	 * output streams of their own, and write what they are given.
	 */
	private static final Set<String> WATCHING = Set.of("LifecycleHttpServletResponse", "OnCommittedResponseWrapper");

	private LeavingResponse() {
	}

	private static Field requestField() {
		Field field = ReflectionUtils.findField(RequestFacade.class, "request", Request.class);
		Assert.state(field != null, "RequestFacade has no field 'request'");
		ReflectionUtils.makeAccessible(field);
		return field;
	}

	/**
	 * Completes the head of a response that may leave. With both headers Tomcat writes
	 * what follows the head as it is, and nothing at the end.
	 * @param request a request of HTTP/1.1
	 * @param response its response, of which nothing is written yet
	 * @return its connection, or {@code null} if the response stays, unchanged
	 */
	static @Nullable NioSocketWrapper prepare(HttpServletRequest request, HttpServletResponse response) {
		Request tomcats = unwrap(request);
		NioSocketWrapper connection = (tomcats != null) ? DetachingProcessor.connectionOf(tomcats.getCoyoteRequest())
				: null;
		if (tomcats == null || connection == null || hasBody(tomcats) || !isWrittenBelow(tomcats.getResponse())
				|| mayBeCompressed(tomcats) || !isUnchanged(response)) {
			return null;
		}
		tomcats.getResponse().setHeader(HttpHeaders.CONNECTION, "close");
		tomcats.getResponse().setHeader(HttpHeaders.TRANSFER_ENCODING, "chunked");
		return connection;
	}

	private static @Nullable Request unwrap(HttpServletRequest request) {
		ServletRequest current = request;
		while (current instanceof ServletRequestWrapper wrapper) {
			current = wrapper.getRequest();
		}
		return (current instanceof RequestFacade facade
				&& ReflectionUtils.getField(REQUEST, facade) instanceof Request tomcats) ? tomcats : null;
	}

	/** What is left of one could not be told from what comes later. */
	private static boolean hasBody(Request request) {
		return request.getContentLengthLong() > 0 || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
	}

	/** Whether the body is not begun, and in chunks if nobody says otherwise. */
	private static boolean isWrittenBelow(Response response) {
		org.apache.coyote.Response below = response.getCoyoteResponse();
		return !response.isCommitted() && below.getContentLengthLong() == -1 && below.getTrailerFields() == null
				&& !WITHOUT_CONTENT.contains(response.getStatus())
				&& response.getHeader(HttpHeaders.TRANSFER_ENCODING) == null;
	}

	/** What is encoded already may still be compressed on its way (TE). */
	private static boolean mayBeCompressed(Request request) {
		boolean off = request.getConnector().getProtocolHandler() instanceof AbstractHttp11Protocol<?> protocol
				&& "off".equals(protocol.getCompression());
		boolean accepted = request.getHeader(HttpHeaders.ACCEPT_ENCODING) != null
				&& !"identity".equals(request.getResponse().getHeader(HttpHeaders.CONTENT_ENCODING));
		return !off && (accepted || request.getHeader("TE") != null);
	}

	/** Whether what is written to a response is written to Tomcat's as it is. */
	private static boolean isUnchanged(ServletResponse response) {
		ServletResponse current = response;
		while (current instanceof ServletResponseWrapper wrapper && passesOn(wrapper)) {
			current = wrapper.getResponse();
		}
		return current instanceof ResponseFacade;
	}

	private static boolean passesOn(ServletResponseWrapper wrapper) {
		try {
			return onlyWatches(wrapper.getClass()) || outputOf(wrapper) == outputOf(wrapper.getResponse())
					|| wrapper.getClass()
						.getMethod("getOutputStream")
						.getDeclaringClass() == ServletResponseWrapper.class;
		}
		catch (IOException | ReflectiveOperationException | IllegalStateException ex) {
			return false;
		}
	}

	private static ServletOutputStream outputOf(ServletResponse response) throws IOException {
		return response.getOutputStream();
	}

	/** Of Spring itself, and what its projects have made of it. */
	private static boolean onlyWatches(Class<?> wrapper) {
		if (wrapper.getName().startsWith("org.springframework.")) {
			for (Class<?> type = wrapper; type != null; type = type.getSuperclass()) {
				if (WATCHING.contains(type.getSimpleName())) {
					return true;
				}
			}
		}
		return false;
	}

}

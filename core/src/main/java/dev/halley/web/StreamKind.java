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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.Assert;

import dev.halley.comet.CometStreamFormat;
import dev.halley.connection.Connection;
import dev.halley.sse.EventStreamFormat;
import dev.halley.stream.StreamingResponse;

/**
 * What the responses of one kind of stream have in common.
 *
 * @param transport the name of the wire
 * @param contentType the content type with its charset
 */
record StreamKind(String transport, String contentType) {

	static final StreamKind EVENTS = new StreamKind("sse", EventStreamFormat.CONTENT_TYPE);

	static final StreamKind COMET = new StreamKind("comet", CometStreamFormat.CONTENT_TYPE);

	private static final Set<Integer> WITHOUT_CONTENT = Set.of(204, 205, 304);

	private static final Set<String> RESERVED = Set.of("connection", "content-encoding", "content-length",
			"content-type", "transfer-encoding", "upgrade");

	/**
	 * Whether a browser asks again for a stream that is over for good.
	 */
	boolean isOver(HttpServletRequest request) {
		return this == EVENTS && EventStreamFormat.isOver(LastEventIdOf.request(request));
	}

	/**
	 * Whether a browser asks that comes again when a stream ends, but never after another
	 * status than 200.
	 */
	boolean isLostByRefusal(HttpServletRequest request) {
		return this == EVENTS && HttpMethod.GET.matches(request.getMethod())
				&& new AcceptedType(MediaType.TEXT_EVENT_STREAM).namedQuality(request) > 0;
	}

	/**
	 * Answers a request that gets no connection: one for a stream that is over for good
	 * such that a browser stays away, any other with a stream that ends, so that it comes
	 * again.
	 * @param headers the headers that the application chose
	 */
	void answerAtOnce(HttpHeaders headers, HttpServletRequest request, HttpServletResponse response)
			throws IOException {
		if (isOver(request)) {
			response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
			response.setStatus(HttpStatus.NO_CONTENT.value());
			return;
		}
		response.setStatus(HttpStatus.OK.value());
		setHeaders(headers, request, response);
		response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
		byte[] body = ":\n\n".getBytes(StandardCharsets.UTF_8);
		response.setContentLength(body.length);
		response.getOutputStream().write(body);
	}

	/**
	 * Answers a request with a stream; HEAD with the headers of one.
	 * @param connection makes the connection; not called for HEAD
	 * @param stream the stream
	 * @param entity the status and headers that the application chose
	 * @return whether the connection was made
	 */
	boolean answer(Supplier<Connection> connection, StreamingResponse stream, HttpEntity<?> entity,
			HttpServletRequest request, HttpServletResponse response) {
		setStatus(entity, response);
		setHeaders(entity.getHeaders(), request, response);
		if (HttpMethod.HEAD.matches(request.getMethod())) {
			stream.runHead(request, response);
			return false;
		}
		MultipartFiles.keep(request);
		stream.run(connection.get(), request, response);
		return true;
	}

	private static void setStatus(HttpEntity<?> entity, HttpServletResponse response) {
		if (entity instanceof ResponseEntity<?> answer) {
			int status = answer.getStatusCode().value();
			Assert.state(!WITHOUT_CONTENT.contains(status),
					() -> "status: " + status + " (expected: one with content, or an entity without a pair)");
			response.setStatus(status);
		}
	}

	private void setHeaders(HttpHeaders headers, HttpServletRequest request, HttpServletResponse response) {
		response.setContentType(this.contentType);
		response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
		response.setHeader("X-Accel-Buffering", "no");
		if (request.getHeader(HttpHeaders.ACCEPT_ENCODING) != null) {
			// Containers and proxies compress nothing that is encoded already
			response.setHeader(HttpHeaders.CONTENT_ENCODING, "identity");
		}
		headers.forEach((name, values) -> {
			if (!RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
				String first = values.isEmpty() ? "" : values.get(0);
				response.setHeader(name, first);
				values.stream().skip(1).forEach((value) -> response.addHeader(name, value));
			}
		});
	}

}

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

import java.time.Duration;
import java.util.function.Function;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

import dev.halley.connection.Connection;

/**
 * Runs a connection over the response to a request, without a thread that waits: writes
 * are non-blocking, and a slow reader just gets no more until it has read.
 *
 * @param format makes the format when the response is about to be written: all filters
 * have set their headers then, and headers may still be added
 * @param timeout after which the stream ends, or {@link Duration#ZERO} for never
 * @param departures lets the stream leave the container where it can, or {@code null} if
 * it stays
 * @since 0.1
 */
public record StreamingResponse(Function<HttpServletResponse, StreamFormat> format, Duration timeout,
		@Nullable StreamDepartures departures) {

	public StreamingResponse {
		Assert.notNull(format, "'format' must not be null");
		Assert.isTrue(!timeout.isNegative(), () -> "timeout: " + timeout + " (expected: >= 0)");
	}

	/**
	 * Creates a stream that stays in the container.
	 * @param format makes the format
	 * @param timeout after which the stream ends, or {@link Duration#ZERO} for never
	 */
	public StreamingResponse(Function<HttpServletResponse, StreamFormat> format, Duration timeout) {
		this(format, timeout, null);
	}

	/**
	 * Starts the stream. Called on the thread of the request, whose headers are set but
	 * not written. The connection is opened when the container takes the first bytes. If
	 * the stream leaves the container, the request is over from then on.
	 * @param connection the connection, not opened yet; ended when the response is
	 * @param request the request, which must support asynchronous processing
	 * @param response the response
	 * @throws IllegalStateException if a filter or the servlet does not support
	 * asynchronous processing
	 */
	public void run(Connection connection, HttpServletRequest request, HttpServletResponse response) {
		AsyncContext async = request.startAsync(request, response);
		async.setTimeout(this.timeout.toMillis());
		ResponseTransport transport = new ResponseTransport(connection, async, request, response, this);
		ResponseListener listener = new ResponseListener(transport);
		async.addListener(listener);
		listener.listenTo(response);
	}

	/**
	 * Answers HEAD: sends the headers that the stream would have, completed as late as
	 * its.
	 * @param request the request, which must support asynchronous processing
	 * @param response the response
	 * @throws IllegalStateException if a filter or the servlet does not support
	 * asynchronous processing
	 */
	public void runHead(HttpServletRequest request, HttpServletResponse response) {
		new HeadResponse(request.startAsync(request, response), response, this.format).listen();
	}

}

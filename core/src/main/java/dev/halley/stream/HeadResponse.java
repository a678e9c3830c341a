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
import java.util.function.Function;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The head of a stream and no more. It is flushed, since a container that sees an empty
 * body end would say that its length is zero.
 *
 * @param async the asynchronous request
 * @param response the response
 * @param formats completes the headers
 */
record HeadResponse(AsyncContext async, HttpServletResponse response,
		Function<HttpServletResponse, StreamFormat> formats) implements WriteListener {

	private static final Log logger = LogFactory.getLog(HeadResponse.class);

	/** Asks for the call of {@link #onWritePossible}. */
	void listen() {
		try {
			this.response.getOutputStream().setWriteListener(this);
		}
		catch (UnsupportedOperationException | IOException ex) {
			// A response without a network, such as a mock: always ready
			onWritePossible();
		}
	}

	@Override
	public void onWritePossible() {
		try {
			this.formats.apply(this.response);
			this.response.getOutputStream().flush();
		}
		catch (IOException | RuntimeException ex) {
			onError(ex);
		}
		finally {
			this.async.complete();
		}
	}

	@Override
	public void onError(Throwable ex) {
		logger.debug("No answer to HEAD", ex);
	}

}

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

package dev.halley.websocket;

import java.io.Serial;

import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponse;
import org.springframework.web.socket.server.HandshakeFailureException;

/**
 * A handshake that was accepted cannot go on, since nothing here carries WebSockets: such
 * as in a test without a server. Answered with 501.
 */
final class NoContainerException extends HandshakeFailureException implements ErrorResponse {

	@Serial
	private static final long serialVersionUID = 1L;

	private static final String DETAIL = "The handshake is accepted, but nothing here carries WebSockets: "
			+ "the servlet context has no jakarta.websocket.server.ServerContainer. "
			+ "A test of what goes over the connection needs a server, or the PairTesters of halley-test; MockMvc by itself has neither";

	NoContainerException() {
		super(DETAIL);
	}

	@Override
	public HttpStatusCode getStatusCode() {
		return HttpStatus.NOT_IMPLEMENTED;
	}

	@Override
	public ProblemDetail getBody() {
		return ProblemDetail.forStatusAndDetail(HttpStatus.NOT_IMPLEMENTED, DETAIL);
	}

}

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

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpEntity;

import dev.halley.CallContext;
import dev.halley.InOut;
import dev.halley.connection.Login;

/**
 * A request that passed the checks, while the method decides on it: accepted once, or
 * closed. Kept in the request over an asynchronous dispatch.
 */
interface Attempt extends AutoCloseable {

	/**
	 * Puts what goes along with the handshake onto the current thread, which is about to
	 * call the method, or to accept what that has returned.
	 * @return takes it away again
	 */
	default CallContext.Scope enter() {
		return CallContext.Scope.NONE;
	}

	/**
	 * Returns what the method may know.
	 * @return the handshake
	 */
	Handshake handshake();

	/**
	 * Returns the login that the connection will end with.
	 * @return the login, or {@code null} if connections end with none
	 */
	@Nullable Login login();

	/**
	 * Answers a request that gets neither a connection nor a refusal, so that the method
	 * need not run.
	 * @param request the request
	 * @param response the response
	 * @return whether it was answered
	 * @throws IOException if the answer cannot be written
	 */
	default boolean answersAtOnce(HttpServletRequest request, HttpServletResponse response) throws IOException {
		return false;
	}

	/**
	 * Accepts: puts the pair onto the wire.
	 * @param pair the pair
	 * @param entity what the application adds to the response: headers, and to a stream a
	 * status
	 * @param request the request
	 * @param response the response
	 * @throws IOException if the answer cannot be written
	 */
	void accept(InOut<?, ?> pair, HttpEntity<?> entity, HttpServletRequest request, HttpServletResponse response)
			throws IOException;

	/**
	 * Whether a connection was made.
	 * @return whether the attempt was accepted
	 */
	boolean isAccepted();

	/**
	 * Gives back what was taken, unless the attempt was accepted.
	 */
	@Override
	void close();

}

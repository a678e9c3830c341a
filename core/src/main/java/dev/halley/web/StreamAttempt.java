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
import java.util.List;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpHeaders;

import dev.halley.InOut;
import dev.halley.codec.MessageCodecs;
import dev.halley.connection.Connection;
import dev.halley.connection.ConnectionInfo;
import dev.halley.connection.Login;
import dev.halley.connection.Reservation;
import dev.halley.stream.StreamingResponse;

/**
 * A request for a stream that passed the checks.
 */
final class StreamAttempt implements Attempt {

	private static final Handshake HANDSHAKE = new Handshake(null, List.of(), null);

	private final StreamEndpoint endpoint;

	private final Object controller;

	private final StreamFormats.Pending format;

	private final @Nullable Reservation reservation;

	private boolean accepted;

	/**
	 * Creates an attempt.
	 * @param reservation the place of the connection, or {@code null} if the request gets
	 * none, and no refusal either
	 */
	StreamAttempt(StreamEndpoint endpoint, Object controller, StreamFormats.Pending format,
			@Nullable Reservation reservation) {
		this.endpoint = endpoint;
		this.controller = controller;
		this.format = format;
		this.reservation = reservation;
	}

	@Override
	public Handshake handshake() {
		return HANDSHAKE;
	}

	@Override
	public @Nullable Login login() {
		return (this.reservation != null) ? this.reservation.login() : null;
	}

	@Override
	public boolean answersAtOnce(HttpServletRequest request, HttpServletResponse response) throws IOException {
		if (this.reservation != null) {
			return false;
		}
		this.endpoint.kind().answerAtOnce(HttpHeaders.EMPTY, request, response);
		return true;
	}

	@Override
	public void accept(InOut<?, ?> pair, HttpEntity<?> entity, HttpServletRequest request, HttpServletResponse response)
			throws IOException {
		Reservation place = this.reservation;
		if (place == null) {
			this.endpoint.kind().answerAtOnce(entity.getHeaders(), request, response);
			return;
		}
		StreamingResponse stream = new StreamingResponse((ready) -> this.format.complete(ready, entity.getHeaders()),
				this.endpoint.timeout(), this.endpoint.departures());
		this.accepted = this.endpoint.kind()
			.answer(() -> connection(pair, request, place), stream, entity, request, response);
	}

	/** The peer of a stream says nothing. */
	private Connection connection(InOut<?, ?> pair, HttpServletRequest request, Reservation place) {
		ConnectionInfo info = RequestInfo.describe(request, this.endpoint.transport(), this.endpoint.handler(), null,
				this.endpoint.registry());
		return new Connection(info, pair, MessageCodecs.NONE, this.endpoint.out(),
				this.endpoint.failures().apply(this.controller, info), this.endpoint.settings(),
				this.endpoint.registry(), place);
	}

	@Override
	public boolean isAccepted() {
		return this.accepted;
	}

	@Override
	public void close() {
		if (!this.accepted && this.reservation != null) {
			this.reservation.close();
		}
	}

}

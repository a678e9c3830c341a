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

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpEntity;

import dev.halley.InOut;
import dev.halley.connection.Connection;
import dev.halley.connection.ConnectionInfo;
import dev.halley.connection.Login;
import dev.halley.connection.Reservation;

/**
 * A WebSocket handshake that passed the checks.
 */
final class WebSocketAttempt implements Attempt {

	private final WebSocketEndpoint endpoint;

	private final Object controller;

	private final Handshake handshake;

	private final Reservation reservation;

	private boolean accepted;

	WebSocketAttempt(WebSocketEndpoint endpoint, Object controller, Handshake handshake, Reservation reservation) {
		this.endpoint = endpoint;
		this.controller = controller;
		this.handshake = handshake;
		this.reservation = reservation;
	}

	@Override
	public Handshake handshake() {
		return this.handshake;
	}

	@Override
	public @Nullable Login login() {
		return this.reservation.login();
	}

	@Override
	public void accept(InOut<?, ?> pair, HttpEntity<?> entity, HttpServletRequest request,
			HttpServletResponse response) {
		Connection connection = connection(pair, RequestInfo.describe(request, this.endpoint.transport(),
				this.endpoint.handler(), this.handshake.subprotocol(), this.endpoint.runtime().registry()));
		UpgradeHeaders.copy(entity.getHeaders(), response);
		this.endpoint.runtime().pairUpgradeStrategy().upgrade(request, response, connection);
		this.accepted = true;
		connection.expect();
	}

	private Connection connection(InOut<?, ?> pair, ConnectionInfo info) {
		return new Connection(info, pair, this.endpoint.in(), this.endpoint.out(),
				this.endpoint.failures().apply(this.controller, info), this.endpoint.settings(),
				this.endpoint.runtime().registry(), this.reservation);
	}

	@Override
	public boolean isAccepted() {
		return this.accepted;
	}

	@Override
	public void close() {
		if (!this.accepted) {
			this.reservation.close();
		}
	}

}

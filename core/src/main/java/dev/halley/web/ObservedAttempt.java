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
import java.util.concurrent.atomic.AtomicBoolean;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponse;

import dev.halley.CallContext;
import dev.halley.InOut;
import dev.halley.connection.ConnectionObserver;
import dev.halley.connection.ConnectionObserver.Outcome;
import dev.halley.connection.ConnectionObserver.Wire;
import dev.halley.connection.ConnectionTracer.HandshakeTrace;
import dev.halley.connection.Login;

/**
 * An attempt whose outcome is told, once.
 */
final class ObservedAttempt implements Attempt {

	private final Attempt attempt;

	private final ConnectionObserver observer;

	private final Wire wire;

	private final HandshakeTrace trace;

	private final AtomicBoolean told = new AtomicBoolean();

	private ObservedAttempt(Attempt attempt, ConnectionObserver observer, Wire wire, HandshakeTrace trace) {
		this.attempt = attempt;
		this.observer = observer;
		this.wire = wire;
		this.trace = trace;
	}

	/** Begins an attempt; one that is refused is told at once. */
	static Attempt begin(Endpoint endpoint, HttpServletRequest request, Object controller) throws Exception {
		ConnectionObserver observer = endpoint.registry().guardedObserver();
		Wire wire = new Wire(endpoint.transport(), RequestInfo.template(request));
		HandshakeTrace trace = endpoint.registry().tracer().handshake(wire);
		try (CallContext.Scope scope = trace.enter()) {
			return new ObservedAttempt(endpoint.begin(request, controller), observer, wire, trace);
		}
		catch (Throwable ex) {
			if (!(ex instanceof ErrorResponse)) {
				trace.failed(ex);
			}
			int status = statusOf(ex);
			trace.ended(Outcome.REFUSED, status);
			observer.handshake(wire, Outcome.REFUSED, status);
			throw ex;
		}
	}

	private static int statusOf(Throwable refusal) {
		return (refusal instanceof ErrorResponse answer) ? answer.getStatusCode().value()
				: HttpStatus.INTERNAL_SERVER_ERROR.value();
	}

	@Override
	public CallContext.Scope enter() {
		return this.trace.enter();
	}

	@Override
	public Handshake handshake() {
		return this.attempt.handshake();
	}

	@Override
	public @Nullable Login login() {
		return this.attempt.login();
	}

	@Override
	public boolean answersAtOnce(HttpServletRequest request, HttpServletResponse response) throws IOException {
		return this.attempt.answersAtOnce(request, response);
	}

	@Override
	public void accept(InOut<?, ?> pair, HttpEntity<?> entity, HttpServletRequest request, HttpServletResponse response)
			throws IOException {
		this.attempt.accept(pair, entity, request, response);
		if (isAccepted()) {
			tell(Outcome.ACCEPTED);
		}
	}

	@Override
	public boolean isAccepted() {
		return this.attempt.isAccepted();
	}

	@Override
	public void close() {
		this.attempt.close();
		tell(Outcome.DECLINED);
	}

	/** A request that is over may be closed again, long after it was accepted. */
	private void tell(Outcome outcome) {
		if (this.told.compareAndSet(false, true)) {
			this.trace.ended(outcome, 0);
			this.observer.handshake(this.wire, outcome, 0);
		}
	}

}

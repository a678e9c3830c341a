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

import java.util.List;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import org.springframework.web.socket.CloseStatus;

import dev.halley.codec.Payload;
import dev.halley.connection.Connection;
import dev.halley.connection.Transport;

/**
 * The wire of a pair on the engine.
 */
final class PairListener implements EngineListener, Transport {

	private final Connection connection;

	private final OffloadPolicy policy;

	private @Nullable EngineSession session;

	PairListener(Connection connection, OffloadPolicy policy) {
		this.connection = connection;
		this.policy = policy;
	}

	void attach(EngineSession session) {
		this.session = session;
	}

	private EngineSession session() {
		Assert.state(this.session != null, "The session is not attached yet");
		return this.session;
	}

	@Override
	public void opened() {
		this.connection.open(this);
	}

	@Override
	public void batchStarted() {
		this.connection.batchStarted();
	}

	@Override
	public void batchEnded() {
		this.connection.batchEnded();
	}

	@Override
	public void text(byte[] utf8) {
		this.connection.received(Payload.text(utf8));
	}

	@Override
	public void binary(byte[] bytes) {
		this.connection.received(Payload.binary(bytes));
	}

	@Override
	public void pong(byte[] data) {
		this.connection.pong();
	}

	@Override
	public void activity() {
		this.connection.activity();
	}

	@Override
	public void progress() {
		this.connection.progress();
	}

	@Override
	public void violated(CloseStatus status) {
		this.connection.close(status);
	}

	@Override
	public void closing(CloseStatus status) {
		this.connection.closing(status);
	}

	@Override
	public void closed(CloseStatus status) {
		this.connection.ended(status);
	}

	@Override
	public void send(List<Payload> batch, Runnable sent) {
		session().send(batch, sent);
	}

	@Override
	public void suspend() {
		session().suspend();
	}

	@Override
	public void resume() {
		session().resume();
	}

	@Override
	public boolean execute(Runnable handling) {
		return session().execute(handling);
	}

	@Override
	public void close(CloseStatus status) {
		session().close(status);
	}

	@Override
	public void abort(CloseStatus status) {
		session().abort();
	}

	@Override
	public @Nullable Executor workers() {
		return this.policy.workers();
	}

	@Override
	public boolean answersPings() {
		return true;
	}

	@Override
	public boolean outlivesOut() {
		return true;
	}

}

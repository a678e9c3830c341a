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

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import org.springframework.web.socket.CloseStatus;

/**
 * Writes down what a session tells, one line an event, and answers a violation by a
 * Close, as a listener must.
 */
final class RecordingListener implements EngineListener {

	private final List<String> events = new CopyOnWriteArrayList<>();

	private EngineSession session;

	private Consumer<String> onText = (text) -> {
	};

	private Runnable onBatchEnd = () -> {
	};

	private int batches;

	private int activities;

	private int progress;

	/** A session over a socket, without compression. */
	static RecordingListener over(EngineSocket socket) {
		return over(socket, 1 << 20, Compression.NONE);
	}

	static RecordingListener over(EngineSocket socket, int limit, Compression compression) {
		RecordingListener listener = new RecordingListener();
		listener.session = new EngineSession(socket, listener, limit, compression);
		return listener;
	}

	RecordingListener onText(Consumer<String> action) {
		this.onText = action;
		return this;
	}

	RecordingListener onBatchEnd(Runnable action) {
		this.onBatchEnd = action;
		return this;
	}

	EngineSession session() {
		return this.session;
	}

	List<String> events() {
		return this.events;
	}

	int batches() {
		return this.batches;
	}

	int activities() {
		return this.activities;
	}

	int progressCount() {
		return this.progress;
	}

	@Override
	public void opened() {
		this.events.add("opened");
	}

	@Override
	public void batchStarted() {
		this.batches++;
	}

	@Override
	public void batchEnded() {
		this.onBatchEnd.run();
	}

	@Override
	public void text(byte[] utf8) {
		String text = new String(utf8, StandardCharsets.UTF_8);
		this.events.add("text " + text);
		this.onText.accept(text);
	}

	@Override
	public void binary(byte[] bytes) {
		this.events.add("binary " + bytes.length);
	}

	@Override
	public void pong(byte[] data) {
		this.events.add("pong " + new String(data, StandardCharsets.UTF_8));
	}

	@Override
	public void activity() {
		this.activities++;
	}

	@Override
	public void progress() {
		this.progress++;
	}

	@Override
	public void violated(CloseStatus status) {
		this.events.add("violated " + status.getCode());
		this.session.close(status);
	}

	@Override
	public void closing(CloseStatus status) {
		this.events.add("closing " + status.getCode());
	}

	@Override
	public void closed(CloseStatus status) {
		this.events.add("closed " + status.getCode());
	}

}

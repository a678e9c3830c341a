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

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import org.springframework.web.socket.CloseStatus;

/**
 * A connection of the JDK's client.
 */
final class JdkClient extends TestClient implements WebSocket.Listener {

	private final StringBuilder text = new StringBuilder();

	private final ByteArrayOutputStream binary = new ByteArrayOutputStream();

	private final WebSocket socket;

	JdkClient(String url) {
		this.socket = HttpClient.newHttpClient()
			.newWebSocketBuilder()
			.buildAsync(URI.create(url), this)
			.orTimeout(60, TimeUnit.SECONDS)
			.join();
	}

	@Override
	void send(String message) {
		this.socket.sendText(message, true).orTimeout(1, TimeUnit.MINUTES).join();
	}

	@Override
	void send(byte[] message) {
		this.socket.sendBinary(ByteBuffer.wrap(message), true).orTimeout(1, TimeUnit.MINUTES).join();
	}

	@Override
	void send(String... fragments) {
		for (int i = 0; i < fragments.length; i++) {
			this.socket.sendText(fragments[i], i == fragments.length - 1).orTimeout(1, TimeUnit.MINUTES).join();
		}
	}

	@Override
	void ping(String payload) {
		this.socket.sendPing(StandardCharsets.UTF_8.encode(payload)).orTimeout(1, TimeUnit.MINUTES).join();
	}

	@Override
	void close(CloseStatus status) {
		this.socket.sendClose(status.getCode(), (status.getReason() != null) ? status.getReason() : "")
			.orTimeout(1, TimeUnit.MINUTES)
			.join();
	}

	@Override
	public void close() {
		this.socket.abort();
	}

	@Override
	public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
		this.text.append(data);
		if (last) {
			receive(this.text.toString());
			this.text.setLength(0);
		}
		webSocket.request(1);
		return null;
	}

	@Override
	public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
		this.binary.writeBytes(bytes(data));
		if (last) {
			receive(describe(this.binary.toByteArray()));
			this.binary.reset();
		}
		webSocket.request(1);
		return null;
	}

	@Override
	public CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
		receivePong(message);
		webSocket.request(1);
		return null;
	}

	@Override
	public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
		receive(describe(statusCode, reason));
		return null;
	}

	@Override
	public void onError(WebSocket webSocket, Throwable error) {
		receive(error.toString());
	}

}

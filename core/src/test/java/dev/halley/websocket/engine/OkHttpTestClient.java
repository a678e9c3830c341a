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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketHttpHeaders;

/**
 * A connection of OkHttp.
 */
final class OkHttpTestClient extends TestClient {

	private final CompletableFuture<Response> handshake = new CompletableFuture<>();

	private final OkHttpClient http;

	private final WebSocket socket;

	OkHttpTestClient(String url, long leastCompressed) throws Exception {
		this.http = new OkHttpClient.Builder().minWebSocketMessageToCompress(leastCompressed).build();
		this.socket = this.http.newWebSocket(new Request.Builder().url(url).build(), new Listener());
		Response response = this.handshake.get(60, TimeUnit.SECONDS);
		opened(response.header(WebSocketHttpHeaders.SEC_WEBSOCKET_EXTENSIONS, ""));
	}

	@Override
	void send(String message) {
		this.socket.send(message);
	}

	@Override
	void send(byte[] message) {
		this.socket.send(ByteString.of(message));
	}

	@Override
	void close(CloseStatus status) {
		this.socket.close(status.getCode(), status.getReason());
	}

	@Override
	public void close() {
		this.socket.cancel();
		this.http.dispatcher().executorService().shutdown();
	}

	private final class Listener extends WebSocketListener {

		@Override
		public void onOpen(WebSocket webSocket, Response response) {
			OkHttpTestClient.this.handshake.complete(response);
		}

		@Override
		public void onMessage(WebSocket webSocket, String text) {
			receive(text);
		}

		@Override
		public void onMessage(WebSocket webSocket, ByteString bytes) {
			receive(describe(bytes.toByteArray()));
		}

		@Override
		public void onClosing(WebSocket webSocket, int code, String reason) {
			webSocket.close(code, null);
		}

		@Override
		public void onClosed(WebSocket webSocket, int code, String reason) {
			receive(describe(code, reason));
		}

		@Override
		public void onFailure(WebSocket webSocket, Throwable failure, Response response) {
			OkHttpTestClient.this.handshake.completeExceptionally(failure);
			receive(failure.toString());
		}

	}

}

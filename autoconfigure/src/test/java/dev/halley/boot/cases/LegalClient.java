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

package dev.halley.boot.cases;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A client that keeps to the rules: the JDK's.
 */
final class LegalClient implements WebSocket.Listener {

	private static final HttpClient CLIENT = HttpClient.newHttpClient();

	private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

	private final StringBuilder text = new StringBuilder();

	private final WebSocket socket;

	LegalClient(int port, String path, String... subprotocols) {
		WebSocket.Builder builder = CLIENT.newWebSocketBuilder();
		if (subprotocols.length > 0) {
			builder.subprotocols(subprotocols[0], Arrays.copyOfRange(subprotocols, 1, subprotocols.length));
		}
		this.socket = builder.buildAsync(URI.create("ws://localhost:" + port + path), this)
			.orTimeout(CaseTests.PATIENCE_SECONDS, TimeUnit.SECONDS)
			.join();
	}

	@Override
	public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
		this.text.append(data);
		if (last) {
			this.received.add("text " + this.text);
			this.text.setLength(0);
		}
		webSocket.request(1);
		return null;
	}

	@Override
	public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
		this.received.add(("close " + statusCode + " " + reason).stripTrailing());
		return null;
	}

	@Override
	public void onError(WebSocket webSocket, Throwable error) {
		this.received.add("error " + error);
	}

	String subprotocol() {
		return this.socket.getSubprotocol();
	}

	LegalClient say(String text) {
		this.socket.sendText(text, true).join();
		return this;
	}

	LegalClient close(int code) {
		this.socket.sendClose(code, "").join();
		return this;
	}

	/** Waits for the next message, or the close status. */
	String next() throws InterruptedException {
		return this.received.poll(CaseTests.PATIENCE_SECONDS, TimeUnit.SECONDS);
	}

	boolean hasNothingMore() {
		return this.received.isEmpty();
	}

}

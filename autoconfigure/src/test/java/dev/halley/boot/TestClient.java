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

package dev.halley.boot;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

/**
 * A WebSocket of the JDK's client, with what comes in as lines.
 */
final class TestClient implements WebSocket.Listener {

	private static final HttpClient HTTP = HttpClient.newHttpClient();

	private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

	private final StringBuilder parts = new StringBuilder();

	private @Nullable WebSocket socket;

	/**
	 * Connects.
	 * @param uri where to
	 * @param headers names and values in turn
	 * @throws CompletionException if the handshake is refused
	 */
	static TestClient connect(String uri, String... headers) {
		return connect(HTTP, uri, headers);
	}

	static TestClient connect(SSLContext ssl, String uri, String... headers) {
		return connect(HttpClient.newBuilder().sslContext(ssl).build(), uri, headers);
	}

	private static TestClient connect(HttpClient http, String uri, String... headers) {
		TestClient client = new TestClient();
		WebSocket.Builder builder = http.newWebSocketBuilder();
		for (int i = 0; i < headers.length; i += 2) {
			if (headers[i].equals("Sec-WebSocket-Protocol")) {
				String[] all = headers[i + 1].split(", ");
				builder.subprotocols(all[0], Arrays.copyOfRange(all, 1, all.length));
			}
			else {
				builder.header(headers[i], headers[i + 1]);
			}
		}
		client.socket = builder.buildAsync(URI.create(uri), client).orTimeout(30, TimeUnit.SECONDS).join();
		return client;
	}

	/**
	 * Tells how a handshake is refused.
	 * @return the status of the answer, or 101 if it is not refused
	 */
	static int refusal(String uri, String... headers) {
		try {
			connect(uri, headers).abort();
			return 101;
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof WebSocketHandshakeException refused) {
				return refused.getResponse().statusCode();
			}
			throw ex;
		}
	}

	@Override
	public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
		this.parts.append(data);
		if (last) {
			this.events.add(this.parts.toString());
			this.parts.setLength(0);
		}
		webSocket.request(1);
		return null;
	}

	@Override
	public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
		this.events.add(data.remaining() + " bytes");
		webSocket.request(1);
		return null;
	}

	@Override
	public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
		this.events.add(("closed " + statusCode + " " + reason).strip());
		return null;
	}

	@Override
	public void onError(WebSocket webSocket, Throwable error) {
		this.events.add("failed " + error);
	}

	TestClient send(String text) {
		socket().sendText(text, true).orTimeout(30, TimeUnit.SECONDS).join();
		return this;
	}

	TestClient send(byte[] bytes) {
		socket().sendBinary(ByteBuffer.wrap(bytes), true).orTimeout(30, TimeUnit.SECONDS).join();
		return this;
	}

	TestClient close() {
		return close(WebSocket.NORMAL_CLOSURE);
	}

	TestClient close(int status) {
		socket().sendClose(status, "").orTimeout(30, TimeUnit.SECONDS).join();
		return this;
	}

	void abort() {
		socket().abort();
	}

	/** The next text, size of bytes, end or failure. */
	String next() throws InterruptedException {
		String event = this.events.poll(30, TimeUnit.SECONDS);
		if (event == null) {
			throw new AssertionError("Nothing came in within 30 s");
		}
		return event;
	}

	private WebSocket socket() {
		WebSocket socket = this.socket;
		if (socket == null) {
			throw new IllegalStateException("Not connected");
		}
		return socket;
	}

}

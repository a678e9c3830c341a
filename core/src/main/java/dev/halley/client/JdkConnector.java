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

package dev.halley.client;

import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;

/**
 * WebSockets of the JDK's client.
 */
final class JdkConnector implements WebSocketConnector {

	private final HttpClient client;

	JdkConnector(HttpClient client) {
		this.client = client;
	}

	@Override
	public CompletionStage<?> connect(WebSocketHandshake handshake, Acceptance acceptance) {
		if (handshake.compressed()) {
			return CompletableFuture.failedStage(new IllegalStateException(
					"compression: the JDK's client has none (expected: HalleyClient.builder().connector(WebSocketConnector.spring(new StandardWebSocketClient())))"));
		}
		JdkTransport transport = new JdkTransport(acceptance);
		return builder(handshake).buildAsync(handshake.uri(), transport).handle((socket, failure) -> {
			if (failure != null) {
				throw asRefusal(handshake, failure);
			}
			return socket;
		});
	}

	private WebSocket.Builder builder(WebSocketHandshake handshake) {
		WebSocket.Builder builder = this.client.newWebSocketBuilder().connectTimeout(handshake.timeout());
		handshake.headers().forEach((name, values) -> values.forEach((value) -> builder.header(name, value)));
		List<String> subprotocols = handshake.subprotocols();
		if (!subprotocols.isEmpty()) {
			builder.subprotocols(subprotocols.get(0),
					subprotocols.subList(1, subprotocols.size()).toArray(String[]::new));
		}
		return builder;
	}

	private static RuntimeException asRefusal(WebSocketHandshake handshake, Throwable thrown) {
		Throwable failure = unwrap(thrown);
		if (failure instanceof IllegalArgumentException illegal) {
			return illegal;
		}
		if (failure instanceof WebSocketHandshakeException refused) {
			HttpHeaders headers = new HttpHeaders();
			refused.getResponse().headers().map().forEach(headers::addAll);
			int status = refused.getResponse().statusCode();
			return new ConnectFailedException(
					ClientRequest.name(handshake.uri()) + ": " + status + " (expected: 101, a WebSocket)",
					HttpStatusCode.valueOf(status), headers, failure);
		}
		return new ConnectFailedException(ClientRequest.name(handshake.uri()) + ": " + failure, failure);
	}

	static Throwable unwrap(Throwable thrown) {
		@Nullable Throwable cause = thrown.getCause();
		return (thrown instanceof CompletionException && cause != null) ? unwrap(cause) : thrown;
	}

}

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

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.WebSocketHttpHeaders;
import org.springframework.web.socket.client.WebSocketClient;

/**
 * WebSockets of a client of Spring.
 */
final class SpringConnector implements WebSocketConnector {

	/** How Tomcat's and Jetty's exceptions name the status of a refusal: no address. */
	private static final Pattern STATUS = Pattern
		.compile("\\[([1-5]\\d\\d)]|(?:status(?: code)?[: ]+|: |^)([1-5]\\d\\d)\\b(?![.:\\]])");

	private final WebSocketClient client;

	SpringConnector(WebSocketClient client) {
		this.client = client;
	}

	@Override
	public CompletionStage<?> connect(WebSocketHandshake handshake, Acceptance acceptance) {
		WebSocketHttpHeaders headers = new WebSocketHttpHeaders();
		handshake.headers().forEach(headers::addAll);
		if (!handshake.subprotocols().isEmpty()) {
			headers.setSecWebSocketProtocol(handshake.subprotocols());
		}
		if (handshake.compressed()) {
			headers.setSecWebSocketExtensions(
					WebSocketExtension.parseExtensions("permessage-deflate; client_max_window_bits"));
		}
		// Some wait for the server on the thread that asks
		return CompletableFuture.completedFuture(headers)
			.thenComposeAsync((all) -> this.client.execute(new ClientSocketHandler(acceptance), all, handshake.uri()),
					acceptance.executor())
			.handle((session, failure) -> {
				if (failure != null) {
					throw asRefusal(handshake, failure);
				}
				return session;
			});
	}

	private static RuntimeException asRefusal(WebSocketHandshake handshake, Throwable thrown) {
		Throwable failure = JdkConnector.unwrap(thrown);
		if (failure instanceof IllegalArgumentException illegal) {
			return illegal;
		}
		HttpStatusCode status = status(failure);
		Throwable cause = withoutAddress(failure, handshake.uri());
		Object reason = (cause != null) ? cause : failure.getClass().getName();
		return new ConnectFailedException(
				ClientRequest.name(handshake.uri()) + ": "
						+ ((status != null) ? status.value() + " (expected: 101, a WebSocket)" : reason),
				status, HttpHeaders.EMPTY, cause);
	}

	/**
	 * Skips those that tell the whole address, as Tomcat's do: its query may hold a
	 * token.
	 */
	private static @Nullable Throwable withoutAddress(Throwable failure, URI uri) {
		String name = ClientRequest.name(uri);
		@Nullable Throwable cause = failure;
		while (cause != null && !name.equals(uri.toString()) && cause.toString().contains(uri.toString())) {
			cause = cause.getCause();
		}
		return cause;
	}

	/** What the network says is none of the server, and may be about addresses. */
	private static @Nullable HttpStatusCode status(Throwable failure) {
		@Nullable Throwable cause = failure;
		while (cause != null) {
			Matcher matcher = STATUS.matcher(String.valueOf(cause.getMessage()));
			if (!(cause instanceof CompletionException || cause instanceof IOException) && matcher.find()) {
				String status = (matcher.group(1) != null) ? matcher.group(1) : matcher.group(2);
				return HttpStatusCode.valueOf(Integer.parseInt(status));
			}
			cause = cause.getCause();
		}
		return null;
	}

}

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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

import jakarta.websocket.ClientEndpointConfig;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Extension;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import jakarta.websocket.WebSocketContainer;
import org.apache.tomcat.websocket.Constants;
import org.apache.tomcat.websocket.WsWebSocketContainer;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.ee11.websocket.jakarta.client.JakartaWebSocketClientContainer;
import org.glassfish.tyrus.client.ClientManager;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.adapter.standard.WebSocketToStandardExtensionAdapter;

/**
 * A connection of a client with Jakarta's API.
 */
final class JakartaClient extends TestClient {

	static final Extension DEFLATE = new WebSocketToStandardExtensionAdapter(
			new WebSocketExtension("permessage-deflate"));

	private static final int MAX_MESSAGE = 4 << 20;

	/** For the handshake. */
	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private final Session session;

	private final End end;

	private JakartaClient(WebSocketContainer container, End end, String url, Extension... extensions) throws Exception {
		this.end = end;
		container.setDefaultMaxTextMessageBufferSize(MAX_MESSAGE);
		container.setDefaultMaxBinaryMessageBufferSize(MAX_MESSAGE);
		ClientEndpointConfig config = ClientEndpointConfig.Builder.create().extensions(List.of(extensions)).build();
		// Tomcat's
		config.getUserProperties().put(Constants.IO_TIMEOUT_MS_PROPERTY, String.valueOf(PATIENCE.toMillis()));
		this.session = container.connectToServer(new Listener(), config, URI.create(url));
	}

	static TestClient jetty(String url, Extension... extensions) throws Exception {
		HttpClient http = new HttpClient();
		http.setConnectTimeout(PATIENCE.toMillis());
		JakartaWebSocketClientContainer jetty = new JakartaWebSocketClientContainer(http);
		jetty.start();
		return new JakartaClient(jetty, jetty::stop, url, extensions);
	}

	static TestClient tomcat(String url, Extension... extensions) throws Exception {
		WsWebSocketContainer tomcat = new WsWebSocketContainer();
		return new JakartaClient(tomcat, tomcat::destroy, url, extensions);
	}

	static TestClient tyrus(String url, Extension... extensions) throws Exception {
		ClientManager tyrus = ClientManager.createClient();
		tyrus.getProperties().put("org.glassfish.tyrus.incomingBufferSize", MAX_MESSAGE);
		return new JakartaClient(tyrus, tyrus::shutdown, url, extensions);
	}

	@Override
	void send(String message) {
		unchecked(() -> this.session.getBasicRemote().sendText(message));
	}

	@Override
	void send(byte[] message) {
		unchecked(() -> this.session.getBasicRemote().sendBinary(ByteBuffer.wrap(message)));
	}

	@Override
	void send(String... fragments) {
		for (int i = 0; i < fragments.length; i++) {
			String fragment = fragments[i];
			boolean last = i == fragments.length - 1;
			unchecked(() -> this.session.getBasicRemote().sendText(fragment, last));
		}
	}

	@Override
	void ping(String payload) {
		unchecked(() -> this.session.getBasicRemote().sendPing(StandardCharsets.UTF_8.encode(payload)));
	}

	@Override
	void close(CloseStatus status) {
		unchecked(() -> this.session
			.close(new CloseReason(CloseReason.CloseCodes.getCloseCode(status.getCode()), status.getReason())));
	}

	@Override
	public void close() {
		try {
			this.session.close();
			this.end.run();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void unchecked(Io io) {
		try {
			io.run();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private interface Io {

		void run() throws IOException;

	}

	private interface End {

		void run() throws Exception;

	}

	private final class Listener extends Endpoint {

		@Override
		public void onOpen(Session opened, EndpointConfig config) {
			opened(opened.getNegotiatedExtensions().stream().map(Extension::getName).collect(Collectors.joining(",")));
			opened.addMessageHandler(String.class, (MessageHandler.Whole<String>) JakartaClient.this::receive);
			opened.addMessageHandler(byte[].class, (MessageHandler.Whole<byte[]>) (bytes) -> receive(describe(bytes)));
			opened.addMessageHandler(PongMessage.class,
					(MessageHandler.Whole<PongMessage>) (pong) -> receivePong(pong.getApplicationData()));
		}

		@Override
		public void onClose(Session closed, CloseReason reason) {
			receive(describe(reason.getCloseCode().getCode(), reason.getReasonPhrase()));
		}

	}

}

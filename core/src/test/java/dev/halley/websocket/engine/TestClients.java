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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import jakarta.websocket.ClientEndpointConfig;
import jakarta.websocket.CloseReason;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Extension;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import jakarta.websocket.WebSocketContainer;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.apache.tomcat.websocket.WsWebSocketContainer;
import org.eclipse.jetty.ee11.websocket.jakarta.client.JakartaWebSocketClientContainer;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.adapter.standard.WebSocketToStandardExtensionAdapter;

/**
 * The clients that exist for Java, alike for the tests.
 */
enum TestClients {

	JDK, OKHTTP, OKHTTP_PLAIN, JETTY, TOMCAT_DEFLATE;

	/** Connects; what the server sends ends up in the client's queue. */
	Client connect(String url) throws Exception {
		return switch (this) {
			case JDK -> jdk(url);
			case OKHTTP -> okhttp(url, 0);
			case OKHTTP_PLAIN -> okhttp(url, Long.MAX_VALUE);
			case JETTY -> jakarta(jetty(), url, List.of());
			case TOMCAT_DEFLATE -> jakarta(new WsWebSocketContainer(), url, List.of(deflate()));
		};
	}

	private static WebSocketContainer jetty() throws Exception {
		JakartaWebSocketClientContainer jetty = new JakartaWebSocketClientContainer();
		jetty.start();
		return jetty;
	}

	private static Extension deflate() {
		return new WebSocketToStandardExtensionAdapter(new WebSocketExtension("permessage-deflate"));
	}

	private static Client jdk(String url) {
		Client client = new Client();
		WebSocket socket = HttpClient.newHttpClient()
			.newWebSocketBuilder()
			.buildAsync(URI.create(url), new JdkListener(client))
			.orTimeout(20, TimeUnit.SECONDS)
			.join();
		client.text = (message) -> socket.sendText(message, true).join();
		client.binary = (message) -> socket.sendBinary(ByteBuffer.wrap(message), true).join();
		client.close = () -> socket.sendClose(1000, "").join();
		return client;
	}

	private static Client okhttp(String url, long leastCompressed) {
		Client client = new Client();
		OkHttpClient http = new OkHttpClient.Builder().minWebSocketMessageToCompress(leastCompressed).build();
		okhttp3.WebSocket socket = http.newWebSocket(new Request.Builder().url(url).build(), new WebSocketListener() {

			@Override
			public void onMessage(okhttp3.WebSocket webSocket, String text) {
				client.received.add(text);
			}

			@Override
			public void onMessage(okhttp3.WebSocket webSocket, ByteString bytes) {
				client.received.add(bytes.size() + " bytes");
			}

			@Override
			public void onClosing(okhttp3.WebSocket webSocket, int code, String reason) {
				webSocket.close(code, null);
			}

			@Override
			public void onClosed(okhttp3.WebSocket webSocket, int code, String reason) {
				client.received.add("close " + code);
			}

			@Override
			public void onFailure(okhttp3.WebSocket webSocket, Throwable failure, Response response) {
				client.received.add(failure.toString());
			}

		});
		client.text = socket::send;
		client.binary = (message) -> socket.send(ByteString.of(message));
		client.close = () -> socket.close(1000, null);
		client.end = () -> http.dispatcher().executorService().shutdown();
		return client;
	}

	private static Client jakarta(WebSocketContainer container, String url, List<Extension> extensions)
			throws IOException, DeploymentException {
		Client client = new Client();
		container.setDefaultMaxTextMessageBufferSize(1 << 20);
		container.setDefaultMaxBinaryMessageBufferSize(1 << 20);
		ClientEndpointConfig config = ClientEndpointConfig.Builder.create().extensions(extensions).build();
		Session session = container.connectToServer(new Endpoint() {

			@Override
			public void onOpen(Session session, EndpointConfig endpointConfig) {
				client.extensions = session.getNegotiatedExtensions().stream().map(Extension::getName).toList();
				session.addMessageHandler(String.class, (MessageHandler.Whole<String>) client.received::add);
				session.addMessageHandler(byte[].class,
						(MessageHandler.Whole<byte[]>) (bytes) -> client.received.add(bytes.length + " bytes"));
			}

			@Override
			public void onClose(Session session, CloseReason reason) {
				client.received.add("close " + reason.getCloseCode().getCode());
			}

		}, config, URI.create(url));
		client.text = (message) -> unchecked(() -> session.getBasicRemote().sendText(message));
		client.binary = (message) -> unchecked(() -> session.getBasicRemote().sendBinary(ByteBuffer.wrap(message)));
		client.close = () -> unchecked(session::close);
		client.end = (container instanceof JakartaWebSocketClientContainer jetty) ? () -> {
			try {
				jetty.stop();
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		} : ((WsWebSocketContainer) container)::destroy;
		return client;
	}

	private static void unchecked(Io io) {
		try {
			io.run();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private interface Io {

		void run() throws IOException;

	}

	private static final class JdkListener implements WebSocket.Listener {

		private final Client client;

		private final StringBuilder text = new StringBuilder();

		private int size;

		JdkListener(Client client) {
			this.client = client;
		}

		@Override
		public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
			this.text.append(data);
			if (last) {
				this.client.received.add(this.text.toString());
				this.text.setLength(0);
			}
			webSocket.request(1);
			return null;
		}

		@Override
		public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
			this.size += data.remaining();
			if (last) {
				this.client.received.add(this.size + " bytes");
				this.size = 0;
			}
			webSocket.request(1);
			return null;
		}

		@Override
		public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
			this.client.received.add("close " + statusCode);
			return null;
		}

	}

	static final class Client implements AutoCloseable {

		private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

		private volatile List<String> extensions = List.of();

		private Consumer<String> text;

		private Consumer<byte[]> binary;

		private Runnable close;

		private Runnable end = () -> {
		};

		List<String> extensions() {
			return this.extensions;
		}

		void send(String message) {
			this.text.accept(message);
		}

		void send(byte[] message) {
			this.binary.accept(message);
		}

		String next() throws InterruptedException {
			return this.received.poll(20, TimeUnit.SECONDS);
		}

		void sayGoodbye() {
			this.close.run();
		}

		@Override
		public void close() {
			this.end.run();
		}

	}

}

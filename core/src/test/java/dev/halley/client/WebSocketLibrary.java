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

import java.net.URI;
import java.util.concurrent.CompletableFuture;

import jakarta.websocket.WebSocketContainer;
import org.apache.tomcat.websocket.WsWebSocketContainer;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.ee11.websocket.jakarta.client.JakartaWebSocketClientContainer;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketHttpHeaders;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.client.WebSocketClient;
import org.springframework.web.socket.client.standard.StandardWebSocketClient;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;
import org.springframework.web.socket.handler.WebSocketSessionDecorator;

/**
 * What WebSockets are opened by.
 */
enum WebSocketLibrary {

	JDK {
		@Override
		HalleyClient.Builder addTo(HalleyClient.Builder builder) {
			return builder;
		}
	},

	TOMCAT {
		@Override
		HalleyClient.Builder addTo(HalleyClient.Builder builder) {
			return builder.connector(WebSocketConnector.spring(tomcat()));
		}
	},

	/** By its container for Jakarta's API: Spring has no other way to it. */
	JETTY {
		@Override
		HalleyClient.Builder addTo(HalleyClient.Builder builder) {
			return builder.connector(WebSocketConnector.spring(new StandardWebSocketClient(Jetty.CONTAINER)));
		}
	},

	/** Whose sessions are no more than Spring's. */
	SPRING {
		@Override
		HalleyClient.Builder addTo(HalleyClient.Builder builder) {
			return builder.connector(WebSocketConnector.spring(new DecoratingClient(tomcat())));
		}
	};

	abstract HalleyClient.Builder addTo(HalleyClient.Builder builder);

	private static WebSocketClient tomcat() {
		return new StandardWebSocketClient(new WsWebSocketContainer());
	}

	/**
	 * Starts Jetty's client with the first that needs it. Its threads are daemons.
	 */
	private static final class Jetty {

		static final WebSocketContainer CONTAINER = start();

		private Jetty() {
		}

		private static WebSocketContainer start() {
			try {
				QueuedThreadPool threads = new QueuedThreadPool();
				threads.setDaemon(true);
				HttpClient http = new HttpClient();
				http.setExecutor(threads);
				JakartaWebSocketClientContainer container = new JakartaWebSocketClientContainer(http);
				container.start();
				return container;
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	/**
	 * Hides what its sessions are.
	 */
	private record DecoratingClient(WebSocketClient client) implements WebSocketClient {

		@Override
		public CompletableFuture<WebSocketSession> execute(WebSocketHandler handler, String uriTemplate,
				Object... variables) {
			return this.client.execute(new Decorator(handler), uriTemplate, variables);
		}

		@Override
		public CompletableFuture<WebSocketSession> execute(WebSocketHandler handler, WebSocketHttpHeaders headers,
				URI uri) {
			return this.client.execute(new Decorator(handler), headers, uri);
		}

	}

	/**
	 * Hides the session.
	 */
	private static final class Decorator extends WebSocketHandlerDecorator {

		private volatile WebSocketSessionDecorator session;

		Decorator(WebSocketHandler handler) {
			super(handler);
		}

		@Override
		public void afterConnectionEstablished(WebSocketSession session) throws Exception {
			this.session = new WebSocketSessionDecorator(session);
			super.afterConnectionEstablished(this.session);
		}

	}

}

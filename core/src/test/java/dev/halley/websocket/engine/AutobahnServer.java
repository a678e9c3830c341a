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

import java.util.concurrent.CountDownLatch;

import org.apache.catalina.webresources.TomcatURLStreamHandlerFactory;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;
import reactor.core.publisher.Flux;

import dev.halley.InOut;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.connection.ConnectionSettings;

/**
 * Echoes on the path {@code /}, for Autobahn's suite, which gives the port.
 */
final class AutobahnServer {

	/** Group 9 sends messages of 16 MB. */
	private static final int MESSAGE = 17 * 1024 * 1024;

	private AutobahnServer() {
	}

	/**
	 * Serves until the thread is interrupted. Both engines' servers run in one JVM, with
	 * class loaders of their own; a JVM takes the factory only once.
	 */
	static void serve(Engine engine, int port) {
		TomcatURLStreamHandlerFactory.disable();
		EngineOptions options = new EngineOptions(ConnectionSettings.DEFAULT, true, 0);
		EngineServer.Builder builder = EngineServer.on(engine)
			.port(port)
			.options(options)
			.settings(ConnectionSettings.DEFAULT.withMaxMessageSize(MESSAGE));
		try (EngineServer server = builder.start(Echo.class)) {
			new CountDownLatch(1).await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Controller
	static class Echo {

		@WebSocketMapping(path = "/")
		InOut<WebSocketMessage<?>, WebSocketMessage<?>> echo() {
			return InOut.flow((messages) -> Flux.from(messages)
				.filter((message) -> message instanceof TextMessage || message instanceof BinaryMessage));
		}

	}

	/** On Halley's engine. */
	public static final class Native {

		private Native() {
		}

		/**
		 * Serves.
		 * @param arguments the port
		 */
		public static void main(String[] arguments) {
			serve(Engine.NATIVE, Integer.parseInt(arguments[0]));
		}

	}

	/** On Tomcat's WebSocket. */
	public static final class Container {

		private Container() {
		}

		/**
		 * Serves.
		 * @param arguments the port
		 */
		public static void main(String[] arguments) {
			serve(Engine.CONTAINER, Integer.parseInt(arguments[0]));
		}

	}

}

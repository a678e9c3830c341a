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
import java.nio.charset.StandardCharsets;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;
import org.springframework.web.socket.server.RequestUpgradeStrategy;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

/**
 * Pings each client once, and tells it what its pong had in it. Pairs hear of no pongs.
 */
final class PingingHandler extends AbstractWebSocketHandler {

	static final String PAYLOAD = "are you there? ✓";

	@Override
	public void afterConnectionEstablished(WebSocketSession session) throws IOException {
		session.sendMessage(new PingMessage(StandardCharsets.UTF_8.encode(PAYLOAD)));
	}

	@Override
	protected void handlePongMessage(WebSocketSession session, PongMessage message) throws IOException {
		session.sendMessage(new TextMessage(StandardCharsets.UTF_8.decode(message.getPayload())));
	}

	@Configuration(proxyBeanMethods = false)
	static class Configured {

		@Bean("/pings")
		WebSocketHttpRequestHandler pings(RequestUpgradeStrategy strategy) {
			return new WebSocketHttpRequestHandler(new PingingHandler(), new DefaultHandshakeHandler(strategy));
		}

	}

}

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

package dev.halley.pages;

import java.security.Principal;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.handler.TextWebSocketHandler;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.web.WebSocketRuntime;

/**
 * What docs/engine.md shows.
 */
final class EnginePage {

	private EnginePage() {
	}

	/**
	 * Has connections that are not compressed.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Uncompressed {

		@Bean
		FilterRegistrationBean<Filter> uncompressed() {
			FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>((request, response,
					chain) -> chain.doFilter(new WithoutExtensions((HttpServletRequest) request), response));
			registration.addUrlPatterns("/accounts/*");
			registration.setAsyncSupported(true);
			return registration;
		}

		static class WithoutExtensions extends HttpServletRequestWrapper {

			WithoutExtensions(HttpServletRequest request) {
				super(request);
			}

			@Override
			public String getHeader(String name) {
				return name.equalsIgnoreCase("Sec-WebSocket-Extensions") ? null : super.getHeader(name);
			}

			@Override
			public Enumeration<String> getHeaders(String name) {
				return name.equalsIgnoreCase("Sec-WebSocket-Extensions") ? Collections.emptyEnumeration()
						: super.getHeaders(name);
			}

		}

	}

	/**
	 * Knows who the user is.
	 */
	@Configuration
	@EnableWebSocket
	static class GuestSockets implements WebSocketConfigurer {

		private final WebSocketRuntime runtime;

		GuestSockets(WebSocketRuntime runtime) {
			this.runtime = runtime;
		}

		@Override
		public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
			registry.addHandler(new MyHandler(), "/mine")
				.setHandshakeHandler(new DefaultHandshakeHandler(this.runtime.upgradeStrategy()) {

					@Override
					protected Principal determineUser(ServerHttpRequest request, WebSocketHandler handler,
							Map<String, Object> attributes) {
						return new Guest();
					}

				});
		}

	}

	/**
	 * Tells who is there.
	 */
	static class MyHandler extends TextWebSocketHandler {

		@Override
		protected void handleTextMessage(WebSocketSession session, TextMessage message) throws Exception {
			Principal user = session.getPrincipal();
			session.sendMessage(
					new TextMessage(((user != null) ? user.getName() : "nobody") + ": " + message.getPayload()));
		}

	}

	/**
	 * Anybody.
	 */
	static class Guest implements Principal {

		@Override
		public String getName() {
			return "guest";
		}

	}

	/**
	 * Two connections, of which one is not compressed.
	 */
	@Controller
	static class AccountsController {

		@WebSocketMapping({ "/accounts/1", "/others/1" })
		InOut<String, String> greet() {
			return InOut.of(In.ignore(), Out.of("Hello!"));
		}

	}

}

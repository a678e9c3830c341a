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

package dev.halley.web;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.util.Assert;
import org.springframework.web.socket.WebSocketHttpHeaders;

import dev.halley.websocket.HandshakeRules;

/**
 * Takes a token that comes as a subprotocol of a WebSocket handshake, since browsers can
 * send no headers: {@code new WebSocket(url, ["chat", "bearer.<token>"])}. Whoever comes
 * after this filter finds it as {@code Authorization: Bearer}, and not among the
 * subprotocols, so that it is neither chosen nor answered. Other requests pass as they
 * are. A request that has an {@code Authorization} keeps it. More than one token is
 * answered with 400.
 * <p>
 * To be put before the filters of Spring Security.
 *
 * @since 0.1
 */
public final class TokenSubprotocolFilter implements Filter {

	private final String prefix;

	/**
	 * Creates a filter.
	 * @param prefix what such subprotocols begin with, before the token; case matters
	 * @throws IllegalArgumentException if no subprotocol could begin with it
	 */
	public TokenSubprotocolFilter(String prefix) {
		Assert.isTrue(HandshakeRules.isToken(prefix),
				() -> "prefix: '" + prefix + "' (expected: letters, digits and any of !#$%&'*+-.^_`|~)");
		this.prefix = prefix;
	}

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		if (request instanceof HttpServletRequest http && response instanceof HttpServletResponse answer
				&& Upgrades.isAskedForBy(http) && Upgrades.isComplete(http)) {
			filter(http, answer, chain);
		}
		else {
			chain.doFilter(request, response);
		}
	}

	private void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		List<String> others = Tokens.elements(request.getHeaders(WebSocketHttpHeaders.SEC_WEBSOCKET_PROTOCOL));
		Set<String> tokens = new LinkedHashSet<>(others);
		tokens.removeIf((element) -> !element.startsWith(this.prefix));
		others.removeAll(tokens);
		if (tokens.isEmpty()) {
			chain.doFilter(request, response);
		}
		else if (tokens.size() > 1) {
			// An error page may be one that asks for a login
			response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
		}
		else {
			String token = tokens.iterator().next().substring(this.prefix.length());
			chain.doFilter(new TokenRequest(request, token, others), response);
		}
	}

	private static final class TokenRequest extends HttpServletRequestWrapper {

		private final List<String> subprotocols;

		private final List<String> authorization;

		TokenRequest(HttpServletRequest request, String token, List<String> subprotocols) {
			super(request);
			this.subprotocols = subprotocols.isEmpty() ? List.of() : List.of(String.join(", ", subprotocols));
			List<String> given = Collections.list(request.getHeaders(HttpHeaders.AUTHORIZATION));
			this.authorization = given.isEmpty() ? List.of("Bearer " + token) : given;
		}

		private @Nullable List<String> own(String name) {
			return switch (name.toLowerCase(Locale.ROOT)) {
				case "authorization" -> this.authorization;
				case "sec-websocket-protocol" -> this.subprotocols;
				default -> null;
			};
		}

		@Override
		public @Nullable String getHeader(String name) {
			List<String> own = own(name);
			if (own == null) {
				return super.getHeader(name);
			}
			return own.isEmpty() ? null : own.get(0);
		}

		@Override
		public Enumeration<String> getHeaders(String name) {
			List<String> own = own(name);
			return (own != null) ? Collections.enumeration(own) : super.getHeaders(name);
		}

		@Override
		public Enumeration<String> getHeaderNames() {
			Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
			names.addAll(Collections.list(super.getHeaderNames()));
			names.add(HttpHeaders.AUTHORIZATION);
			if (this.subprotocols.isEmpty()) {
				names.remove(WebSocketHttpHeaders.SEC_WEBSOCKET_PROTOCOL);
			}
			return Collections.enumeration(new ArrayList<>(names));
		}

	}

}

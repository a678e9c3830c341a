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
import java.security.Principal;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpUpgradeHandler;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.util.Assert;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketHttpHeaders;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;
import org.springframework.web.socket.server.HandshakeFailureException;
import org.springframework.web.socket.server.RequestUpgradeStrategy;

import dev.halley.connection.Connection;
import dev.halley.connection.ConnectionObserver;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.CountedUser;
import dev.halley.connection.FailureLog;
import dev.halley.connection.Reservation;
import dev.halley.connection.TooManyConnectionsException;
import dev.halley.websocket.HandshakeRules;
import dev.halley.websocket.PairUpgradeStrategy;

/**
 * Upgrades to Halley's own WebSocket engine, on Tomcat: RFC 6455 and permessage-deflate
 * (RFC 7692). Runs pairs, and any other {@link WebSocketHandler} too: its sessions count
 * against the limits of connections, get their pings and time-outs, and 1001 when the
 * application stops. A handshake beyond the limits is answered with 503.
 * <p>
 * Thread-safe. To be closed with the application, which ends the pooled compressors.
 *
 * @since 0.1
 */
public final class NativeUpgradeStrategy implements RequestUpgradeStrategy, PairUpgradeStrategy, AutoCloseable {

	private static final String[] VERSIONS = { HandshakeRules.VERSION };

	private static final Log logger = LogFactory.getLog(NativeUpgradeStrategy.class);

	private final EngineSettings settings;

	private final ConnectionRegistry registry;

	private final CountedUser countedUser;

	private final @Nullable EventLoops loops;

	private final @Nullable PerMessageDeflate deflate;

	private final WriteWatcher watcher = new WriteWatcher();

	/**
	 * Creates a strategy whose connections stay with Tomcat.
	 * @param settings limits and compression
	 * @param registry where the sessions of handlers other than pairs are registered;
	 * pairs have been already
	 */
	public NativeUpgradeStrategy(EngineSettings settings, ConnectionRegistry registry) {
		this(settings, registry, CountedUser.PRINCIPAL, null);
	}

	/**
	 * Creates a strategy.
	 * @param settings limits and compression
	 * @param registry where the sessions of handlers other than pairs are registered;
	 * pairs have been already
	 * @param countedUser as whose connection each of these sessions counts
	 * @param loops where connections go that may leave Tomcat, to be closed after this
	 * strategy by whoever made them; {@code null} if all stay
	 */
	public NativeUpgradeStrategy(EngineSettings settings, ConnectionRegistry registry, CountedUser countedUser,
			@Nullable EventLoops loops) {
		Assert.notNull(settings, "'settings' must not be null");
		Assert.notNull(registry, "'registry' must not be null");
		Assert.notNull(countedUser, "'countedUser' must not be null");
		this.settings = settings;
		this.registry = registry;
		this.countedUser = countedUser;
		this.loops = loops;
		this.deflate = settings.compression()
				? new PerMessageDeflate(new DeflateSettings(settings.compressionThreshold(),
						DeflateSettings.DEFAULTS.level(), false, DeflateSettings.DEFAULTS.pooled()))
				: null;
	}

	/**
	 * Whether the engine can take a request's connection.
	 * @param request a request
	 * @return whether it came over HTTP/1.1 to a Tomcat
	 */
	public static boolean supports(HttpServletRequest request) {
		return supports(request.getServletContext()) && "HTTP/1.1".equals(request.getProtocol());
	}

	/**
	 * Whether the engine runs on a server.
	 * @param servletContext the server's servlet context
	 * @return whether it is a Tomcat
	 */
	public static boolean supports(ServletContext servletContext) {
		String server = servletContext.getServerInfo();
		return server != null && server.startsWith("Apache Tomcat");
	}

	@Override
	public String[] getSupportedVersions() {
		return VERSIONS.clone();
	}

	/** The engine negotiates extensions itself. */
	@Override
	public List<WebSocketExtension> getSupportedExtensions(ServerHttpRequest request) {
		return Collections.emptyList();
	}

	@Override
	public void upgrade(HttpServletRequest request, HttpServletResponse response, Connection connection)
			throws HandshakeFailureException {
		Compression compression = answer(request, response, connection.info().subprotocol());
		OffloadPolicy policy = policy(connection.info().handler());
		PairListener listener = new PairListener(connection, policy);
		listener.attach(upgrade(request, listener, policy, connection.settings().maxMessageSize(), compression));
	}

	@Override
	public void upgrade(ServerHttpRequest request, ServerHttpResponse response, @Nullable String selectedProtocol,
			List<WebSocketExtension> selectedExtensions, @Nullable Principal user, WebSocketHandler handler,
			Map<String, Object> attributes) throws HandshakeFailureException {
		HttpServletRequest servletRequest = ((ServletServerHttpRequest) request).getServletRequest();
		HttpServletResponse servletResponse = ((ServletServerHttpResponse) response).getServletResponse();
		if (!isHandshake(servletRequest)) {
			response.setStatusCode(HttpStatus.BAD_REQUEST);
			return;
		}
		ConnectionObserver observer = this.registry.guardedObserver();
		ConnectionObserver.Wire wire = wire(servletRequest);
		Reservation reservation = reserve(servletRequest, servletResponse, user);
		if (reservation == null) {
			observer.handshake(wire, ConnectionObserver.Outcome.REFUSED, HttpStatus.SERVICE_UNAVAILABLE.value());
			response.setStatusCode(HttpStatus.SERVICE_UNAVAILABLE);
			return;
		}
		try {
			Compression compression = answer(servletRequest, servletResponse, selectedProtocol);
			HandshakeDetails handshake = new HandshakeDetails(wire.endpoint(), request, user, attributes,
					selectedProtocol, extensions(servletResponse));
			OffloadPolicy policy = policy(WebSocketHandlerDecorator.unwrap(handler).getClass().getName());
			HandlerListener listener = new HandlerListener(handler, handshake, this.settings.connection(),
					this.registry, reservation, policy, wire);
			listener.attach(upgrade(servletRequest, listener, policy, this.settings.connection().maxMessageSize(),
					compression));
			observer.handshake(wire, ConnectionObserver.Outcome.ACCEPTED, 0);
		}
		catch (RuntimeException ex) {
			reservation.close();
			throw ex;
		}
	}

	/**
	 * Under the path pattern of the handler, which a mapping of its own kind may lack.
	 */
	private static ConnectionObserver.Wire wire(HttpServletRequest request) {
		Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
		return new ConnectionObserver.Wire("websocket", (pattern != null) ? pattern.toString() : "/**");
	}

	private @Nullable Reservation reserve(HttpServletRequest request, HttpServletResponse response,
			@Nullable Principal user) {
		try {
			return this.registry.reserve(request.getRemoteAddr(), this.countedUser.of(request, user));
		}
		catch (TooManyConnectionsException ex) {
			logger.debug(LogMessage
				.of(() -> "Refused " + FailureLog.excerpt(request.getRequestURI()) + ": " + ex.getMessage()));
			response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(ex.retryAfterSeconds()));
			return null;
		}
	}

	private static List<WebSocketExtension> extensions(HttpServletResponse response) {
		return WebSocketExtension.parseExtensions(response.getHeader(WebSocketHttpHeaders.SEC_WEBSOCKET_EXTENSIONS));
	}

	private OffloadPolicy policy(String endpoint) {
		return (this.loops != null) ? this.loops.policy(endpoint) : OffloadPolicy.NEVER;
	}

	private EngineSession upgrade(HttpServletRequest request, EngineListener listener, OffloadPolicy policy, int limit,
			Compression compression) {
		if (this.loops == null) {
			TomcatUpgradeHandler staying = upgrade(request, TomcatUpgradeHandler.class);
			EngineSession session = new EngineSession(staying.socket(), listener, limit, compression);
			staying.attach(session, this.watcher, this.registry.executor());
			return session;
		}
		LoopUpgradeHandler leaving = upgrade(request, LoopUpgradeHandler.class);
		EngineSession session = new EngineSession(leaving.socket(), listener, limit, compression);
		leaving.attach(session, this.watcher, this.registry.executor(), this.loops, policy);
		return session;
	}

	private Compression negotiate(HttpServletRequest request, HttpServletResponse response) {
		if (this.deflate == null) {
			return Compression.NONE;
		}
		DeflateParameters agreed = this.deflate
			.negotiate(Collections.list(request.getHeaders(WebSocketHttpHeaders.SEC_WEBSOCKET_EXTENSIONS)));
		if (agreed == null) {
			return Compression.NONE;
		}
		response.setHeader(WebSocketHttpHeaders.SEC_WEBSOCKET_EXTENSIONS, agreed.header());
		return new Compression(this.deflate.inflater(agreed), this.deflate.writer(agreed));
	}

	/** Of the headers, Spring only looks whether there is a key. */
	private static boolean isHandshake(HttpServletRequest request) {
		return "HTTP/1.1".equals(request.getProtocol()) && HandshakeRules.key(request) != null
				&& HandshakeRules.hasReadableExtensions(request);
	}

	private Compression answer(HttpServletRequest request, HttpServletResponse response, @Nullable String subprotocol) {
		Compression compression = negotiate(request, response);
		String key = HandshakeRules.key(request);
		if (key == null) {
			throw new HandshakeFailureException("Missing " + WebSocketHttpHeaders.SEC_WEBSOCKET_KEY);
		}
		response.setHeader(HttpHeaders.UPGRADE, "websocket");
		response.setHeader(HttpHeaders.CONNECTION, "upgrade");
		response.setHeader(WebSocketHttpHeaders.SEC_WEBSOCKET_ACCEPT, HandshakeRules.accept(key));
		if (subprotocol != null) {
			response.setHeader(WebSocketHttpHeaders.SEC_WEBSOCKET_PROTOCOL, subprotocol);
		}
		return compression;
	}

	private static <H extends HttpUpgradeHandler> H upgrade(HttpServletRequest request, Class<H> handler) {
		try {
			return request.upgrade(handler);
		}
		catch (IOException | ServletException ex) {
			throw new HandshakeFailureException("Failed to upgrade " + request.getRequestURI(), ex);
		}
	}

	@Override
	public void close() {
		this.watcher.close();
		if (this.deflate != null) {
			this.deflate.close();
		}
	}

}

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
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import org.springframework.http.HttpHeaders;
import org.springframework.util.Assert;

import dev.halley.connection.ConnectionSettings;

/**
 * What WebSockets and event streams are asked for with. Begins with the defaults of the
 * client. Not thread-safe.
 *
 * @param <R> the type of the request itself
 * @since 0.1
 */
public abstract sealed class ClientRequest<R extends ClientRequest<R>> permits WebSocketRequest, EventStreamRequest {

	final ClientRuntime runtime;

	final URI uri;

	final RequestHeaders headers = new RequestHeaders();

	ConnectionSettings settings;

	Duration handshakeTimeout;

	ConnectStrategy connectStrategy;

	ErrorStrategy errorStrategy;

	Consumer<? super ConnectionState> listener = (state) -> {
	};

	ClientRequest(ClientRuntime runtime, HalleyClient.Builder defaults, URI uri) {
		this.runtime = runtime;
		this.uri = uri;
		this.headers.addAll(defaults.headers);
		this.settings = defaults.settings;
		this.handshakeTimeout = defaults.handshakeTimeout;
		this.connectStrategy = defaults.connectStrategy;
		this.errorStrategy = defaults.errorStrategy;
	}

	/** Is what the other is at the moment. */
	ClientRequest(ClientRequest<?> other) {
		this.runtime = other.runtime;
		this.uri = other.uri;
		this.headers.addAll(other.headers);
		this.settings = other.settings;
		this.handshakeTimeout = other.handshakeTimeout;
		this.connectStrategy = other.connectStrategy;
		this.errorStrategy = other.errorStrategy;
		this.listener = other.listener;
	}

	/** What is malformed is not repeated, since it may hold passwords and tokens. */
	static URI parse(String uri) {
		Assert.notNull(uri, "'uri' must not be null");
		try {
			return new URI(uri);
		}
		catch (URISyntaxException ex) {
			throw new IllegalArgumentException(
					"uri: " + ex.getReason() + ((ex.getIndex() >= 0) ? " at index " + ex.getIndex() : "")
							+ " (expected: an address by RFC 2396)");
		}
	}

	/** Whoever mistakes one kind of address for the other is told of the other method. */
	static URI check(URI uri, String scheme, String other) {
		Assert.notNull(uri, "'uri' must not be null");
		String actual = (uri.getScheme() != null) ? uri.getScheme().toLowerCase(Locale.ROOT) : "";
		Assert.isTrue((actual.equals(scheme) || actual.equals(scheme + "s")) && uri.getHost() != null,
				() -> "uri: " + name(uri) + " (expected: " + scheme + "://… or " + scheme + "s://…; " + other + ")");
		Assert.isTrue(uri.getFragment() == null,
				() -> "uri: " + name(uri) + "#… (expected: no fragment, which no server gets to see)");
		return uri;
	}

	/**
	 * Returns what messages call it: without user, query and fragment, which may hold
	 * passwords and tokens.
	 * @param uri such as {@code https://user:password@example.org:8443/events?token=…}
	 * @return such as {@code https://example.org:8443/events}
	 */
	static String name(URI uri) {
		String scheme = (uri.getScheme() != null) ? uri.getScheme() + ":" : "";
		String port = (uri.getPort() >= 0) ? ":" + uri.getPort() : "";
		String host = (uri.getHost() != null) ? "//" + uri.getHost() + port : "";
		return scheme + host + ((uri.getRawPath() != null) ? uri.getRawPath() : "");
	}

	/**
	 * Sets a header, in place of one of this name that was set before.
	 * @param name the name, such as {@code Origin}
	 * @param values the values
	 * @return this request
	 */
	public R header(String name, String... values) {
		Assert.notNull(name, "'name' must not be null");
		Assert.noNullElements(values, "'values' must not contain null");
		String[] copy = values.clone();
		return headers((headers) -> {
			headers.remove(name);
			for (String value : copy) {
				headers.add(name, value);
			}
		});
	}

	/**
	 * Sets headers for each attempt, such as a token that must be fresh:
	 * {@code (headers) -> headers.setBearerAuth(this.tokens.next())}.
	 * @param headers called for each attempt, with those that were set before; may block
	 * for as long as the handshake time-out says; if it throws, the attempt has failed,
	 * and may be followed by others
	 * @return this request
	 */
	public R headers(Consumer<? super HttpHeaders> headers) {
		this.headers.add(headers);
		return self();
	}

	/**
	 * Sets headers for each attempt that are there only later, in place of those of the
	 * same names.
	 * @param headers called for each attempt; if it fails, the attempt has failed, and
	 * may be followed by others
	 * @return this request
	 */
	public R headersLater(Supplier<? extends CompletionStage<HttpHeaders>> headers) {
		this.headers.addLater(headers);
		return self();
	}

	/**
	 * Changes the limits and time-outs, which are those of the client.
	 * @param change such as {@code (settings) -> settings.withMaxMessageSize(…)}
	 * @return this request
	 */
	public R settings(UnaryOperator<ConnectionSettings> change) {
		Assert.notNull(change, "'change' must not be null");
		this.settings = change.apply(this.settings);
		return self();
	}

	/**
	 * Sets the time within which the server must have answered an attempt.
	 * @param timeout the time
	 * @return this request
	 */
	public R handshakeTimeout(Duration timeout) {
		Assert.isTrue(!timeout.isNegative() && !timeout.isZero(),
				() -> "handshakeTimeout: " + timeout + " (expected: > 0)");
		this.handshakeTimeout = timeout;
		return self();
	}

	/**
	 * Sets how long to wait before another attempt.
	 * @param strategy the strategy
	 * @return this request
	 */
	public R connectStrategy(ConnectStrategy strategy) {
		Assert.notNull(strategy, "'strategy' must not be null");
		this.connectStrategy = strategy;
		return self();
	}

	/**
	 * Sets which losses are followed by another attempt.
	 * @param strategy the strategy
	 * @return this request
	 */
	public R errorStrategy(ErrorStrategy strategy) {
		Assert.notNull(strategy, "'strategy' must not be null");
		this.errorStrategy = strategy;
		return self();
	}

	/**
	 * Tells of what becomes of it: attempts, losses, the end.
	 * @param listener called with one state after the other, on a thread on which it may
	 * block
	 * @return this request
	 */
	public R onState(Consumer<? super ConnectionState> listener) {
		Assert.notNull(listener, "'listener' must not be null");
		this.listener = listener;
		return self();
	}

	abstract R self();

}

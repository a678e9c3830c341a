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
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpHeaders;
import org.springframework.util.Assert;
import reactor.core.scheduler.Scheduler;

import dev.halley.ContextCapture;
import dev.halley.InOut;
import dev.halley.codec.MessageCodecs;
import dev.halley.connection.ConnectionSettings;

/**
 * A client of WebSockets and event streams: runs an {@link InOut} as the other side of a
 * WebSocket, and reads an event stream as a {@code Flux} or an {@link dev.halley.Out}.
 *
 * <pre class="code">
 * HalleyClient client = HalleyClient.create();
 * InOut&lt;String, String&gt; pair = InOut.of(In.forEach(System.out::println), Out.of("Hello!"));
 * ClientConnection connection = client.connect("wss://example.org/chat", pair);
 * </pre>
 *
 * What runs the pair is what runs it behind a server: messages are handled one at a time,
 * demand reaches the socket in both directions, and buffers, pings, time-outs and
 * {@code whenDone} are the same.
 * <p>
 * Thread-safe, and made to be shared: all connections of a client have its threads, which
 * are daemons, and end with {@link #close}. Handlers may block, which holds up their own
 * connection only.
 *
 * @since 0.1
 */
public final class HalleyClient implements AutoCloseable {

	private final ClientRuntime runtime;

	private final Builder defaults;

	private HalleyClient(Builder builder) {
		this.defaults = builder;
		this.runtime = new ClientRuntime(builder);
	}

	/**
	 * Creates a client with all defaults: the JDK's library, and JSON if Jackson is
	 * there.
	 * @return a new client
	 */
	public static HalleyClient create() {
		return builder().build();
	}

	/**
	 * Starts a client.
	 * @return a builder with all defaults
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Opens a WebSocket of text, once: when it is lost it is not opened again.
	 * @param uri {@code ws:} or {@code wss:}
	 * @param pair what to run, once the server has accepted
	 * @return the connection, not open yet
	 */
	public ClientConnection connect(String uri, InOut<String, String> pair) {
		return webSocket(uri).connect(pair);
	}

	/**
	 * Opens a WebSocket, once: when it is lost it is not opened again.
	 * @param uri {@code ws:} or {@code wss:}
	 * @param pair what to run, once the server has accepted
	 * @param in the type of the messages that come in
	 * @param out the type of the messages that go out
	 * @param <I> the type of the messages that come in
	 * @param <O> the type of the messages that go out
	 * @return the connection, not open yet
	 * @throws dev.halley.codec.UnsupportedMessageTypeException if a type has no codec
	 */
	public <I, O> ClientConnection connect(String uri, InOut<I, O> pair, Class<I> in, Class<O> out) {
		return webSocket(uri).types(in, out).connect(pair);
	}

	/**
	 * Prepares a WebSocket: its types, headers, subprotocols, and whether it comes back.
	 * @param uri {@code ws:} or {@code wss:}
	 * @return what it is to be, of text so far
	 */
	public WebSocketRequest<String, String> webSocket(String uri) {
		return webSocket(ClientRequest.parse(uri));
	}

	/**
	 * As {@link #webSocket(String)}.
	 * @param uri {@code ws:} or {@code wss:}
	 * @return what it is to be, of text so far
	 */
	public WebSocketRequest<String, String> webSocket(URI uri) {
		this.runtime.requireOpen();
		return WebSocketRequest.of(this.runtime, this.defaults, uri);
	}

	/**
	 * Prepares an event stream, which is asked for each time that something subscribes to
	 * it, and asked for again when it is lost.
	 * @param uri {@code http:} or {@code https:}
	 * @param type the type of the data of its events
	 * @param <T> the type of the data of its events
	 * @return what it is to be
	 * @throws dev.halley.codec.UnsupportedMessageTypeException if the type has no codec
	 */
	public <T> EventStreamRequest<T> events(String uri, Class<T> type) {
		return events(ClientRequest.parse(uri), ParameterizedTypeReference.forType(type));
	}

	/**
	 * As {@link #events(String, Class)}, for types with arguments.
	 * @param uri {@code http:} or {@code https:}
	 * @param type the type of the data of its events
	 * @param <T> the type of the data of its events
	 * @return what it is to be
	 * @throws dev.halley.codec.UnsupportedMessageTypeException if the type has no codec
	 */
	public <T> EventStreamRequest<T> events(URI uri, ParameterizedTypeReference<T> type) {
		this.runtime.requireOpen();
		return new EventStreamRequest<>(this.runtime, this.defaults, uri, type);
	}

	/**
	 * Closes all connections with 1001, fails all event streams with a
	 * {@link java.util.concurrent.CancellationException}, and ends the threads of this
	 * client. Waits for the peers' answers for as long as the close time-out says, and
	 * drops the others.
	 */
	@Override
	public void close() {
		this.runtime.close(this.defaults.settings.closeTimeout());
	}

	/**
	 * Collects what a {@link HalleyClient} is made of, and the defaults of its
	 * connections. Not thread-safe.
	 */
	public static final class Builder {

		/** The headers of each attempt of each connection. */
		final RequestHeaders headers = new RequestHeaders();

		ConnectionSettings settings = ConnectionSettings.DEFAULT;

		Duration handshakeTimeout = Duration.ofSeconds(10);

		ConnectStrategy connectStrategy = ConnectStrategy.backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));

		ErrorStrategy errorStrategy = ErrorStrategy.standard();

		Consumer<HttpClient.Builder> http = (builder) -> {
		};

		ContextCapture contexts = ContextCapture.NONE;

		AttemptObserver observer = AttemptObserver.NONE;

		@Nullable WebSocketConnector connector;

		@Nullable MessageCodecs codecs;

		@Nullable Executor executor;

		/** Other than an own one only in tests. */
		@Nullable Scheduler timer;

		private Builder() {
		}

		private Builder(Builder other) {
			this.headers.addAll(other.headers);
			this.settings = other.settings;
			this.handshakeTimeout = other.handshakeTimeout;
			this.connectStrategy = other.connectStrategy;
			this.errorStrategy = other.errorStrategy;
			this.http = other.http;
			this.contexts = other.contexts;
			this.observer = other.observer;
			this.connector = other.connector;
			this.codecs = other.codecs;
			this.executor = other.executor;
			this.timer = other.timer;
		}

		/**
		 * Sets headers for each attempt of each connection.
		 * @param headers called for each attempt; may block, such as for a fresh token
		 * @return this builder
		 */
		public Builder headers(Consumer<? super HttpHeaders> headers) {
			this.headers.add(headers);
			return this;
		}

		/**
		 * Changes the limits and time-outs of all connections, which are
		 * {@link ConnectionSettings#DEFAULT}.
		 * @param change such as {@code (settings) -> settings.withMaxMessageSize(…)}
		 * @return this builder
		 */
		public Builder settings(UnaryOperator<ConnectionSettings> change) {
			this.settings = change.apply(this.settings);
			return this;
		}

		/**
		 * Sets the time within which a server must have answered an attempt, 10 s by
		 * default. Fetching headers counts.
		 * @param timeout the time
		 * @return this builder
		 */
		public Builder handshakeTimeout(Duration timeout) {
			Assert.isTrue(!timeout.isNegative() && !timeout.isZero(),
					() -> "handshakeTimeout: " + timeout + " (expected: > 0)");
			this.handshakeTimeout = timeout;
			return this;
		}

		/**
		 * Sets how long lost connections wait before they come back: by default for a
		 * random time of up to a second, which doubles with each loss up to a minute.
		 * @param strategy the strategy
		 * @return this builder
		 */
		public Builder connectStrategy(ConnectStrategy strategy) {
			Assert.notNull(strategy, "'strategy' must not be null");
			this.connectStrategy = strategy;
			return this;
		}

		/**
		 * Sets which lost connections come back, {@link ErrorStrategy#standard()} by
		 * default.
		 * @param strategy the strategy
		 * @return this builder
		 */
		public Builder errorStrategy(ErrorStrategy strategy) {
			Assert.notNull(strategy, "'strategy' must not be null");
			this.errorStrategy = strategy;
			return this;
		}

		/**
		 * Sets how messages become text and bytes: by default text, binary, and JSON if
		 * Jackson is there.
		 * @param codecs the codecs, such as those of the server
		 * @return this builder
		 */
		public Builder codecs(MessageCodecs codecs) {
			Assert.notNull(codecs, "'codecs' must not be null");
			this.codecs = codecs;
			return this;
		}

		/**
		 * Configures the JDK's client, which fetches event streams, and opens WebSockets
		 * unless there is a {@link #connector}: TLS, a proxy, cookies, redirects, which
		 * are not followed by default.
		 * @param http called when the client is built
		 * @return this builder
		 */
		public Builder http(Consumer<? super HttpClient.Builder> http) {
			this.http = this.http.andThen(http::accept);
			return this;
		}

		/**
		 * Opens WebSockets by another library than the JDK's.
		 * @param connector such as {@code WebSocketConnector.spring(…)}
		 * @return this builder
		 */
		public Builder connector(WebSocketConnector connector) {
			Assert.notNull(connector, "'connector' must not be null");
			this.connector = connector;
			return this;
		}

		/**
		 * Runs handlers and all else on other threads than the client's own.
		 * @param executor one in which a task that blocks keeps no other from being run;
		 * whoever made it ends it, after the client
		 * @return this builder
		 */
		public Builder executor(Executor executor) {
			Assert.notNull(executor, "'executor' must not be null");
			this.executor = executor;
			return this;
		}

		/**
		 * Tells of each attempt to connect.
		 * @param observer such as {@code ClientObservations.of(registry)}
		 * @return this builder
		 */
		public Builder observer(AttemptObserver observer) {
			Assert.notNull(observer, "'observer' must not be null");
			this.observer = observer;
			return this;
		}

		/**
		 * Carries what the thread that opens a connection has over to those that work for
		 * it.
		 * @param contexts takes it from that thread
		 * @return this builder
		 */
		public Builder contexts(ContextCapture contexts) {
			Assert.notNull(contexts, "'contexts' must not be null");
			this.contexts = contexts;
			return this;
		}

		/**
		 * Makes a client.
		 * @return a new client, to be closed; the builder may be used on
		 */
		public HalleyClient build() {
			return new HalleyClient(new Builder(this));
		}

	}

}

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

package dev.halley.test;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.util.Assert;

import dev.halley.codec.MessageCodec;
import dev.halley.codec.MessageCodecs;
import dev.halley.test.LiveClient.Kind;

/**
 * Connects {@link LiveClient}s to a running server. In a
 * {@code @SpringBootTest(webEnvironment = RANDOM_PORT)} there is one to inject, which
 * knows the port and has the application's codecs; whatever it connects is closed after
 * the test method:
 *
 * <pre class="code">
 * &#064;Test
 * void greets(&#064;Autowired LiveClients clients) {
 *     clients.webSocket("/hello").expect("Hello!").close();
 * }
 * </pre>
 *
 * Elsewhere, {@link #of(URI)}. Immutable and thread-safe: each {@code with…} returns
 * another one.
 *
 * @since 0.1
 */
public final class LiveClients {

	private static final MediaType TEXT = new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);

	private final URI base;

	private final HttpHeaders headers;

	private final MessageCodecs codecs;

	private final Duration timeout;

	private final @Nullable SSLContext ssl;

	/** What streams are asked for with, by POST. */
	private final byte @Nullable [] body;

	/** Whether WebSockets answer a Close of the server. */
	private final boolean answering;

	LiveClients(URI base, MessageCodecs codecs) {
		this(base, new HttpHeaders(), codecs, Timeouts.standard(), null, null, true);
	}

	private LiveClients(URI base, HttpHeaders headers, MessageCodecs codecs, Duration timeout, @Nullable SSLContext ssl,
			byte @Nullable [] body, boolean answering) {
		this.base = base;
		this.headers = headers;
		this.codecs = codecs;
		this.timeout = timeout;
		this.ssl = ssl;
		this.body = body;
		this.answering = answering;
	}

	/**
	 * Returns clients of a server.
	 * @param base what comes before the paths, such as {@code http://localhost:8080}
	 * @return clients with the built-in codecs
	 */
	public static LiveClients of(URI base) {
		Assert.notNull(base, "'base' must not be null");
		String scheme = base.getScheme();
		Assert.isTrue(base.getHost() != null && scheme != null && scheme.matches("https?|wss?"),
				() -> "base: " + base + " (expected: the address of a server, such as http://localhost:8080)");
		return new LiveClients(base, Codecs.standard());
	}

	/**
	 * Sends another header with each handshake.
	 * @param name its name
	 * @param value its value
	 * @return clients that do
	 */
	public LiveClients withHeader(String name, String value) {
		return with((headers) -> headers.add(name, value));
	}

	/**
	 * Sends a cookie with each handshake.
	 * @param name its name
	 * @param value its value
	 * @return clients that do
	 */
	public LiveClients withCookie(String name, String value) {
		return with((headers) -> {
			String before = headers.getFirst(HttpHeaders.COOKIE);
			headers.set(HttpHeaders.COOKIE, ((before != null) ? before + "; " : "") + name + "=" + value);
		});
	}

	/**
	 * Says with each handshake whose page it comes from, as browsers do. By default
	 * nothing is said, as by all other clients.
	 * @param origin such as {@code https://example.org}
	 * @return clients that do
	 */
	public LiveClients withOrigin(String origin) {
		return with((headers) -> headers.setOrigin(origin));
	}

	/**
	 * Offers WebSocket subprotocols. Which was taken, {@link LiveClient#handshake()}
	 * tells.
	 * @param subprotocols the best first
	 * @return clients that do
	 */
	public LiveClients withSubprotocols(String... subprotocols) {
		return with((headers) -> headers.set("Sec-WebSocket-Protocol", String.join(", ", subprotocols)));
	}

	/**
	 * Offers to compress the messages of WebSockets by permessage-deflate (RFC 7692).
	 * Where the server agrees, which {@link LiveClient#handshake()} tells, messages are
	 * sent compressed, and read whether they are or not; the transcript has their sizes.
	 * Frames that are sent by hand go as they are.
	 * @param parameters what else is offered, such as {@code server_no_context_takeover};
	 * not {@code client_max_window_bits}, for which the JDK has no choice
	 * @return clients that do
	 */
	public LiveClients withCompression(String... parameters) {
		String offer = Stream.concat(Stream.of(MessageDeflate.NAME), Arrays.stream(parameters))
			.collect(Collectors.joining("; "));
		Assert.isTrue(!offer.contains("client_max_window_bits"),
				() -> "parameters: " + offer + " (expected: no client_max_window_bits, which the JDK cannot keep to)");
		return with((headers) -> headers.set(LiveHandshake.EXTENSIONS, offer));
	}

	/**
	 * Asks for event streams and Comet streams by POST, with a body.
	 * @param body a string or an array of bytes as they are, with {@code text/plain} or
	 * {@code application/octet-stream}; anything else as JSON. A {@code Content-Type}
	 * that was set {@linkplain #withHeader before} stays
	 * @return clients that do, and that open no WebSockets
	 */
	public LiveClients withBody(Object body) {
		Assert.notNull(body, "'body' must not be null");
		byte[] bytes = encoded(body);
		HttpHeaders headers = new HttpHeaders();
		headers.addAll(this.headers);
		if (headers.getContentType() == null) {
			headers.setContentType(contentType(body));
		}
		return new LiveClients(this.base, headers, this.codecs, this.timeout, this.ssl, bytes, this.answering);
	}

	/**
	 * Never answers a Close of the server. For a WebSocket that is closed by the server
	 * later than at once, {@link LiveClient#neverAnswerClose()} will do.
	 * @return clients that do not
	 */
	public LiveClients withoutCloseAnswer() {
		return new LiveClients(this.base, this.headers, this.codecs, this.timeout, this.ssl, this.body, false);
	}

	private static MediaType contentType(Object body) {
		if (body instanceof byte[]) {
			return MediaType.APPLICATION_OCTET_STREAM;
		}
		return (body instanceof CharSequence) ? TEXT : MediaType.APPLICATION_JSON;
	}

	private byte[] encoded(Object body) {
		try {
			Object message = (body instanceof CharSequence text) ? text.toString() : body;
			return this.codecs.codecOf(message).encode(message).bytes();
		}
		catch (RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new IllegalArgumentException("body: " + Transcript.print(body) + ", which cannot be encoded", ex);
		}
	}

	private LiveClients with(Consumer<HttpHeaders> change) {
		HttpHeaders headers = new HttpHeaders();
		headers.addAll(this.headers);
		change.accept(headers);
		return new LiveClients(this.base, headers, this.codecs, this.timeout, this.ssl, this.body, this.answering);
	}

	/**
	 * Encodes and decodes with other codecs.
	 * @param codecs the codecs
	 * @return clients that do
	 */
	public LiveClients withCodecs(MessageCodecs codecs) {
		Assert.notNull(codecs, "'codecs' must not be null");
		return new LiveClients(this.base, this.headers, codecs, this.timeout, this.ssl, this.body, this.answering);
	}

	/**
	 * Waits longer or shorter for what is expected.
	 * @param timeout the most time of each wait
	 * @return clients that do
	 */
	public LiveClients withTimeout(Duration timeout) {
		return new LiveClients(this.base, this.headers, this.codecs, Timeouts.check(timeout), this.ssl, this.body,
				this.answering);
	}

	/**
	 * Trusts what the JDK does not, with an address of {@code https}.
	 * @param ssl what trusts the server
	 * @return clients that do
	 */
	public LiveClients withSsl(SSLContext ssl) {
		Assert.notNull(ssl, "'ssl' must not be null");
		return new LiveClients(this.base, this.headers, this.codecs, this.timeout, ssl, this.body, this.answering);
	}

	/**
	 * Opens a WebSocket for text.
	 * @param path the path and query, after the base
	 * @return a client
	 * @throws AssertionError if the handshake is refused; see {@link #refusal}
	 */
	public LiveClient<String, String> webSocket(String path) {
		return webSocket(path, String.class, String.class);
	}

	/**
	 * Opens a WebSocket.
	 * @param path the path and query, after the base
	 * @param in the type of the messages to send
	 * @param out the type of the messages to expect
	 * @param <I> the type of the messages to send
	 * @param <O> the type of the messages to expect
	 * @return a client
	 * @throws AssertionError if the handshake is refused; see {@link #refusal}
	 */
	public <I, O> LiveClient<I, O> webSocket(String path, Class<I> in, Class<O> out) {
		MessageCodec<Object> inCodec = Codecs.find(this.codecs, in);
		MessageCodec<Object> outCodec = Codecs.find(this.codecs, out);
		Assert.state(this.body == null, "A WebSocket is not opened by POST: use clients without withBody(…)");
		LiveHandshake handshake = new LiveHandshake(this.headers);
		HttpLine line = connect(path, handshake.headers(), 101);
		try {
			handshake.check(line.headers(), uri(path));
			return client(line, Kind.WEB_SOCKET, path, in, out, inCodec, outCodec, handshake.deflate(line.headers()));
		}
		catch (AssertionError ex) {
			line.close();
			throw ex;
		}
	}

	/**
	 * Opens an event stream, by GET if there is no {@linkplain #withBody body}. Events
	 * without data, such as heartbeats, are no messages, but are in the transcript.
	 * @param path the path and query, after the base
	 * @param data the type of the events' data
	 * @param <T> the type of the events' data
	 * @return a client
	 * @throws AssertionError if the request is refused
	 */
	public <T> LiveClient<Void, ServerSentEvent<T>> events(String path, Class<T> data) {
		MessageCodec<Object> codec = Codecs.find(this.codecs, data);
		HttpLine line = connect(path, accepting(MediaType.TEXT_EVENT_STREAM), 200);
		return client(line, Kind.EVENTS, path, Void.class, ServerSentEvent.class, ObjectCodec.INSTANCE, codec, null);
	}

	/**
	 * Opens a Comet stream, by GET if there is no {@linkplain #withBody body}. Its
	 * scripts are read, and not run.
	 * @param path the path and query, after the base
	 * @param argument the type of the calls' argument
	 * @param <T> the type of the calls' argument
	 * @return a client
	 * @throws AssertionError if the request is refused
	 */
	public <T> LiveClient<Void, CometCall<T>> comet(String path, Class<T> argument) {
		MessageCodec<Object> codec = Codecs.find(this.codecs, argument);
		HttpLine line = connect(path, accepting(MediaType.TEXT_HTML), 200);
		return client(line, Kind.COMET, path, Void.class, CometCall.class, ObjectCodec.INSTANCE, codec, null);
	}

	/**
	 * Tries to open a WebSocket, or a stream if there is a {@linkplain #withBody body},
	 * that is to be refused.
	 * @param path the path and query, after the base
	 * @return how the server has answered
	 * @throws AssertionError if the handshake is accepted
	 */
	public HttpAnswer refusal(String path) {
		boolean stream = this.body != null;
		HttpHeaders headers = stream ? accepting(MediaType.TEXT_EVENT_STREAM)
				: new LiveHandshake(this.headers).headers();
		try (HttpLine line = request(path, headers)) {
			if (line.status() == (stream ? 200 : 101)) {
				line.cut();
				throw new AssertionError(uri(path) + ": the handshake was accepted (expected: refused)");
			}
			return line.answer();
		}
		catch (IOException ex) {
			throw unreachable(path, ex);
		}
	}

	private <I, O> LiveClient<I, O> client(HttpLine line, Kind kind, String path, Class<?> inType, Class<?> outType,
			MessageCodec<Object> inCodec, MessageCodec<Object> outCodec, @Nullable MessageDeflate deflate) {
		long start = System.nanoTime();
		Transcript transcript = new Transcript(kind.title() + " at " + uri(path), () -> System.nanoTime() - start);
		return new LiveClient<>(line, kind, transcript, this.timeout, inType, outType, inCodec, outCodec, deflate,
				this.answering);
	}

	private HttpLine connect(String path, HttpHeaders headers, int expected) {
		try {
			HttpLine line = request(path, headers);
			if (line.status() != expected) {
				HttpAnswer answer = line.answer();
				throw new AssertionError(uri(path) + ": " + answer.status() + " (expected: " + expected
						+ "; for a handshake that is to be refused write refusal(…)), with " + answer.headers() + "\n"
						+ answer.body());
			}
			line.goLive();
			return line;
		}
		catch (IOException ex) {
			throw unreachable(path, ex);
		}
	}

	private HttpLine request(String path, HttpHeaders headers) throws IOException {
		return HttpLine.open(uri(path), headers, this.body, this.ssl, this.timeout);
	}

	private AssertionError unreachable(String path, IOException cause) {
		return new AssertionError(uri(path) + ": no answer from the server: " + cause, cause);
	}

	private URI uri(String path) {
		Assert.isTrue(path.startsWith("/"), () -> "path: " + path + " (expected: one that starts with '/')");
		String base = this.base.toString();
		return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
	}

	private HttpHeaders accepting(MediaType type) {
		HttpHeaders headers = new HttpHeaders();
		headers.set(HttpHeaders.ACCEPT, type.toString());
		headers.putAll(this.headers);
		return headers;
	}

}

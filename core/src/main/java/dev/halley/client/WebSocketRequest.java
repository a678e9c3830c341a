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
import java.util.List;
import java.util.function.Supplier;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.ResolvableType;
import org.springframework.util.Assert;

import dev.halley.InOut;
import dev.halley.codec.MessageCodec;

/**
 * What a WebSocket is to be: its types, headers and subprotocols. May be changed and used
 * again after {@code connect}: a connection keeps to what the request was at that moment,
 * in all its attempts. Not thread-safe.
 *
 * @param <I> the type of the messages that come in
 * @param <O> the type of the messages that go out
 * @since 0.1
 */
public final class WebSocketRequest<I, O> extends ClientRequest<WebSocketRequest<I, O>> {

	private ResolvableType in = ResolvableType.forClass(String.class);

	private ResolvableType out = ResolvableType.forClass(String.class);

	private List<String> subprotocols = List.of();

	private boolean compressed;

	private WebSocketRequest(ClientRuntime runtime, HalleyClient.Builder defaults, URI uri) {
		super(runtime, defaults, check(uri, "ws", "for an event stream: HalleyClient.events(…)"));
	}

	private WebSocketRequest(WebSocketRequest<I, O> other) {
		super(other);
		this.in = other.in;
		this.out = other.out;
		this.subprotocols = other.subprotocols;
		this.compressed = other.compressed;
	}

	static WebSocketRequest<String, String> of(ClientRuntime runtime, HalleyClient.Builder defaults, URI uri) {
		return new WebSocketRequest<>(runtime, defaults, uri);
	}

	/**
	 * Encodes and decodes messages of other types than text.
	 * @param in the type of the messages that come in
	 * @param out the type of the messages that go out
	 * @param <J> the type of the messages that come in
	 * @param <P> the type of the messages that go out
	 * @return this request
	 */
	public <J, P> WebSocketRequest<J, P> types(Class<J> in, Class<P> out) {
		return types(ParameterizedTypeReference.forType(in), ParameterizedTypeReference.forType(out));
	}

	/**
	 * As {@link #types(Class, Class)}, for types with arguments.
	 * @param in the type of the messages that come in
	 * @param out the type of the messages that go out
	 * @param <J> the type of the messages that come in
	 * @param <P> the type of the messages that go out
	 * @return this request
	 */
	@SuppressWarnings("unchecked")
	public <J, P> WebSocketRequest<J, P> types(ParameterizedTypeReference<J> in, ParameterizedTypeReference<P> out) {
		Assert.notNull(in, "'in' must not be null");
		Assert.notNull(out, "'out' must not be null");
		this.in = ResolvableType.forType(in);
		this.out = ResolvableType.forType(out);
		return (WebSocketRequest<J, P>) this;
	}

	/**
	 * Offers subprotocols. Which one the server has chosen, {@link ConnectionState.Open}
	 * tells.
	 * @param subprotocols the subprotocols, the preferred first
	 * @return this request
	 */
	public WebSocketRequest<I, O> subprotocols(String... subprotocols) {
		this.subprotocols = List.of(subprotocols);
		return this;
	}

	/**
	 * Offers compression, {@code permessage-deflate}, where the library has it: the JDK's
	 * does not, and the attempt fails.
	 * @return this request
	 */
	public WebSocketRequest<I, O> compressed() {
		this.compressed = true;
		return this;
	}

	/**
	 * Opens the WebSocket, once: when it is lost it is not opened again.
	 * @param pair what to run, once the server has accepted
	 * @return the connection, not open yet
	 * @throws dev.halley.codec.UnsupportedMessageTypeException if a type has no codec
	 */
	public ClientConnection connect(InOut<I, O> pair) {
		Assert.notNull(pair, "'pair' must not be null");
		return start(() -> pair, false);
	}

	/**
	 * Opens the WebSocket, and opens it again when it is lost, for as long as the
	 * {@link ErrorStrategy} says. It comes back, too, when the first attempt fails.
	 * @param pairs makes a pair for each WebSocket, after the server has accepted it; the
	 * one before has ended by then. A pair that can be run only once, such as one that
	 * reads a {@code Stream}, must be a new one each time.
	 * @return the connection, not open yet
	 * @throws dev.halley.codec.UnsupportedMessageTypeException if a type has no codec
	 */
	public ClientConnection connect(Supplier<? extends InOut<I, O>> pairs) {
		Assert.notNull(pairs, "'pairs' must not be null");
		return start(pairs, true);
	}

	private ClientConnection start(Supplier<? extends InOut<?, ?>> pairs, boolean reconnecting) {
		this.runtime.requireOpen();
		MessageCodec<?> inCodec = this.runtime.codecs().inbound(this.in);
		MessageCodec<?> outCodec = this.runtime.codecs().codec(this.out);
		WebSocketRequest<I, O> asked = new WebSocketRequest<>(this);
		ClientConnection connection = new ClientConnection(asked, new PairRuns(asked, pairs, inCodec, outCodec),
				reconnecting);
		connection.start();
		return connection;
	}

	List<String> offered() {
		return this.subprotocols;
	}

	boolean isCompressed() {
		return this.compressed;
	}

	@Override
	WebSocketRequest<I, O> self() {
		return this;
	}

}

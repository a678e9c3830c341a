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
import java.nio.charset.StandardCharsets;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.ResolvableType;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.util.Assert;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;

import dev.halley.Out;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.MessageCodecs;
import dev.halley.codec.Payload;

/**
 * What an event stream is to be. Each subscription asks for it anew, and reads it as fast
 * as its demand says: a server whose client is slow has to wait. Not thread-safe; to be
 * changed before the first subscription only.
 * <p>
 * A stream is asked for again when it has ended or broken off, with the id of the last
 * event as {@code Last-Event-ID}, as browsers do: so it ends with an answer of 204, or
 * with Halley's event that says that nothing follows. One that is asked for by POST, such
 * as an answer, ends when it ends.
 *
 * @param <T> the type of the data of the events
 * @since 0.1
 */
public final class EventStreamRequest<T> extends ClientRequest<EventStreamRequest<T>> {

	private static final String UNNAMED = "message";

	private final MessageCodec<?> codec;

	private final boolean textual;

	private Set<String> names = Set.of(UNNAMED);

	private @Nullable Body body;

	private @Nullable Boolean reconnecting;

	private String lastEventId = "";

	EventStreamRequest(ClientRuntime runtime, HalleyClient.Builder defaults, URI uri,
			ParameterizedTypeReference<T> type) {
		super(runtime, defaults,
				check(uri, "http", "for a WebSocket: HalleyClient.webSocket(…) or HalleyClient.connect(…)"));
		Assert.notNull(type, "'type' must not be null");
		ResolvableType resolvable = ResolvableType.forType(type);
		this.codec = runtime.codecs().inbound(resolvable);
		this.textual = resolvable.toClass() == String.class;
	}

	/**
	 * Takes events of other names. As in browsers, only events without a name, or of the
	 * name {@code message}, are taken otherwise.
	 * @param names the names, {@code message} for events without one; none for all events
	 * @return this request
	 */
	public EventStreamRequest<T> named(String... names) {
		this.names = Set.of(names);
		return this;
	}

	/**
	 * Asks by POST, once.
	 * @param body the body: text, bytes, or what becomes JSON, with the codec of its
	 * class and the content type that goes with it unless there is a header
	 * @return this request
	 * @throws dev.halley.codec.UnsupportedMessageTypeException if the body has no codec
	 */
	public EventStreamRequest<T> post(Object body) {
		Assert.notNull(body, "'body' must not be null");
		this.body = Body.of(body, this.runtime.codecs());
		return this;
	}

	/**
	 * Sets whether to ask again when the stream has ended or broken off, as far as the
	 * {@link ErrorStrategy} says so.
	 * @param reconnecting {@code true} by default, {@code false} after {@link #post}
	 * @return this request
	 */
	public EventStreamRequest<T> reconnecting(boolean reconnecting) {
		this.reconnecting = reconnecting;
		return this;
	}

	/**
	 * Goes on after an event that was seen earlier.
	 * @param id the id of the event
	 * @return this request
	 */
	public EventStreamRequest<T> after(String id) {
		Assert.notNull(id, "'id' must not be null");
		this.lastEventId = id;
		return this;
	}

	/**
	 * Returns the data of the events.
	 * @return cold: asks for the stream when it is subscribed to. Completes when the
	 * stream is over; fails with a {@link ConnectFailedException} if it is refused, an
	 * {@link java.io.IOException} if it breaks off, both where there is no other attempt,
	 * with {@link dev.halley.codec.MessageDecodingException} if an event cannot be read
	 */
	public Flux<T> messages() {
		return events().handle((event, sink) -> {
			T data = event.data();
			if (data != null) {
				sink.next(data);
			}
		});
	}

	/**
	 * Returns the events, with their ids and names. The data of one that is empty is
	 * {@code null}, unless it is text.
	 * @return as {@link #messages()}
	 */
	public Flux<ServerSentEvent<T>> events() {
		return Flux.defer(() -> new EventStreamRun(this).events(this::decode));
	}

	/**
	 * Returns the data of the events, to be sent on by a pair of a server.
	 * @return asks for the stream for each connection that runs it
	 */
	public Out<T> out() {
		return Out.from(messages());
	}

	private Flux<ServerSentEvent<T>> decode(Flux<ServerSentEvent<String>> events) {
		return events
			.filter((event) -> this.names.isEmpty()
					|| this.names.contains((event.event() != null) ? event.event() : UNNAMED))
			.map(this::decode);
	}

	@SuppressWarnings("unchecked")
	private ServerSentEvent<T> decode(ServerSentEvent<String> event) {
		String text = (event.data() != null) ? event.data() : "";
		ServerSentEvent.Builder<T> decoded = ServerSentEvent.builder();
		if (event.id() != null) {
			decoded.id(event.id());
		}
		if (event.event() != null) {
			decoded.event(event.event());
		}
		try {
			if (this.textual || !text.isEmpty()) {
				decoded.data((T) this.codec.decode(Payload.text(text)));
			}
			return decoded.build();
		}
		catch (Exception ex) {
			throw Exceptions.propagate(ex);
		}
	}

	@Nullable Body body() {
		return this.body;
	}

	boolean isReconnecting() {
		return (this.reconnecting != null) ? this.reconnecting : this.body == null;
	}

	String lastEventId() {
		return this.lastEventId;
	}

	@Override
	EventStreamRequest<T> self() {
		return this;
	}

	/**
	 * What is posted.
	 *
	 * @param bytes the bytes
	 * @param contentType what they are
	 */
	record Body(byte[] bytes, String contentType) {

		static Body of(Object body, MessageCodecs codecs) {
			MessageCodec<Object> codec = codecs.codecOf(body);
			try {
				Payload payload = codec.encode(body);
				if (codecs.isJson(codec)) {
					return new Body(payload.bytes(), MediaType.APPLICATION_JSON_VALUE);
				}
				boolean text = payload.kind() == Payload.Kind.TEXT;
				return new Body(payload.bytes(),
						text ? new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8).toString()
								: MediaType.APPLICATION_OCTET_STREAM_VALUE);
			}
			catch (Exception ex) {
				throw new IllegalArgumentException("body: " + body.getClass().getName() + ", which cannot be encoded",
						ex);
			}
		}

	}

}

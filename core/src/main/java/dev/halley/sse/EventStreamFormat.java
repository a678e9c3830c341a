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

package dev.halley.sse;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.http.codec.ServerSentEvent;

import dev.halley.HubEvent;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.MessageCodecs;
import dev.halley.codec.Payload;
import dev.halley.stream.StreamFormat;

/**
 * An event stream. For those who put pairs onto responses; applications use
 * {@link dev.halley.annotation.EventSourceMapping}.
 * <p>
 * Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class EventStreamFormat implements StreamFormat {

	/**
	 * The content type of event streams.
	 */
	public static final String CONTENT_TYPE = "text/event-stream;charset=UTF-8";

	/**
	 * The name of the event that tells a browser that its last id is not within the
	 * history of a hub, so that what it shows may be out of date. Its data is empty, and
	 * its id is where the stream goes on.
	 */
	public static final String RESET = "halley-reset";

	/** What the names of events begin with that no application has chosen. */
	static final String OWN = "halley-";

	private static final byte[] NOTHING = new byte[0];

	/**
	 * The id of the last event of a stream that is over for good: a browser that comes
	 * back with it is answered with 204, and then does not come again.
	 */
	private static final String LAST_ID = "dev.halley.end";

	/** Has data, since some browsers forget the id of an event without. */
	private static final byte[] LAST = ("id: " + LAST_ID + "\nevent: stream-end\ndata: \n\n")
		.getBytes(StandardCharsets.UTF_8);

	private final byte[] start;

	private final boolean reconnect;

	/**
	 * Creates a format.
	 * @param retry after which a browser shall reconnect, or {@code null} to leave that
	 * to the browser
	 * @param reconnect whether browsers shall reconnect when the out is over, or failed,
	 * without having asked for the end
	 */
	public EventStreamFormat(@Nullable Duration retry, boolean reconnect) {
		this.reconnect = reconnect;
		this.start = (retry != null) ? ("retry: " + retry.toMillis() + "\n\n").getBytes(StandardCharsets.UTF_8)
				: NOTHING;
	}

	/**
	 * Returns the codec that makes messages ready for this format.
	 * @param codecs the codecs of messages
	 * @param type the type of the messages, which may be a {@link ServerSentEvent} or a
	 * {@link HubEvent} of a type
	 * @return the codec, equal for equal types
	 * @throws dev.halley.codec.UnsupportedMessageTypeException if the type has no codec
	 */
	public static MessageCodec<?> codec(MessageCodecs codecs, ResolvableType type) {
		return new EventCodec(codecs, codecs.codec(data(type)));
	}

	/**
	 * Returns the type of what events carry.
	 * @param type the type of the messages
	 * @return the type of their data
	 */
	public static ResolvableType data(ResolvableType type) {
		boolean isWrapped = type.toClass() == ServerSentEvent.class || HubEvent.class.isAssignableFrom(type.toClass());
		return isWrapped ? type.getGeneric(0) : type;
	}

	/**
	 * As {@link #codec(MessageCodecs, ResolvableType)}, for messages of which no type is
	 * declared: looks at each one.
	 * @param codecs the codecs of messages
	 * @return the codec
	 */
	public static MessageCodec<?> codec(MessageCodecs codecs) {
		return new EventCodec(codecs, null);
	}

	/**
	 * Whether a stream is over for good for whoever has seen an event.
	 * @param lastEventId the id of the last event, or {@code null} if there was none
	 * @return whether the answer to a reconnect is 204
	 */
	public static boolean isOver(@Nullable String lastEventId) {
		return LAST_ID.equals(lastEventId);
	}

	@Override
	public byte[] start() {
		return this.start;
	}

	@Override
	public byte[] encode(Payload payload) {
		return switch (payload.kind()) {
			case PING -> EventStreamEncoder.heartbeat();
			case PONG -> NOTHING;
			case TEXT ->
				(payload.content() instanceof WholeEvent) ? payload.bytes() : EventStreamEncoder.encode(payload.text());
			case BINARY -> throw new IllegalArgumentException("message: BINARY (expected: TEXT)");
		};
	}

	@Override
	public byte[] end(boolean asked) {
		return (asked || !this.reconnect) ? LAST : NOTHING;
	}

	@Override
	public boolean isFlushedEach() {
		return false;
	}

}

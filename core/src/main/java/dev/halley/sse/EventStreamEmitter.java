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

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.util.Assert;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;

import dev.halley.Out;
import dev.halley.Overflow;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.MessageCodecs;
import dev.halley.stream.StreamFormat;
import dev.halley.stream.StreamOverrides;

/**
 * What {@link EventStream} returns: an out and how to send it. To be returned from a
 * handler method, alone or in a {@code ResponseEntity}, whose status and headers are
 * used. Halley sends it itself, over the same machinery as mapped methods; nothing can be
 * sent by hand.
 * <p>
 * Its methods return a changed copy. Surprising, perhaps: a stream has no time limit,
 * though Spring MVC's emitters have one.
 *
 * @since 0.1
 */
public final class EventStreamEmitter extends ResponseBodyEmitter {

	private final Out<?> out;

	private final @Nullable Class<?> type;

	private final StreamOverrides overrides;

	private final @Nullable Duration retry;

	private final boolean reconnect;

	EventStreamEmitter(Out<?> out, @Nullable Class<?> type) {
		this(out, type, StreamOverrides.NONE, null, true);
	}

	private EventStreamEmitter(Out<?> out, @Nullable Class<?> type, StreamOverrides overrides, @Nullable Duration retry,
			boolean reconnect) {
		this.out = out;
		this.type = type;
		this.overrides = overrides;
		this.retry = retry;
		this.reconnect = reconnect;
	}

	/**
	 * Tells browsers after which time they shall reconnect.
	 * @param retry the time
	 * @return the stream with it
	 */
	public EventStreamEmitter retry(Duration retry) {
		Assert.isTrue(!retry.isNegative(), () -> "retry: " + retry + " (expected: >= 0)");
		return new EventStreamEmitter(this.out, this.type, this.overrides, retry, this.reconnect);
	}

	/**
	 * Tells browsers to stay away when the out is over or has failed, as for a job that
	 * nobody wants to run twice. {@link Out#eof} tells them in any case.
	 * @return the stream that is over when its out is
	 */
	public EventStreamEmitter withoutReconnect() {
		return new EventStreamEmitter(this.out, this.type, this.overrides, this.retry, false);
	}

	/**
	 * Ends the stream after a time.
	 * @param timeout the time, zero for never
	 * @return the stream with the limit
	 */
	public EventStreamEmitter timeout(Duration timeout) {
		return with(this.overrides.withTimeout(timeout));
	}

	/**
	 * Sends a comment after a time without a message, which finds peers that are gone.
	 * @param heartbeat the time
	 * @return the stream with the heartbeat
	 */
	public EventStreamEmitter heartbeat(Duration heartbeat) {
		return with(this.overrides.withHeartbeat(heartbeat));
	}

	/**
	 * Chooses what happens when a source that does not wait meets a full send buffer.
	 * @param overflow the strategy
	 * @return the stream with the strategy
	 */
	public EventStreamEmitter overflow(Overflow overflow) {
		return with(this.overrides.withOverflow(overflow));
	}

	private EventStreamEmitter with(StreamOverrides overrides) {
		return new EventStreamEmitter(this.out, this.type, overrides, this.retry, this.reconnect);
	}

	/**
	 * Returns what to send.
	 * @return the out
	 */
	public Out<?> out() {
		return this.out;
	}

	/**
	 * Returns what this stream does differently from what is configured.
	 * @return the differences
	 */
	public StreamOverrides overrides() {
		return this.overrides;
	}

	/**
	 * Returns the format of the stream.
	 * @param retry the time to reconnect if none was given
	 * @return the format
	 */
	public StreamFormat format(@Nullable Duration retry) {
		return new EventStreamFormat((this.retry != null) ? this.retry : retry, this.reconnect);
	}

	/**
	 * Returns the codec of the messages.
	 * @param codecs the codecs of the application
	 * @return the codec
	 */
	public MessageCodec<?> codec(MessageCodecs codecs) {
		return (this.type != null) ? EventStreamFormat.codec(codecs, ResolvableType.forClass(this.type))
				: EventStreamFormat.codec(codecs);
	}

	@Override
	protected void extendResponse(ServerHttpResponse outputMessage) {
		throw new IllegalStateException("Spring MVC was about to send an event stream (expected: Halley's "
				+ "PairHandlerAdapter with an EventStreamRuntime, which the starter configures)");
	}

}

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

package dev.halley;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.halley.hub.broker.BrokerPayload;
import dev.halley.hub.broker.PayloadCodec;

/**
 * A message that a hub has given a place in its order. It is set within the hub's lock,
 * before anybody gets the message. One that comes from a broker is decoded when somebody
 * asks for it, once for all.
 *
 * @param <T> the type of the message
 */
final class PublishedMessage<T> extends SharedMessage<T> {

	private @Nullable Position position;

	/** Whether whoever comes back with the position gets what comes after. */
	private boolean kept;

	private final @Nullable Received received;

	private @Nullable SharedMessage<HubEvent<T>> event;

	PublishedMessage(T message) {
		super(message);
		this.received = null;
	}

	PublishedMessage(T message, Position position) {
		super(message);
		this.position = position;
		this.kept = true;
		this.received = null;
	}

	/**
	 * Creates one that comes from a broker.
	 * @param position its place
	 * @param kept whether the hub keeps a history
	 * @param payload what came
	 * @param codec decodes it
	 */
	PublishedMessage(Position position, boolean kept, BrokerPayload payload, PayloadCodec codec) {
		this.position = position;
		this.kept = kept;
		this.received = new Received(payload, codec);
	}

	@Override
	@SuppressWarnings("unchecked")
	public T message() {
		return (this.received != null) ? (T) this.received.message() : super.message();
	}

	@Override
	public @Nullable Object received() {
		return (this.received != null) ? this.received.encoded : null;
	}

	/** How many bytes came. */
	int receivedSize() {
		return (this.received != null) ? this.received.payload.bytes().length : 0;
	}

	/** Sets the place of a message that is kept in a history. */
	void place(Position position) {
		this.position = position;
		this.kept = true;
	}

	/** The place of a message that has one. */
	Position placed() {
		return Objects.requireNonNull(this.position, "A message without a place has got out");
	}

	@Override
	public @Nullable Position position() {
		return this.kept ? this.position : null;
	}

	/** The same with its place, shared by all who want to know it. */
	synchronized SharedMessage<HubEvent<T>> event() {
		SharedMessage<HubEvent<T>> event = this.event;
		if (event == null) {
			Position position = placed();
			event = new PlacedMessage<>(new HubEvent.Message<>(position, message()), position);
			this.event = event;
		}
		return event;
	}

	private static final class Received {

		private final BrokerPayload payload;

		private final PayloadCodec codec;

		private final Object encoded;

		private @Nullable Object message;

		Received(BrokerPayload payload, PayloadCodec codec) {
			this.payload = payload;
			this.codec = codec;
			this.encoded = codec.encoded(payload);
		}

		synchronized Object message() {
			Object message = this.message;
			if (message == null) {
				message = decode();
				this.message = message;
			}
			return message;
		}

		private Object decode() {
			try {
				return this.codec.decode(this.payload);
			}
			catch (RuntimeException ex) {
				throw ex;
			}
			catch (Exception ex) {
				throw new IllegalStateException("A message from the broker could not be decoded", ex);
			}
		}

	}

}

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

/**
 * A message that a hub has given a place in its order. It is set within the hub's lock,
 * before anybody gets the message.
 *
 * @param <T> the type of the message
 */
final class PublishedMessage<T> extends SharedMessage<T> {

	private @Nullable Position position;

	private @Nullable SharedMessage<HubEvent<T>> event;

	PublishedMessage(T message) {
		super(message);
	}

	PublishedMessage(T message, Position position) {
		super(message);
		this.position = position;
	}

	void place(Position position) {
		this.position = position;
	}

	@Override
	public @Nullable Position position() {
		return this.position;
	}

	/** The same with its place, shared by all who want to know it. */
	synchronized SharedMessage<HubEvent<T>> event() {
		SharedMessage<HubEvent<T>> event = this.event;
		if (event == null) {
			Position position = Objects.requireNonNull(this.position, "A message without a place has got out");
			event = new PlacedMessage<>(new HubEvent.Message<>(position, message()), position);
			this.event = event;
		}
		return event;
	}

}

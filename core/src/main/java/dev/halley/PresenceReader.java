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

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;

/**
 * One who wants to know who is present. Changes wait here until they are asked for; in
 * place of too many, and at the beginning, it gets all who are there when it asks.
 * <p>
 * The lock of the presence guards the fields.
 *
 * @param <T> the type of the hub's messages
 */
final class PresenceReader<T> implements HotSubscription.Backlog {

	static final int MOST_EVENTS = 32;

	private final HubPresence<T> presence;

	private final HotSubscription subscription;

	private final Queue<SharedMessage<HubEvent<T>>> events = new ArrayDeque<>(2);

	private boolean behind = true;

	PresenceReader(HubPresence<T> presence, CoreSubscriber<? super Object> subscriber, Step step, Executor others) {
		this.presence = presence;
		this.subscription = new HotSubscription(subscriber, step, others, () -> presence.remove(this));
	}

	HotSubscription subscription() {
		return this.subscription;
	}

	/** Takes what all are told. */
	void add(List<SharedMessage<HubEvent<T>>> told) {
		if (this.events.size() + told.size() > MOST_EVENTS || told.get(0).message() instanceof HubEvent.Presence<T>) {
			this.events.clear();
			this.behind = true;
		}
		else if (!this.behind) {
			this.events.addAll(told);
		}
	}

	/** Takes what is next. */
	@Nullable Object next(Roster<T> roster) {
		if (this.behind) {
			this.behind = false;
			return roster.snapshot();
		}
		return this.events.poll();
	}

	/** There is nothing to begin with. */
	void skip() {
		this.behind = false;
	}

	boolean isEmpty() {
		return !this.behind && this.events.isEmpty();
	}

	@Override
	public @Nullable Object poll() {
		return this.presence.next(this);
	}

	@Override
	public boolean isOver() {
		return this.presence.hasRead(this);
	}

	@Override
	public boolean goesOn() {
		return true;
	}

}

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

import java.util.Map;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

/**
 * The part of a hub that knows who is present, from the first who joins or asks.
 *
 * @param <T> the type of the messages
 */
abstract class PresenceKeeping<T> implements Hub<T> {

	/** A monitor, which is left even when the stack of a publisher ends within. */
	final Object order = new Object();

	volatile boolean closed;

	private final HubTimes times;

	/** There once somebody was present or wanted to know who is. */
	private volatile @Nullable HubPresence<T> presence;

	PresenceKeeping(HubTimes times) {
		this.times = times;
	}

	@Override
	public <R> Out<R> join(String member, Object data, Out<R> out) {
		return presenceHere().join(member, data, out);
	}

	@Override
	public boolean update(String member, Object data) {
		StackReserve.require();
		return presenceHere().update(member, data);
	}

	@Override
	public Out<HubEvent<T>> presence() {
		return presenceHere().events();
	}

	@Override
	public Map<String, Object> members() {
		HubPresence<T> presence = this.presence;
		return (presence != null) ? presence.members() : Map.of();
	}

	HubPresence<T> presenceHere() {
		synchronized (this.order) {
			HubPresence<T> presence = this.presence;
			if (presence == null) {
				presence = new HubPresence<>(this, this.times, this.closed);
				this.presence = presence;
			}
			return presence;
		}
	}

	/** What goes on with what a publisher leaves. */
	abstract Executor others();

	final void closePresence() {
		HubPresence<T> presence = this.presence;
		if (presence != null) {
			presence.close();
		}
	}

	@Override
	public boolean isClosed() {
		return this.closed;
	}

}

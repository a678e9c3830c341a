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
 * A hub as a place where members are present, which costs nothing until somebody is.
 *
 * @param <T> the type of the messages
 */
abstract class PresentHub<T> implements Hub<T> {

	private final HubTimes times;

	private final Object presenceOrder = new Object();

	private volatile @Nullable HubPresence<T> presence;

	private boolean presenceEnded;

	/**
	 * Creates a hub in which nobody is present.
	 * @param times what it does in time
	 */
	PresentHub(HubTimes times) {
		this.times = times;
	}

	/** Counts what this does. */
	final HubCounts counts() {
		return InMemoryHubs.isInternal(name()) ? HubCounts.IGNORED : this.times.counts();
	}

	/** How many are present by connections of this process. */
	final int presentHereNow() {
		HubPresence<T> presence = this.presence;
		return (presence != null) ? presence.presentHere() : 0;
	}

	/** Goes on with what one thread leaves. */
	abstract Executor others();

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

	final HubPresence<T> presenceHere() {
		synchronized (this.presenceOrder) {
			HubPresence<T> presence = this.presence;
			if (presence == null) {
				presence = createPresence(this.times, this.presenceEnded);
				this.presence = presence;
			}
			return presence;
		}
	}

	HubPresence<T> createPresence(HubTimes times, boolean closed) {
		return new HubPresence<>(this, times, closed);
	}

	/** The hub is closed. */
	final void endPresence() {
		HubPresence<T> presence;
		synchronized (this.presenceOrder) {
			this.presenceEnded = true;
			presence = this.presence;
		}
		if (presence != null) {
			presence.close();
		}
	}

}

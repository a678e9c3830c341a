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

import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * The history that a hub keeps, if it keeps one: whether it was given to this hub or
 * comes by the hub's name, whether the hub is {@linkplain RetainedHubs retained} for it,
 * who may begin in it, and who reads it still once the hub is closed.
 * <p>
 * All is called within the lock of the hub, but {@link #current()}, which any thread may
 * call.
 */
final class KeptHistory {

	private final InMemoryHub<?> hub;

	private final RetainedHubs retained;

	private final ToLongFunction<Object> weigher;

	private volatile @Nullable HubHistory current;

	/** Whether it was given to this hub. Guarded by the lock of the hub. */
	private boolean own;

	/** Whether the hub is retained. Guarded by the lock of the hub. */
	private boolean retaining;

	/** Whether nobody can begin in it as it is. Guarded by the lock of the hub. */
	private boolean suspended;

	/**
	 * Creates none, which may be given later.
	 * @param hub whose history it is
	 * @param retained where the hub is while its history is not empty
	 * @param weigher tells the size of messages
	 */
	KeptHistory(InMemoryHub<?> hub, RetainedHubs retained, ToLongFunction<Object> weigher) {
		this.hub = hub;
		this.retained = retained;
		this.weigher = weigher;
	}

	/** What is kept, {@code null} if nothing is. Any thread. */
	@Nullable HubHistory current() {
		return this.current;
	}

	/**
	 * Keeps a history from now on, unless it does so already.
	 * @param limits how much to keep
	 * @param own whether it is given to this hub; one that comes by its name is replaced
	 * @param last the place of the last message that was published
	 * @throws IllegalArgumentException if it was given another one before
	 */
	void keep(History limits, boolean own, Position last) {
		HubHistory current = this.current;
		if (current == null) {
			this.current = new HubHistory(limits, last.epoch(), last.offset() + 1, this.retained.ticker(),
					this.weigher);
		}
		else if (own) {
			Assert.isTrue(!this.own || current.limits().equals(limits), () -> "history of hub '" + this.hub.name()
					+ "': " + limits + " (expected: " + current.limits() + ", with which it is in use)");
			current.limit(limits);
		}
		this.own |= own;
	}

	/**
	 * Called when the history may have changed.
	 * @return to whom something has to be delivered, without the lock
	 */
	Set<HotSubscription> changed() {
		HubHistory current = this.current;
		if (current == null) {
			return Set.of();
		}
		boolean retaining = !current.isEmpty() && !this.hub.closed;
		if (retaining != this.retaining) {
			this.retaining = retaining;
			if (retaining) {
				this.retained.add(this.hub);
			}
			else {
				this.retained.remove(this.hub);
			}
		}
		else if (retaining) {
			this.retained.goOn();
		}
		return current.takeTouched();
	}

	/** Lets nobody begin, or lets them again. */
	void suspend(boolean suspended) {
		this.suspended = suspended;
	}

	/**
	 * Drops what has become too old.
	 * @return to whom something has to be delivered, without the lock
	 */
	Set<HotSubscription> expire() {
		HubHistory current = this.current;
		if (current == null || this.hub.closed) {
			return Set.of();
		}
		current.expire();
		return changed();
	}

	/**
	 * A subscriber begins to read, if it is there still.
	 * @param member the subscriber
	 * @param replay where it begins
	 * @param epoch of the hub
	 * @return to whom something has to be delivered, without the lock; {@code null} if
	 * nobody can begin now
	 */
	@Nullable Set<HotSubscription> begin(HubMember member, Replay replay, long epoch) {
		HubHistory current = this.current;
		if (this.suspended && !this.hub.closed) {
			return null;
		}
		if (current == null || this.hub.closed || !member.subscription().isOpen()) {
			return Set.of();
		}
		current.expire();
		Replay.Start start = replay.start(epoch, current.first(), current.next());
		this.hub.counts().replayed(replay, start);
		if (start.reset()) {
			member.subscription().keep(member.reset(new Position(epoch, start.offset() - 1)));
		}
		else {
			member.begin(epoch, start.offset() - 1);
		}
		Replaying replaying = new Replaying(this.hub, member, start.offset(), current.next());
		member.replaying = replaying;
		current.add(replaying);
		member.subscription().readFirst(replaying);
		return changed();
	}

	/** What a subscriber reads next, {@code null} if it has read all. */
	@Nullable Object read(Replaying replaying) {
		HubHistory current = this.current;
		return (current != null) ? current.read(replaying) : null;
	}

	/** Whether a subscriber has read all there is. */
	boolean hasRead(Replaying replaying) {
		HubHistory current = this.current;
		return current == null || replaying.next() >= current.next();
	}

	/** How many read, and have not read all. */
	int readers() {
		HubHistory current = this.current;
		return (current != null) ? current.behind().size() : 0;
	}

	/** A subscriber reads no more. */
	void stopReading(Replaying replaying) {
		HubHistory current = this.current;
		replaying.member().replaying = null;
		if (current != null) {
			current.remove(replaying);
			clearIfOver(current);
		}
	}

	/**
	 * The hub is closed: what is here is for those who read.
	 * @return who they are
	 */
	List<HotSubscription> close() {
		HubHistory current = this.current;
		if (current == null) {
			return List.of();
		}
		changed();
		clearIfOver(current);
		return current.behind().stream().map(Replaying::subscription).toList();
	}

	private void clearIfOver(HubHistory current) {
		if (this.hub.closed && current.behind().isEmpty()) {
			current.clear();
		}
	}

}

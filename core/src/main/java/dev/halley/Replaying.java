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

import org.jspecify.annotations.Nullable;

/**
 * A subscriber that reads the history of its hub, at the pace of its own demand, until it
 * has caught up with what is published. Nothing is put into its queue meanwhile but what
 * leaves the history before it was read. The lock of the hub guards the fields.
 */
final class Replaying implements HotSubscription.Backlog {

	private final InMemoryHub<?> hub;

	private final HubMember member;

	private long live;

	private long next;

	/**
	 * Creates one that reads.
	 * @param hub whose history is read
	 * @param member who reads
	 * @param first the offset of the first message to read
	 * @param live that of the first one that was not there when the reading began
	 */
	Replaying(InMemoryHub<?> hub, HubMember member, long first, long live) {
		this.hub = hub;
		this.member = member;
		this.next = first;
		this.live = live;
	}

	HubMember member() {
		return this.member;
	}

	HotSubscription subscription() {
		return this.member.subscription();
	}

	/** The offset of what is read next. */
	long next() {
		return this.next;
	}

	void advance() {
		this.next++;
	}

	/**
	 * Takes what leaves the history. What was there when the reading began is what the
	 * subscriber asked for; what came later meets the limits of its send buffer.
	 */
	void hand(PublishedMessage<?> message) {
		if (this.next < this.live) {
			subscription().keep(message);
		}
		else {
			subscription().offer(message);
		}
		this.next++;
	}

	/** What was to be read is lost, or was handed. */
	void restart(Position position) {
		subscription().offer(this.member.reset(position));
		this.next = position.offset() + 1;
		this.live = this.next;
	}

	@Override
	public @Nullable Object poll() {
		return this.hub.read(this);
	}

	@Override
	public boolean isOver() {
		return this.hub.hasRead(this);
	}

}

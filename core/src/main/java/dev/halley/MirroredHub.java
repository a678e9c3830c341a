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

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * A hub whose messages get their place elsewhere. Here are its subscribers of this
 * process and, while there are any, a copy of the history. One thread at a time delivers
 * and restarts; all else may be called by any.
 *
 * @param <T> the type of the messages
 */
abstract class MirroredHub<T> extends InMemoryHub<T> {

	MirroredHub(String name, Type type, Executor others, RetainedHubs retained, HubTimes times) {
		super(name, type, others, retained, (message) -> HubHistory.UNKNOWN_SIZE, times);
		this.kept.suspend(true);
	}

	/** Lets nobody begin in the history, or lets them again. */
	final void suspendHistory(boolean suspended) {
		synchronized (this.order) {
			this.kept.suspend(suspended);
		}
	}

	/** Keeps nothing of the history, and lets nobody begin in it. */
	final void forgetHistory() {
		Set<HotSubscription> touched = Set.of();
		synchronized (this.order) {
			HubHistory history = history();
			this.kept.suspend(true);
			if (history != null && !this.closed) {
				history.restart(new Position(this.epoch, this.offset));
				touched = this.kept.changed();
			}
		}
		touched.forEach(HotSubscription::deliver);
	}

	/** Delivers a message that got its place elsewhere, some nanoseconds ago. */
	final void deliver(PublishedMessage<T> message, long age) {
		Audience audience = new Audience(message);
		do {
			audience.ask(this.members.view());
		}
		while (!offerPlaced(audience, message, age));
		audience.deliver(counts());
	}

	private boolean offerPlaced(Audience audience, PublishedMessage<T> message, long age) {
		synchronized (this.order) {
			if (this.closed || !audience.isComplete(this.members.view())) {
				return this.closed;
			}
			HubHistory history = history();
			this.offset = message.placed().offset();
			if (history != null) {
				history.add(message, age);
			}
			audience.offer(message);
			audience.add(this.kept.changed());
			return true;
		}
	}

	/**
	 * Goes on elsewhere in the order, or in another one. What a closed hub has kept is
	 * for those who still read.
	 * @param position of the last message that is not delivered
	 * @param earlier what comes before, for the history
	 * @param ages how old that is, in nanoseconds
	 */
	final void restart(Position position, List<PublishedMessage<T>> earlier, List<Long> ages) {
		List<HotSubscription> told = new ArrayList<>();
		synchronized (this.order) {
			if (this.closed) {
				return;
			}
			HubHistory history = history();
			this.epoch = position.epoch();
			this.offset = position.offset();
			if (history != null) {
				history.restart(position);
				history.prepend(earlier, ages);
				told.addAll(this.kept.changed());
			}
			this.members.view().forEach((member) -> {
				if (member.told && member.subscription().offer(member.reset(position))) {
					told.add(member.subscription());
				}
			});
		}
		told.forEach(HotSubscription::deliver);
	}

	/** Puts what came before what is kept into the history. */
	final void complete(List<PublishedMessage<T>> earlier, List<Long> ages) {
		Set<HotSubscription> touched = Set.of();
		synchronized (this.order) {
			HubHistory history = history();
			if (history != null && !this.closed) {
				history.prepend(earlier, ages);
				touched = this.kept.changed();
			}
		}
		touched.forEach(HotSubscription::deliver);
	}

}

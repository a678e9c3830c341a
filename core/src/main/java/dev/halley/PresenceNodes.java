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

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * Which nodes are alive, as far as who is present somewhere depends on it: while somebody
 * here is present in a hub, or wants to know who is, this node says every few seconds
 * that it is alive, and listens to the others. One that was not heard for the time of a
 * lease is taken for dead, with all who were present there; a process that starts again
 * is another node. While the link is down, or this process was held up, nobody is taken
 * for dead.
 * <p>
 * Thread-safe. Nothing of a hub is called while the monitor is held.
 */
final class PresenceNodes {

	private static final int MOST_LOST = 1000;

	private final long id = Epochs.next();

	private final BrokeredHubs hubs;

	private final BrokerTimes times;

	private final HubTimer timer;

	private final Lane lane;

	private final Set<Dependent> dependents = new LinkedHashSet<>();

	/** When each other node was heard last. */
	private final Map<Long, Long> heard = new HashMap<>();

	/** Those that were taken for dead. */
	private final Set<Long> lost = new LinkedHashSet<>();

	/** Beats of an earlier time are none. */
	private int turn;

	private long looked;

	/** Whether others may take this node for dead. */
	private boolean missed;

	/** Belongs to the lane. */
	private @Nullable BrokeredHub<PresenceMessage> wire;

	/** Belongs to the lane. */
	private @Nullable Disposable listening;

	PresenceNodes(BrokeredHubs hubs, HubTimer timer) {
		this.hubs = hubs;
		this.times = hubs.times();
		this.timer = timer;
		this.lane = new Lane(hubs.others());
	}

	/** The number of this node, which no other has. */
	long id() {
		return this.id;
	}

	/** Something begins to depend on who is alive. */
	void add(Dependent dependent) {
		synchronized (this) {
			this.dependents.add(dependent);
			if (this.dependents.size() == 1) {
				int turn = ++this.turn;
				this.looked = this.timer.now();
				this.lane.execute(() -> begin(turn));
			}
		}
	}

	/** Something depends on it no more. */
	void remove(Dependent dependent) {
		synchronized (this) {
			if (this.dependents.remove(dependent) && this.dependents.isEmpty()) {
				this.turn++;
				this.heard.clear();
				this.lost.clear();
				this.lane.execute(this::end);
			}
		}
	}

	private synchronized boolean isOver(int turn) {
		return turn != this.turn;
	}

	private void begin(int turn) {
		if (!isOver(turn) && this.listening == null) {
			BrokeredHub<PresenceMessage> wire = this.hubs.presenceWire("");
			this.wire = wire;
			this.listening = wire.listen((message) -> hear(message.node()), () -> {
			});
		}
		beat(turn);
	}

	private void end() {
		Disposable listening = this.listening;
		if (listening != null && isIdle()) {
			this.listening = null;
			this.wire = null;
			listening.dispose();
		}
	}

	private synchronized boolean isIdle() {
		return this.dependents.isEmpty();
	}

	/** A node has said something. */
	void hear(long node) {
		List<Dependent> told = List.of();
		synchronized (this) {
			if (node == this.id || this.dependents.isEmpty()) {
				return;
			}
			this.heard.put(node, this.timer.now());
			if (this.lost.remove(node)) {
				told = List.copyOf(this.dependents);
			}
		}
		told.forEach(Dependent::nodeIsBack);
	}

	/**
	 * A node is alive as far as others know, which it has to show from now on.
	 * @return {@code false} if it was taken for dead since
	 */
	synchronized boolean expect(long node) {
		if (this.lost.contains(node)) {
			return false;
		}
		if (node != this.id && !this.dependents.isEmpty()) {
			this.heard.putIfAbsent(node, this.timer.now());
		}
		return true;
	}

	private void beat(int turn) {
		BrokeredHub<PresenceMessage> wire = this.wire;
		if (isOver(turn) || wire == null) {
			return;
		}
		wire.publish(new PresenceMessage.Beat(this.id)).whenComplete((position, failure) -> beaten(failure == null));
		look();
		long millis = this.times.beat().toMillis();
		long pause = millis - millis / 8 + ThreadLocalRandom.current().nextLong(millis / 4 + 1);
		this.timer.at(this.timer.now() + pause * 1_000_000, () -> this.lane.execute(() -> beat(turn)));
	}

	/** Others may have missed so many beats that they tell of all members again. */
	private void beaten(boolean done) {
		List<Dependent> told = List.of();
		synchronized (this) {
			if (done && this.missed) {
				told = List.copyOf(this.dependents);
			}
			this.missed = !done;
		}
		told.forEach(Dependent::wasSilent);
	}

	private void look() {
		boolean up = this.hubs.broker().state().up();
		Set<Long> dead = new HashSet<>();
		List<Dependent> told;
		synchronized (this) {
			long now = this.timer.now();
			boolean late = now - this.looked > 2 * this.times.beat().toNanos();
			this.looked = now;
			this.missed |= late;
			if (!up || late) {
				this.heard.replaceAll((node, time) -> now);
			}
			takeDead(now, dead);
			told = dead.isEmpty() ? List.of() : new ArrayList<>(this.dependents);
		}
		told.forEach((dependent) -> dead.forEach(dependent::nodeLost));
	}

	private void takeDead(long now, Set<Long> dead) {
		this.heard.forEach((node, time) -> {
			if (now - time > this.times.lease().toNanos()) {
				dead.add(node);
			}
		});
		dead.forEach(this.heard::remove);
		this.lost.addAll(dead);
		Iterator<Long> oldest = this.lost.iterator();
		while (this.lost.size() > MOST_LOST) {
			oldest.next();
			oldest.remove();
		}
	}

	/**
	 * What depends on who is alive. Called by any thread.
	 */
	interface Dependent {

		/** A node is taken for dead. */
		void nodeLost(long node);

		/** A node that was taken for dead is not. */
		default void nodeIsBack() {
		}

		/** This node was silent, so others may have taken it for dead. */
		void wasSilent();

	}

}

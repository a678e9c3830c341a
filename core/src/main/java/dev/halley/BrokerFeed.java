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
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;

import dev.halley.hub.broker.BrokerMessage;
import dev.halley.hub.broker.HistoryRange;
import dev.halley.hub.broker.HistorySlice;
import dev.halley.hub.broker.HubBroker;

/**
 * What comes from the broker to one hub. It is subscribed to while the hub has
 * subscribers, and somewhat longer. What comes is put in order: the next message is
 * delivered, an older one dropped; before one that leaves a gap the history is read, as
 * after each loss of the link, and from time to time, since links can be lost without a
 * word. Where the history does not help, or the hub has begun another epoch, subscribers
 * are told.
 * <p>
 * All happens in the {@link Lane} of the hub; the broker's threads only put it there.
 */
final class BrokerFeed implements HubBroker.Listener {

	private static final int PAGE = 500;

	private final FeedReceiver hub;

	private final HubBroker broker;

	private final Lane lane;

	private final BrokerTimes times;

	private final FeedInbox inbox;

	private volatile FeedPhase phase = FeedPhase.IDLE;

	/** All below belong to the lane. */
	private HubBroker.@Nullable Registration registration;

	private boolean lingering;

	private final FeedTurns turns;

	private final FeedPlace place = new FeedPlace();

	/** Whether the hub has all of the history. */
	private boolean complete;

	private @Nullable HistoryLoad loading;

	BrokerFeed(FeedReceiver hub, HubBroker broker, Lane lane, BrokerTimes times) {
		this.hub = hub;
		this.broker = broker;
		this.lane = lane;
		this.times = times;
		this.inbox = new FeedInbox(lane, this::take, this::readWhatWasLost);
		this.turns = new FeedTurns(lane);
	}

	boolean isIdle() {
		return this.phase == FeedPhase.IDLE;
	}

	/** Whether all has come that the broker has, as far as that is known. */
	boolean isLive() {
		return this.phase == FeedPhase.LIVE;
	}

	/** Sees what has to be done for those who came or left. Any thread. */
	void wake() {
		this.lane.execute(this::look);
	}

	/** Runs something unless it is still to come that all are told of the beginning. */
	void ifSubscribed(Runnable task) {
		this.lane.execute(() -> {
			if (this.place.isKnown()) {
				task.run();
			}
		});
	}

	/** The history is another one. Any thread. */
	void changeHistory() {
		this.lane.execute(() -> {
			this.complete = false;
			this.hub.suspend(true);
			if (this.phase == FeedPhase.SYNCING) {
				// What is read meanwhile is of the other one
				sync();
			}
			else {
				look();
			}
		});
	}

	private void look() {
		if (this.hub.isClosed() || (this.hub.isDeserted() && this.phase == FeedPhase.IDLE)) {
			stop();
		}
		else if (this.hub.isDeserted()) {
			linger();
		}
		else if (this.phase == FeedPhase.IDLE) {
			join();
		}
		else if (this.phase == FeedPhase.LIVE) {
			settle();
		}
		else if (this.phase == FeedPhase.DOWN) {
			this.hub.settled(this.complete);
		}
	}

	private void linger() {
		if (!this.lingering) {
			this.lingering = true;
			this.turns.later(this.times.linger().toMillis(), () -> {
				this.lingering = false;
				if (this.hub.isDeserted()) {
					stop();
				}
			});
		}
	}

	private void join() {
		HubBroker.Registration registration;
		try {
			registration = this.broker.subscribe(this.hub.name(), this);
		}
		catch (RuntimeException | Error ex) {
			this.hub.settled(false);
			this.turns.retry(this::look);
			throw ex;
		}
		this.registration = registration;
		this.phase = FeedPhase.JOINING;
		checkLater(registration);
		if (!this.broker.state().up()) {
			this.hub.settled(false);
		}
	}

	private void stop() {
		HubBroker.Registration registration = this.registration;
		this.registration = null;
		this.phase = FeedPhase.IDLE;
		this.turns.next();
		this.place.forget();
		this.complete = false;
		this.loading = null;
		this.inbox.clear();
		this.hub.forget();
		if (registration != null) {
			registration.cancel();
		}
		this.hub.settled(false);
		if (!this.hub.isClosed() && !this.hub.isDeserted()) {
			look();
		}
	}

	private void checkLater(HubBroker.Registration registration) {
		long millis = this.times.check().toMillis();
		this.turns.later(millis + ThreadLocalRandom.current().nextLong(millis), () -> {
			if (this.registration == registration) {
				if (this.phase == FeedPhase.LIVE) {
					sync();
				}
				checkLater(registration);
			}
		});
	}

	@Override
	public void onUp() {
		this.lane.execute(() -> {
			if (this.phase != FeedPhase.IDLE) {
				this.place.linked();
				this.turns.succeeded();
				sync();
			}
		});
	}

	@Override
	public void onDown() {
		this.lane.execute(() -> {
			if (this.phase != FeedPhase.IDLE) {
				this.phase = FeedPhase.DOWN;
				this.turns.next();
				this.hub.settled(this.complete);
			}
		});
	}

	@Override
	public void onMessage(BrokerMessage message) {
		this.inbox.put(message);
	}

	private void readWhatWasLost() {
		if (this.phase == FeedPhase.LIVE) {
			sync();
		}
		else {
			this.inbox.overrun();
		}
	}

	private void take(BrokerMessage message) {
		switch (this.phase) {
			case IDLE, DOWN -> {
			}
			case JOINING, SYNCING -> this.inbox.keep(message);
			case LIVE -> receive(message);
		}
	}

	private void receive(BrokerMessage message) {
		switch (this.place.meet(message)) {
			case NEXT -> deliver(message);
			case EARLY -> {
				this.inbox.keepFirst(message);
				sync();
			}
			case LATE -> {
				this.place.goBackBefore(message);
				restart(List.of());
				deliver(message);
			}
			// Reading tells whether the server is where it was
			case AGAIN -> sync();
			case OLD -> {
			}
		}
	}

	private void deliver(BrokerMessage message) {
		this.place.reach(message);
		this.hub.deliver(message);
	}

	private void restart(List<BrokerMessage> earlier) {
		this.hub.restart(this.place.epoch(), this.place.last(), earlier);
	}

	/** Reads what may be missing. What comes meanwhile waits. */
	private void sync() {
		this.phase = FeedPhase.SYNCING;
		this.turns.next();
		this.inbox.forgetOverrun();
		HistoryLoad loading = (!this.complete && this.hub.needsHistory()) ? new HistoryLoad(PAGE) : null;
		this.loading = loading;
		if (loading != null) {
			read(loading.first());
		}
		else {
			readOn();
		}
	}

	private void readOn() {
		read(this.place.range(PAGE));
	}

	private void read(HistoryRange range) {
		int turn = this.turns.current();
		BrokerCalls.ask(() -> this.broker.read(this.hub.name(), range, this.hub.retention()))
			.whenComplete((slice, failure) -> this.lane.execute(() -> {
				if (turn == this.turns.current() && slice != null) {
					read(slice);
				}
				else if (turn == this.turns.current()) {
					this.turns.retry(this::sync);
				}
			}));
	}

	private void read(HistorySlice slice) {
		HistoryLoad loading = this.loading;
		if (loading == null) {
			catchUp(slice);
			return;
		}
		HistoryRange next = loading.add(slice);
		if (next != null) {
			read(next);
		}
		else {
			load(loading.all(slice));
		}
	}

	/** The whole history was read. */
	private void load(HistorySlice slice) {
		this.loading = null;
		if (!this.place.isKnown()) {
			begin(slice, slice.top());
		}
		else if (this.place.isIn(slice)) {
			long last = this.place.last();
			this.hub.complete(slice.messages().stream().filter((message) -> message.offset() <= last).toList());
		}
		this.complete = true;
		catchUp(slice);
	}

	/** Those who are subscribed begin with what comes after. */
	private void begin(HistorySlice slice, long floor) {
		this.place.begin(slice, floor);
		restart(slice.messages());
	}

	private void catchUp(HistorySlice slice) {
		if (!this.place.isKnown()) {
			begin(new HistorySlice(slice.epoch(), slice.top(), List.of()), 0);
		}
		if (!this.place.isIn(slice) || this.place.isGap(slice)) {
			// What was missed cannot be had any more
			this.place.reset(slice);
			restart(List.of());
		}
		for (BrokerMessage message : slice.messages()) {
			if (this.place.isNext(message)) {
				deliver(message);
			}
		}
		if (this.place.last() < slice.top()) {
			readOn();
		}
		else {
			live();
		}
	}

	private void live() {
		this.phase = FeedPhase.LIVE;
		this.turns.succeeded();
		this.place.settle();
		while (this.phase == FeedPhase.LIVE && !this.inbox.isEmpty()) {
			receive(this.inbox.remove());
		}
		if (this.phase == FeedPhase.LIVE && this.inbox.isOverrun()) {
			sync();
		}
		else if (this.phase == FeedPhase.LIVE) {
			settle();
		}
	}

	private void settle() {
		if (!this.complete && this.hub.needsHistory()) {
			sync();
		}
		else {
			this.hub.settled(this.complete);
		}
	}

}

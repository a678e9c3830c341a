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

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Tells other nodes what they have to know of a record, and tells it again until it was
 * sent for sure. Belongs to the lane of the record.
 */
final class RecordTelling {

	/** Between two words about readers. */
	private static final long ANNOUNCE_NANOS = TimeUnit.SECONDS.toNanos(1);

	private static final int RETRY_MILLIS = 100;

	private static final int RETRY_MILLIS_WHILE_DOWN = 1000;

	private final RecordWire wire;

	private final BrokeredRecord<?> record;

	private final HubTimer timer;

	/** What was told and has not come back. */
	private final Set<Told> told = EnumSet.noneOf(Told.class);

	/** What concerns an earlier one is too late. */
	private int turn;

	/** Whether messages of the source are to be sent again after a while. */
	private boolean paused;

	RecordTelling(RecordWire wire, BrokeredRecord<?> record, HubTimer timer) {
		this.wire = wire;
		this.record = record;
		this.timer = timer;
	}

	/** Another record is what is told of. */
	void clear() {
		this.told.clear();
		this.turn++;
		this.paused = false;
	}

	/**
	 * Tells the others what they have to know of a record.
	 * @param log what is recorded
	 * @param node this one
	 */
	void tellOf(BrokeredLog<?> log, long node) {
		long now = this.timer.now();
		RecordOutbox<?> outbox = log.outbox;
		if (outbox != null && this.wire.isKnown()) {
			send(log, outbox);
		}
		if (log.unclaimed) {
			tell(Told.CLAIM, log.claim(this.wire.last()));
		}
		if (log.isEnded()) {
			this.record.lookAt(log.keptUntil);
			return;
		}
		if (log.ownerLost) {
			tellEnd(Told.LOST, log, log.lost());
		}
		Duration abandonAfter = log.recording.abandonAfter();
		if (abandonAfter != null && outbox != null) {
			abandonOrNot(log, outbox, abandonAfter, now);
		}
		else if (abandonAfter != null && log.owner != node) {
			announce(log, node, now);
		}
	}

	private void abandonOrNot(BrokeredLog<?> log, RecordOutbox<?> outbox, Duration after, long now) {
		long abandonedAt = log.abandonedAt(after.toNanos(), now);
		if (now - abandonedAt >= 0) {
			outbox.stop();
		}
		else if (!log.isRead()) {
			this.record.lookAt(abandonedAt);
		}
	}

	/** Something is to be told once more. */
	void clear(Told what) {
		this.told.remove(what);
	}

	/** Tells that what is recorded no more is lost, while anything comes here. */
	void tellAnyway(BrokeredLog<?> log) {
		this.wire.sendEnd(log.lost(), log.ageIfEnded(this.timer.now()), () -> retry(() -> {
			if (!this.wire.isIdle()) {
				tellAnyway(log);
			}
		}));
	}

	/** Tells something once. */
	void tell(Told what, RecordMessage message) {
		tell(what, (onFailure) -> this.wire.send(message, onFailure));
	}

	/** Tells an end once. */
	private void tellEnd(Told what, BrokeredLog<?> log, RecordMessage.End end) {
		tell(what, (onFailure) -> this.wire.sendEnd(end, log.ageIfEnded(this.timer.now()), onFailure));
	}

	private void tell(Told what, Consumer<Runnable> sender) {
		if (!this.wire.isKnown() || !this.told.add(what)) {
			return;
		}
		int turn = this.turn;
		sender.accept(() -> retry(() -> {
			if (turn == this.turn) {
				this.told.remove(what);
			}
		}));
	}

	/** Does something after a while, and then what follows from it. */
	private void retry(Runnable action) {
		int pause = this.wire.isUp() ? RETRY_MILLIS : RETRY_MILLIS_WHILE_DOWN;
		BrokerTimer.schedule(() -> this.record.execute(action), pause + ThreadLocalRandom.current().nextInt(pause));
	}

	/** Tells what a source has emitted. */
	private void send(BrokeredLog<?> log, RecordOutbox<?> outbox) {
		List<RecordMessage> messages = this.paused ? List.of() : outbox.take();
		int turn = this.turn;
		messages.forEach((message) -> this.wire.send(message, () -> pause(outbox, turn)));
		RecordMessage.End end = outbox.takeEnd();
		if (end != null) {
			tellEnd(Told.END, log, end);
		}
	}

	private void pause(RecordOutbox<?> outbox, int turn) {
		if (this.paused || turn != this.turn) {
			return;
		}
		this.paused = true;
		retry(() -> {
			if (turn == this.turn) {
				this.paused = false;
				outbox.sendAgain();
			}
		});
	}

	/** Tells whether somebody reads here. */
	private void announce(BrokeredLog<?> log, long node, long now) {
		boolean reading = log.hasReaders();
		if (reading == log.announced || !this.wire.isKnown()) {
			return;
		}
		if (now - log.announceFrom < 0) {
			this.record.lookAt(log.announceFrom);
			return;
		}
		log.announced = reading;
		log.announceFrom = now + ANNOUNCE_NANOS;
		log.announcing++;
		this.wire.send(new RecordMessage.Reading(node, log.epoch(), reading),
				(sent) -> this.record.execute(() -> announced(log, reading, sent)));
	}

	/** One that was not told for sure is told again, for which this listens. */
	private static void announced(BrokeredLog<?> log, boolean reading, boolean sent) {
		log.announcing--;
		if (!sent) {
			log.announced = !reading;
		}
	}

	/**
	 * What is told once.
	 */
	enum Told {

		CLAIM, STOP, FORGOTTEN, END, LOST

	}

}

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

import org.jspecify.annotations.Nullable;

import dev.halley.hub.broker.PayloadCodec;

/**
 * Hears of what is recorded from what nodes tell each other in {@linkplain RecordWire one
 * order}, so that all know the same: the first claim begins the record, and its node
 * subscribes to the source; what that emits goes to all, and each, that one too, reads
 * what has come back. Once a record is forgotten, the next claim begins another. When the
 * broker loses all, what was recorded is held until its node claims it again.
 * <p>
 * Belongs to the lane of the record, unless something else is said.
 *
 * @param <T> the type of the messages
 */
final class RecordHearing<T> {

	private final BrokeredRecord<T> record;

	private final BrokeredHubs hubs;

	private final PayloadCodec codec;

	private final HubTimer timer;

	private final RecordWire wire;

	private final RecordTelling telling;

	/** What is recorded now. */
	private @Nullable BrokeredLog<T> current;

	/** What was recorded when the broker lost all. */
	private @Nullable BrokeredLog<T> held;

	/** Whether it is certain what is recorded, if anything is. */
	private boolean certain;

	/** For whom this node wants to begin. */
	private @Nullable RecordClaim<T> claim;

	/** As {@link #current}, for any thread. */
	private volatile @Nullable RecordLog<T> readable;

	/**
	 * Creates one that has heard of nothing.
	 * @param record what looks again after each change
	 * @param hubs those of this node
	 * @param codec encodes messages
	 * @param wire where the nodes tell each other
	 * @param telling what this node tells
	 */
	RecordHearing(BrokeredRecord<T> record, BrokeredHubs hubs, PayloadCodec codec, RecordWire wire,
			RecordTelling telling) {
		this.record = record;
		this.hubs = hubs;
		this.codec = codec;
		this.timer = hubs.hubTimes().timer();
		this.wire = wire;
		this.telling = telling;
	}

	/** What is recorded now, {@code null} if nothing is as far as is known. */
	@Nullable BrokeredLog<T> current() {
		return this.current;
	}

	/** What is recorded now and can be read. Any thread. */
	@Nullable RecordLog<T> readable() {
		return this.readable;
	}

	/** What was recorded when the broker lost all, and may go on. */
	@Nullable BrokeredLog<T> held() {
		return this.held;
	}

	/** Whether it is certain what is recorded, if anything is. */
	boolean isCertain() {
		return this.certain;
	}

	/** Whether this node waits for a claim to come back, or for what is held. */
	boolean isPending() {
		return this.claim != null || this.held != null;
	}

	/**
	 * For whom this node wants to begin, unless another one begins before.
	 * @param first who waits, if somebody does
	 * @return the claim there is, or else one for that one
	 */
	@Nullable RecordClaim<T> claimFor(Map.@Nullable Entry<RecordReader, RecordedSource<T>> first) {
		if (this.claim == null && first != null) {
			this.claim = new RecordClaim<>(Epochs.next(), first.getValue(), first.getKey().context());
		}
		return this.claim;
	}

	/** What is recorded is too old to be found. */
	void hide() {
		this.readable = null;
	}

	/** What is recorded need not be known any more. */
	void drop() {
		change(null);
	}

	/**
	 * What is kept comes now.
	 * @param fromTheStart whether nothing that counts came before
	 */
	void begin(boolean fromTheStart) {
		this.certain = fromTheStart;
	}

	/**
	 * Something was lost.
	 * @param all whether all was, and not only some
	 * @param fromTheStart whether what comes now is all of it
	 */
	void beginAgain(boolean all, boolean fromTheStart) {
		BrokeredLog<T> before = this.current;
		change(null);
		this.certain = fromTheStart;
		if (before == null) {
			return;
		}
		if (!all) {
			if (isMine(before) && !before.isEnded()) {
				this.telling.tellAnyway(before);
			}
			before.lose(this.record.name());
			return;
		}
		loseHeld();
		this.held = before;
		if (!isMine(before)) {
			long patience = this.hubs.times().lease().toNanos();
			this.timer.at(this.timer.now() + patience, () -> this.record.execute(() -> lose(before)));
		}
	}

	private void lose(BrokeredLog<T> log) {
		if (this.held == log) {
			loseHeld();
		}
	}

	private void loseHeld() {
		BrokeredLog<T> held = this.held;
		this.held = null;
		if (held != null) {
			held.lose(this.record.name());
		}
	}

	/** Whether this node has claimed it, and so has the source. */
	boolean isMine(BrokeredLog<T> log) {
		return log.owner == this.hubs.nodes().id();
	}

	private void change(@Nullable BrokeredLog<T> current) {
		this.current = current;
		this.readable = current;
		this.telling.clear();
	}

	/** A message came, some nanoseconds after it was sent. */
	void receive(RecordMessage message, long age) {
		BrokeredLog<T> current = this.current;
		if (message instanceof RecordMessage.Claim claimed) {
			if (current == null) {
				claimed(claimed, age);
			}
			else if (current.isToBeSentAgain(claimed)) {
				this.telling.clear(RecordTelling.Told.CLAIM);
			}
		}
		else if (message instanceof RecordMessage.Forgotten forgotten) {
			forgotten(forgotten.id());
		}
		else if (current != null && !current.isEnded()) {
			receive(current, message, age);
		}
		else if (current != null && message instanceof RecordMessage.Item item) {
			current.returned(item);
		}
		else if (current != null && message instanceof RecordMessage.End end) {
			current.returned(end);
		}
	}

	private void receive(BrokeredLog<T> current, RecordMessage message, long age) {
		if (message instanceof RecordMessage.Item item) {
			Object kept = current.returned(item);
			if (item.id() == current.epoch() && item.index() == current.size()) {
				current.add(kept);
			}
		}
		else if (message instanceof RecordMessage.End end && end.id() == current.epoch()) {
			ended(current, end, age);
		}
		else if (message instanceof RecordMessage.Stop stop && stop.id() == current.epoch() && current.outbox != null) {
			current.outbox.stop();
		}
		else if (message instanceof RecordMessage.Reading reading && reading.id() == current.epoch()) {
			readElsewhere(current, reading, age);
		}
	}

	private void claimed(RecordMessage.Claim claimed, long age) {
		this.certain |= this.wire.isKnownSince(claimed.after());
		if (!this.certain) {
			return;
		}
		RecordClaim<T> mine = this.claim;
		BrokeredLog<T> held = this.held;
		this.claim = null;
		this.wire.keep(claimed.recording());
		if (held != null && held.epoch() == claimed.id()) {
			this.held = null;
			resume(held);
			return;
		}
		loseHeld();
		BrokeredLog<T> log = new BrokeredLog<>(claimed.id(), claimed.node(), claimed.recording(), this.codec,
				this.timer.now() - age, this.record::again);
		change(log);
		if (isMine(log) && mine != null && mine.id() == claimed.id()) {
			int mostBytes = this.hubs.broker().maxPayloadSize() - RecordCodec.OVERHEAD;
			RecordOutbox<T> outbox = mine.begin(this.codec, mostBytes, this.record::again);
			log.outbox = outbox;
			outbox.start(mine.source().publishers());
		}
		log.ownerLost = !isAlive(log.owner, age) || (isMine(log) && log.outbox == null);
	}

	/** One that has just said something is, even if it was taken for dead before. */
	private boolean isAlive(long node, long age) {
		if (age < this.hubs.times().beat().toNanos()) {
			this.hubs.nodes().hear(node);
		}
		return this.hubs.nodes().expect(node);
	}

	private void resume(BrokeredLog<T> log) {
		change(log);
		log.announced = false;
		log.readElsewhere.clear();
		if (log.outbox != null) {
			log.outbox.sendAll();
		}
	}

	private void ended(BrokeredLog<T> log, RecordMessage.End end, long age) {
		Throwable failure = log.failure(this.record.name(), end);
		log.returned(end);
		log.keptUntil = this.timer.now() - age + log.recording.keep().toNanos();
		log.end(failure);
	}

	private void readElsewhere(BrokeredLog<T> log, RecordMessage.Reading reading, long age) {
		if (isMine(log) && reading.reading() && isAlive(reading.node(), age)) {
			log.readElsewhere.add(reading.node());
		}
		else {
			log.readElsewhere.remove(reading.node());
		}
	}

	private void forgotten(long id) {
		BrokeredLog<T> current = this.current;
		this.certain = true;
		if (current != null && current.epoch() == id) {
			change(null);
			current.lose(this.record.name());
		}
		else if (current != null) {
			current.unclaimed = current.outbox != null;
			this.telling.clear(RecordTelling.Told.CLAIM);
		}
		if (this.held != null && this.held.epoch() == id) {
			loseHeld();
		}
	}

	/** Nothing is heard any more: what has ended stays until it is too old. */
	void forget() {
		BrokeredLog<T> current = this.current;
		if (current != null && !current.isEnded()) {
			change(null);
		}
		this.certain = false;
	}

	/** A node is taken for dead. */
	void nodeLost(long node) {
		BrokeredLog<T> current = this.current;
		if (current != null) {
			current.ownerLost |= current.owner == node;
			current.readElsewhere.remove(node);
		}
		if (this.held != null && this.held.owner == node) {
			loseHeld();
		}
	}

}

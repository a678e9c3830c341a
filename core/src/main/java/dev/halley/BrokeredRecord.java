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
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.halley.hub.broker.PayloadCodec;

/**
 * A recorded source of all nodes, as one of them sees it. What the nodes know follows
 * from what they tell each other in {@linkplain RecordWire one order}: the first claim
 * begins the record, and its node subscribes to the source; what that emits goes to all,
 * and each, that one too, reads what has come back. Once a record is forgotten, the next
 * claim begins another.
 * <p>
 * All happens in the lane, unless something else is said. What is to be told to others is
 * looked for after each change, and told again until it has come back.
 *
 * @param <T> the type of the messages
 */
final class BrokeredRecord<T> implements RecordWire.Handler, PresenceNodes.Dependent {

	private final String name;

	private final Type type;

	private final BrokeredHubs hubs;

	private final BrokeredRecords records;

	private final PayloadCodec codec;

	private final HubTimer timer;

	private final Lane lane;

	private final RecordWire wire;

	/** How many are about to use this, guarded by the map of records. */
	int uses;

	/** What is recorded now. */
	private @Nullable BrokeredLog<T> current;

	/** What was recorded when the broker lost all. */
	private @Nullable BrokeredLog<T> held;

	/** Whether it is certain what is recorded, if anything is. */
	private boolean certain;

	/** For whom this node wants to begin. */
	private @Nullable RecordClaim<T> claim;

	private final RecordQueue<T> queue;

	private final RecordStops stops = new RecordStops();

	/** When it is looked again at the latest. */
	private @Nullable Long nextLook;

	private final RecordTelling telling;

	/** What the wire was told last. */
	private boolean listening;

	/** Whether this depends on who is alive. */
	private boolean attached;

	/** As {@link #current}, for any thread. */
	private volatile @Nullable RecordLog<T> readable;

	BrokeredRecord(String name, Type type, BrokeredHubs hubs, BrokeredRecords records, PayloadCodec codec,
			Recording recording) {
		this.name = name;
		this.type = type;
		this.hubs = hubs;
		this.records = records;
		this.codec = codec;
		this.timer = hubs.hubTimes().timer();
		this.lane = new Lane(hubs.others());
		this.wire = new RecordWire(name, hubs, this.lane, recording, this);
		this.queue = new RecordQueue<>(name);
		this.telling = new RecordTelling(this.wire, this, this.timer);
	}

	String name() {
		return this.name;
	}

	Type type() {
		return this.type;
	}

	/** What is recorded now, as far as this node knows. Any thread. */
	@Nullable RecordLog<T> readable() {
		return this.readable;
	}

	/** Does something, and then what follows from it. Any thread. */
	void execute(Runnable action) {
		this.lane.execute(() -> {
			action.run();
			look();
		});
	}

	/** Looks again. Any thread. */
	private void again() {
		this.lane.execute(this::look);
	}

	/** Looks again at a time, or before. */
	void lookAt(long due) {
		Long next = this.nextLook;
		if (next == null || due - next < 0) {
			this.nextLook = due;
			this.timer.at(due, () -> execute(() -> this.nextLook = null));
		}
	}

	/** A reader that is subscribed waits for what it is to read. */
	void read(RecordedSource<T> source, RecordReader reader) {
		this.wire.keep(source.recording());
		this.queue.add(reader, source);
	}

	/** Who waits. */
	RecordQueue<T> queue() {
		return this.queue;
	}

	/** A reader that waits does so no more. Any thread. */
	void left(RecordReader reader) {
		execute(() -> this.queue.remove(reader));
	}

	void stop(@Nullable RecordLog<T> only) {
		this.stops.add(only);
	}

	@Override
	public void begin(boolean fromTheStart) {
		this.certain = fromTheStart;
	}

	@Override
	public void beginAgain(boolean all, boolean fromTheStart) {
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
			before.lose(this.name);
			return;
		}
		loseHeld();
		this.held = before;
		if (!isMine(before)) {
			long patience = this.hubs.times().lease().toNanos();
			this.timer.at(this.timer.now() + patience, () -> execute(() -> lose(before)));
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
			held.lose(this.name);
		}
	}

	private boolean isMine(BrokeredLog<T> log) {
		return log.owner == this.hubs.nodes().id();
	}

	private void change(@Nullable BrokeredLog<T> current) {
		this.current = current;
		this.readable = current;
		this.telling.clear();
	}

	@Override
	public void receive(RecordMessage message, long age) {
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
				this.timer.now() - age, this::again);
		change(log);
		if (isMine(log) && mine != null && mine.id() == claimed.id()) {
			int mostBytes = this.hubs.broker().maxPayloadSize() - RecordCodec.OVERHEAD;
			RecordOutbox<T> outbox = mine.begin(this.codec, mostBytes, this::again);
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
		Throwable failure = log.failure(this.name, end);
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
			current.lose(this.name);
		}
		else if (current != null) {
			current.unclaimed = current.outbox != null;
			this.telling.clear(RecordTelling.Told.CLAIM);
		}
		if (this.held != null && this.held.epoch() == id) {
			loseHeld();
		}
	}

	@Override
	public void changed() {
		look();
	}

	/** Does what is to be done. */
	private void look() {
		long now = this.timer.now();
		BrokeredLog<T> current = this.current;
		if (current != null && current.isExpired(now)) {
			this.stops.clear();
			forget(current, now);
		}
		else if (current != null) {
			this.queue.serve(current);
			this.queue.answer(current);
			stopIfWanted(current);
			this.telling.tellOf(current, this.hubs.nodes().id());
		}
		else if (this.wire.isKnown()) {
			lookWithout();
		}
		else {
			refuseWhileDown();
		}
		listenOrNot();
	}

	private void refuseWhileDown() {
		if (!this.wire.isUp()) {
			this.queue.refuseToAnswer();
		}
	}

	private void stopIfWanted(BrokeredLog<T> current) {
		boolean wanted = this.stops.isWanted(current);
		if (wanted && current.outbox != null) {
			current.outbox.stop();
		}
		if (!wanted || current.isEnded() || isMine(current)) {
			this.stops.clear();
		}
		else {
			this.telling.tell(RecordTelling.Told.STOP, new RecordMessage.Stop(current.epoch()));
		}
	}

	/** Nothing is recorded, as far as is known. */
	private void lookWithout() {
		BrokeredLog<T> held = this.held;
		if (held != null) {
			this.queue.answer(held);
			if (isMine(held)) {
				this.telling.tell(RecordTelling.Told.CLAIM, held.claim(this.wire.last()));
			}
			return;
		}
		if (!this.certain) {
			this.queue.failAll();
		}
		this.queue.failThoseWhoComeBack();
		Map.Entry<RecordReader, RecordedSource<T>> first = this.queue.first();
		if (this.claim == null && first != null) {
			this.claim = new RecordClaim<>(Epochs.next(), first.getValue(), first.getKey().context());
		}
		RecordClaim<T> claim = this.claim;
		if (claim != null) {
			this.telling.tell(RecordTelling.Told.CLAIM, claim.message(this.hubs.nodes().id(), this.wire.last()));
		}
		else {
			answerNothing();
		}
	}

	private void answerNothing() {
		if (this.wire.isLive()) {
			this.stops.clear();
			this.queue.answer(null);
		}
		else {
			refuseWhileDown();
		}
	}

	/** Others may still read the end for a while, unless somebody wants to begin anew. */
	private void forget(BrokeredLog<T> current, long now) {
		long due = current.keptUntil + this.hubs.times().lease().toNanos();
		this.readable = null;
		if (!this.wire.isKnown()) {
			change(null);
		}
		else if (!this.wire.isLive()) {
			refuseWhileDown();
		}
		else if (this.queue.isEmpty() && isMine(current) && now - due < 0) {
			lookAt(due);
		}
		else if (isMine(current) || !this.queue.isEmpty()) {
			this.telling.tell(RecordTelling.Told.FORGOTTEN, new RecordMessage.Forgotten(current.epoch()));
		}
	}

	@Override
	public boolean isListening() {
		BrokeredLog<T> current = this.current;
		boolean asked = !this.queue.isEmpty() || !this.stops.isEmpty();
		boolean running = current != null && !current.isEnded() && current.concernsReaders();
		boolean mine = current != null && isMine(current);
		return asked || running || mine || this.claim != null || this.held != null;
	}

	private void listenOrNot() {
		boolean listening = isListening();
		if (listening && !this.attached) {
			this.attached = true;
			this.hubs.nodes().add(this);
		}
		if (listening != this.listening) {
			this.listening = listening;
			this.wire.wake();
		}
		if (!listening && this.current == null && this.wire.isIdle()) {
			this.records.remove(this);
		}
	}

	@Override
	public void forget() {
		BrokeredLog<T> current = this.current;
		if (current != null && !current.isEnded()) {
			change(null);
		}
		this.certain = false;
		if (this.attached) {
			this.attached = false;
			this.hubs.nodes().remove(this);
		}
	}

	@Override
	public void nodeLost(long node) {
		execute(() -> {
			BrokeredLog<T> current = this.current;
			if (current != null) {
				current.ownerLost |= current.owner == node;
				current.readElsewhere.remove(node);
			}
			if (this.held != null && this.held.owner == node) {
				loseHeld();
			}
		});
	}

	@Override
	public void wasSilent() {
		execute(() -> {
			BrokeredLog<T> current = this.current;
			if (current != null && current.hasReaders()) {
				current.announced = false;
			}
		});
	}

}

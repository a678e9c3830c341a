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

import org.jspecify.annotations.Nullable;

import dev.halley.hub.broker.PayloadCodec;

/**
 * A recorded source of all nodes, as one of them sees it. What is recorded follows from
 * what the nodes {@linkplain RecordHearing hear} of each other in {@linkplain RecordWire
 * one order}. Here is what this node does about it, which is looked for after each
 * change: who waits reads or is answered, a record is begun, stopped or forgotten, and
 * the others are {@linkplain RecordTelling told}, again until it has come back.
 * <p>
 * All happens in the lane, unless something else is said.
 *
 * @param <T> the type of the messages
 */
final class BrokeredRecord<T> implements RecordWire.Handler, PresenceNodes.Dependent {

	private final String name;

	private final Type type;

	private final BrokeredHubs hubs;

	private final BrokeredRecords records;

	private final HubTimer timer;

	private final Lane lane;

	private final RecordWire wire;

	/** How many are about to use this, guarded by the map of records. */
	int uses;

	private final RecordQueue<T> queue;

	private final RecordStops stops = new RecordStops();

	/** When it is looked again at the latest. */
	private @Nullable Long nextLook;

	private final RecordTelling telling;

	private final RecordHearing<T> hearing;

	/** What the wire was told last. */
	private boolean listening;

	/** Whether this depends on who is alive. */
	private boolean attached;

	BrokeredRecord(String name, Type type, BrokeredHubs hubs, BrokeredRecords records, PayloadCodec codec,
			Recording recording) {
		this.name = name;
		this.type = type;
		this.hubs = hubs;
		this.records = records;
		this.timer = hubs.hubTimes().timer();
		this.lane = new Lane(hubs.others());
		this.wire = new RecordWire(name, hubs, this.lane, recording, this);
		this.queue = new RecordQueue<>(name);
		this.telling = new RecordTelling(this.wire, this, this.timer);
		this.hearing = new RecordHearing<>(this, hubs, codec, this.wire, this.telling);
	}

	String name() {
		return this.name;
	}

	Type type() {
		return this.type;
	}

	/** What is recorded now, as far as this node knows. Any thread. */
	@Nullable RecordLog<T> readable() {
		return this.hearing.readable();
	}

	/** Does something, and then what follows from it. Any thread. */
	void execute(Runnable action) {
		this.lane.execute(() -> {
			action.run();
			look();
		});
	}

	/** Looks again. Any thread. */
	void again() {
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
		this.hearing.begin(fromTheStart);
	}

	@Override
	public void beginAgain(boolean all, boolean fromTheStart) {
		this.hearing.beginAgain(all, fromTheStart);
	}

	@Override
	public void receive(RecordMessage message, long age) {
		this.hearing.receive(message, age);
	}

	@Override
	public void changed() {
		look();
	}

	/** Does what is to be done. */
	private void look() {
		long now = this.timer.now();
		BrokeredLog<T> current = this.hearing.current();
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
		if (!wanted || current.isEnded() || this.hearing.isMine(current)) {
			this.stops.clear();
		}
		else {
			this.telling.tell(RecordTelling.Told.STOP, new RecordMessage.Stop(current.epoch()));
		}
	}

	/** Nothing is recorded, as far as is known. */
	private void lookWithout() {
		BrokeredLog<T> held = this.hearing.held();
		if (held != null) {
			this.queue.answer(held);
			if (this.hearing.isMine(held)) {
				this.telling.tell(RecordTelling.Told.CLAIM, held.claim(this.wire.last()));
			}
			return;
		}
		if (!this.hearing.isCertain()) {
			this.queue.failAll();
		}
		this.queue.failThoseWhoComeBack();
		RecordClaim<T> claim = this.hearing.claimFor(this.queue.first());
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
		boolean mine = this.hearing.isMine(current);
		long due = current.keptUntil + this.hubs.times().lease().toNanos();
		this.hearing.hide();
		if (!this.wire.isKnown()) {
			this.hearing.drop();
		}
		else if (!this.wire.isLive()) {
			refuseWhileDown();
		}
		else if (this.queue.isEmpty() && mine && now - due < 0) {
			lookAt(due);
		}
		else if (mine || !this.queue.isEmpty()) {
			this.telling.tell(RecordTelling.Told.FORGOTTEN, new RecordMessage.Forgotten(current.epoch()));
		}
	}

	@Override
	public boolean isListening() {
		BrokeredLog<T> current = this.hearing.current();
		boolean asked = !this.queue.isEmpty() || !this.stops.isEmpty();
		boolean running = current != null && !current.isEnded() && current.concernsReaders();
		boolean mine = current != null && this.hearing.isMine(current);
		return asked || running || mine || this.hearing.isPending();
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
		if (!listening && this.hearing.current() == null && this.wire.isIdle()) {
			this.records.remove(this);
		}
	}

	@Override
	public void forget() {
		this.hearing.forget();
		if (this.attached) {
			this.attached = false;
			this.hubs.nodes().remove(this);
		}
	}

	@Override
	public void nodeLost(long node) {
		execute(() -> this.hearing.nodeLost(node));
	}

	@Override
	public void wasSilent() {
		execute(() -> {
			BrokeredLog<T> current = this.hearing.current();
			if (current != null && current.hasReaders()) {
				current.announced = false;
			}
		});
	}

}

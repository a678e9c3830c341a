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

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;

import dev.halley.hub.broker.BrokerMessage;
import dev.halley.hub.broker.BrokerPayload;
import dev.halley.hub.broker.HubBroker;
import dev.halley.hub.broker.Retention;

/**
 * Where nodes tell each other of a recorded source: a hub at the broker, read from the
 * start of its history. All happens in the lane.
 */
final class RecordWire implements FeedReceiver {

	private static final Log logger = LogFactory.getLog(RecordWire.class);

	/** How long a source runs at most whose beginning is known to who comes later. */
	private static final Duration LONGEST_RUN = Duration.ofDays(7);

	/** What may be kept beside the messages of the source. */
	private static final int OTHER_MESSAGES = 20_000;

	/** For how long a message may be under way, or be sent twice. */
	private static final Duration UNDER_WAY = Duration.ofMinutes(10);

	/** Empties the history, and is there for as long as the same may be sent twice. */
	private static final Retention FORGET = new Retention(1, UNDER_WAY, Long.MAX_VALUE);

	private final String name;

	private final HubBroker broker;

	private final Lane lane;

	private final BrokerFeed feed;

	private final Handler handler;

	private Retention retention;

	private boolean known;

	private long epoch;

	private long last;

	/** All that came after this offset is known. */
	private long from;

	RecordWire(String name, BrokeredHubs hubs, Lane lane, Recording recording, Handler handler) {
		this.name = InMemoryHubs.INTERNAL + "record " + name;
		this.broker = hubs.broker();
		this.lane = lane;
		this.handler = handler;
		this.retention = retention(recording);
		this.feed = new BrokerFeed(this, this.broker, lane, hubs.times());
	}

	private static Retention retention(Recording recording) {
		int messages = (int) Math.min(Integer.MAX_VALUE, (long) recording.messages() + OTHER_MESSAGES);
		return new Retention(messages, recording.keep().plus(LONGEST_RUN), Long.MAX_VALUE);
	}

	@Override
	public String name() {
		return this.name;
	}

	/** Nothing shorter than what was said before, while it is listened to. */
	void keep(Recording recording) {
		Retention other = retention(recording);
		this.retention = new Retention(Math.max(this.retention.messages(), other.messages()),
				(this.retention.age().compareTo(other.age()) > 0) ? this.retention.age() : other.age(), Long.MAX_VALUE);
	}

	@Override
	public Retention retention() {
		return this.retention;
	}

	/** Sees whether somebody wants to listen, or nobody does any more. */
	void wake() {
		this.feed.wake();
	}

	boolean isIdle() {
		return this.feed.isIdle();
	}

	/** Whether all has come that was sent before the broker was asked last. */
	boolean isKnown() {
		return this.known;
	}

	/** The offset of the last message. */
	long last() {
		return this.last;
	}

	/** Whether all is known that came after an offset. */
	boolean isKnownSince(long offset) {
		return offset >= this.from;
	}

	/**
	 * Sends a message to all nodes, this one included.
	 * @param message the message
	 * @param onFailure called in the lane if it was not sent for sure
	 */
	void send(RecordMessage message, Runnable onFailure) {
		send(message, unlessSent(onFailure));
	}

	/**
	 * Sends a message to all nodes, this one included.
	 * @param message the message
	 * @param onDone called in the lane with whether it was sent for sure
	 */
	void send(RecordMessage message, Consumer<Boolean> onDone) {
		if (message instanceof RecordMessage.Forgotten forgotten) {
			publish(message, FORGET, "forgotten " + forgotten.id(), onDone);
		}
		else {
			publish(message, this.retention, null, onDone);
		}
	}

	/**
	 * Sends the end of a record to all nodes, this one included. If nobody is left who
	 * has it forgotten, the broker forgets it by itself, soon after it need not be known.
	 * @param end the end
	 * @param age how old what has to be known gets
	 * @param onFailure called in the lane if it was not sent for sure
	 */
	void sendEnd(RecordMessage.End end, Duration age, Runnable onFailure) {
		Duration enough = age.plus(UNDER_WAY);
		Duration most = this.retention.age();
		publish(end,
				new Retention(this.retention.messages(), (enough.compareTo(most) < 0) ? enough : most, Long.MAX_VALUE),
				null, unlessSent(onFailure));
	}

	private static Consumer<Boolean> unlessSent(Runnable onFailure) {
		return (sent) -> {
			if (!sent) {
				onFailure.run();
			}
		};
	}

	private void publish(RecordMessage message, Retention retention, @Nullable String key, Consumer<Boolean> onDone) {
		BrokerPayload payload = RecordCodec.encode(message);
		BrokerCalls.ask(() -> this.broker.publish(this.name, payload, retention, key))
			.whenComplete((placement, failure) -> this.lane.execute(() -> onDone.accept(failure == null)));
	}

	/**
	 * Whether all has come, as far as is known: {@code false} while something is read.
	 */
	boolean isLive() {
		return this.feed.isLive();
	}

	boolean isUp() {
		return this.broker.state().up();
	}

	@Override
	public boolean isClosed() {
		return false;
	}

	@Override
	public boolean isDeserted() {
		return !this.handler.isListening();
	}

	@Override
	public boolean needsHistory() {
		return true;
	}

	@Override
	public void forget() {
		this.known = false;
		this.epoch = 0;
		this.handler.forget();
	}

	/** Nobody begins here. */
	@Override
	public void suspend(boolean suspended) {
	}

	@Override
	public void restart(long epoch, long offset, List<BrokerMessage> earlier) {
		boolean first = this.epoch == 0;
		boolean other = this.epoch != epoch;
		this.epoch = epoch;
		this.last = offset;
		this.from = earlier.isEmpty() ? offset : earlier.get(0).offset() - 1;
		boolean fromTheStart = this.from == 0 || (first && earlier.isEmpty());
		if (first) {
			this.handler.begin(fromTheStart);
		}
		else {
			this.handler.beginAgain(other, fromTheStart);
		}
		earlier.forEach(this::take);
		this.last = offset;
	}

	/** The history is loaded at first, or never. */
	@Override
	public void complete(List<BrokerMessage> earlier) {
	}

	@Override
	public void deliver(BrokerMessage message) {
		take(message);
		this.handler.changed();
	}

	private void take(BrokerMessage message) {
		this.last = message.offset();
		try {
			this.handler.receive(RecordCodec.decode(message.payload()),
					TimeUnit.MILLISECONDS.toNanos(Math.max(0, message.age())));
		}
		catch (IOException ex) {
			logger.debug(LogMessage.format("What came about the recorded source of '%s' was not understood", this.name),
					ex);
		}
	}

	@Override
	public void settled(boolean complete) {
		this.known |= complete;
		this.handler.changed();
	}

	/**
	 * Who is told. Called in the lane.
	 */
	interface Handler {

		/** Whether it wants to be told. */
		boolean isListening();

		/**
		 * What is kept comes now.
		 * @param fromTheStart whether nothing that counts came before
		 */
		void begin(boolean fromTheStart);

		/**
		 * Something was lost.
		 * @param all whether all was, and not only some
		 * @param fromTheStart whether what comes now is all of it
		 */
		void beginAgain(boolean all, boolean fromTheStart);

		/** A message came, some nanoseconds after it was sent. */
		void receive(RecordMessage message, long age);

		/** There may be something to do. */
		void changed();

		/** Nothing comes any more. */
		void forget();

	}

}

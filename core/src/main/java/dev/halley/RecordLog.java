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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * All that one run of a source has emitted, how it ended, and who reads it.
 * <p>
 * Thread-safe. The lock guards the fields; no foreign code runs while it is held.
 *
 * @param <T> the type of the messages
 */
class RecordLog<T> {

	final Object order = new Object();

	private final long epoch;

	private final Form<T> form;

	private final List<Object> messages = new ArrayList<>();

	/** The last message as all get it who read it at once. */
	private @Nullable PublishedMessage<T> latest;

	private boolean ended;

	private @Nullable Throwable failure;

	private final Set<RecordReader> readers = new LinkedHashSet<>();

	/** Counts the readers, so that it is known whether others have come since. */
	private long reads;

	/**
	 * Creates an empty log.
	 * @param epoch of the positions of its messages
	 * @param form makes of what is kept what readers get
	 */
	RecordLog(long epoch, Form<T> form) {
		this.epoch = epoch;
		this.form = form;
	}

	/** How many messages a reader may have before the end: those that are here. */
	int most() {
		return this.messages.size();
	}

	/** Called once when nothing more comes, before readers are told. */
	void onEnd() {
	}

	/** Called when the last reader has left before the end. */
	void onDeserted() {
	}

	long epoch() {
		return this.epoch;
	}

	int size() {
		synchronized (this.order) {
			return this.messages.size();
		}
	}

	boolean isEnded() {
		synchronized (this.order) {
			return this.ended;
		}
	}

	boolean hasReaders() {
		synchronized (this.order) {
			return !this.readers.isEmpty();
		}
	}

	long reads() {
		synchronized (this.order) {
			return this.reads;
		}
	}

	/** Whether nobody reads, nor has since so many had begun to. */
	boolean isDesertedSince(long reads) {
		synchronized (this.order) {
			return this.readers.isEmpty() && this.reads == reads;
		}
	}

	/** Adds a message, unless nothing more comes. */
	void add(Object message) {
		List<RecordReader> readers;
		synchronized (this.order) {
			readers = this.ended ? List.of() : append(message);
		}
		deliver(readers);
	}

	/**
	 * Called within the lock.
	 * @return to whom it has to be delivered, without the lock
	 */
	final List<RecordReader> append(Object message) {
		this.messages.add(message);
		this.latest = this.form.published(message, position(this.messages.size()));
		return List.copyOf(this.readers);
	}

	static void deliver(List<RecordReader> readers) {
		boolean outermost = Delivering.enter();
		try {
			readers.forEach((reader) -> reader.subscription().deliver(outermost));
		}
		finally {
			if (outermost) {
				Delivering.leave();
			}
		}
	}

	private Position position(long offset) {
		return new Position(this.epoch, offset);
	}

	/**
	 * Nothing more comes.
	 * @return whether it has not ended before
	 */
	final boolean end(@Nullable Throwable failure) {
		List<RecordReader> done;
		synchronized (this.order) {
			if (this.ended) {
				return false;
			}
			this.ended = true;
			this.failure = failure;
			this.latest = null;
			done = this.readers.stream().filter(this::hasReadAll).toList();
		}
		onEnd();
		done.forEach((reader) -> reader.subscription().complete(failure));
		return true;
	}

	private boolean hasReadAll(RecordReader reader) {
		return !reader.reset && reader.next >= this.messages.size();
	}

	/** A reader that is subscribed begins to read. */
	final void begin(RecordReader reader) {
		boolean open;
		synchronized (this.order) {
			reader.log = this;
			reader.subscription().readFirst(reader);
			int most = this.ended ? this.messages.size() : most();
			Replay.Start start = reader.replay().startOfRecord(this.epoch, this.messages.size(), most);
			reader.next = (int) start.offset();
			reader.reset = start.reset();
			open = reader.subscription().isOpen();
			if (open) {
				this.readers.add(reader);
				this.reads++;
			}
		}
		if (!open) {
			remove(reader);
		}
		finishIfRead(reader);
		reader.subscription().deliver();
	}

	/** A reader that has read all is told of the end, for which it need not ask. */
	private void finishIfRead(RecordReader reader) {
		Throwable failure;
		synchronized (this.order) {
			if (reader.told || !this.ended || !hasReadAll(reader)) {
				return;
			}
			reader.told = true;
			failure = this.failure;
		}
		reader.subscription().complete(failure);
	}

	/** Reads on for a reader, which is told of the end with the last message. */
	@Nullable Object read(RecordReader reader) {
		Object next;
		synchronized (this.order) {
			next = next(reader);
		}
		finishIfRead(reader);
		return next;
	}

	private @Nullable Object next(RecordReader reader) {
		int size = this.messages.size();
		if (reader.reset) {
			reader.reset = false;
			return new HubEvent.Reset<>(position(reader.next));
		}
		boolean compact = reader.compact;
		reader.compact = false;
		if (compact && size - reader.next > 1) {
			List<Object> missed = List.copyOf(this.messages.subList(reader.next, size));
			reader.next = size;
			return new Missed<>(missed, this.form, position(size));
		}
		return (reader.next < size) ? message(reader.next++) : null;
	}

	private PublishedMessage<T> message(int index) {
		PublishedMessage<T> latest = this.latest;
		return (latest != null && index == this.messages.size() - 1) ? latest
				: this.form.published(this.messages.get(index), position(index + 1L));
	}

	boolean isOver(RecordReader reader) {
		synchronized (this.order) {
			return hasReadAll(reader);
		}
	}

	final void remove(RecordReader reader) {
		boolean deserted;
		synchronized (this.order) {
			this.readers.remove(reader);
			deserted = this.readers.isEmpty() && !this.ended;
		}
		if (deserted) {
			onDeserted();
		}
	}

	/**
	 * What becomes of what is kept.
	 *
	 * @param <T> the type of the messages
	 */
	@FunctionalInterface
	interface Form<T> {

		/** Makes what readers get, without calling any code of the application. */
		PublishedMessage<T> published(Object kept, Position position);

	}

	/**
	 * What a reader has missed.
	 *
	 * @param kept what is kept of the messages
	 * @param form what becomes of that
	 * @param position of the last one
	 * @param <T> the type of the messages
	 */
	record Missed<T>(List<Object> kept, Form<T> form, Position position) {

		/** The messages, which may have to be decoded. */
		List<T> messages() {
			List<T> messages = new ArrayList<>(this.kept.size());
			this.kept.forEach((one) -> messages.add(this.form.published(one, this.position).message()));
			return messages;
		}

	}

}

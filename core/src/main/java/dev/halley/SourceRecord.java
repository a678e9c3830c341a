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
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.util.context.Context;

/**
 * All that one run of a source has emitted, how it ended, and who reads it.
 * <p>
 * Thread-safe. The monitor guards the fields; no foreign code runs while it is held.
 *
 * @param <T> the type of the messages
 */
final class SourceRecord<T> {

	private final RecordedSource<T> source;

	private final Records records;

	private final long epoch = Epochs.next();

	private final Object order = new Object();

	private final List<T> messages = new ArrayList<>();

	private long bytes;

	/** The last message as all get it who read it at once. */
	private @Nullable PublishedMessage<T> latest;

	private boolean ended;

	private boolean stopped;

	private @Nullable Throwable failure;

	private final Set<RecordReader> readers = new LinkedHashSet<>();

	/** Counts the readers, so that it is known whether others have come since. */
	private long reads;

	private @Nullable Subscription subscription;

	private @Nullable Disposable subscribing;

	SourceRecord(RecordedSource<T> source, Records records) {
		this.source = source;
		this.records = records;
	}

	String name() {
		return this.source.name();
	}

	RecordedSource<T> source() {
		return this.source;
	}

	Type type() {
		return this.source.type();
	}

	/** Called once. */
	void start(Supplier<? extends Publisher<? extends T>> publishers, CallContext context) {
		Flux<T> flux = new ContextFlux<>(Flux.defer(() -> Flux.from(publishers.get())));
		Recorder recorder = new Recorder(context.addTo(Context.empty()));
		try {
			begun(SourceThreads.SCHEDULER.schedule(() -> recorder.subscribeTo(flux)));
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			end(ex);
		}
	}

	/** It may have ended meanwhile, and if it was stopped, it may wait still. */
	private void begun(Disposable subscribing) {
		boolean stopped;
		synchronized (this.order) {
			this.subscribing = this.ended ? null : subscribing;
			stopped = this.stopped;
		}
		if (stopped) {
			subscribing.dispose();
		}
	}

	private void add(T message) {
		StackReserve.requireOutsideDeliveries();
		int weight = this.records.weigh(message);
		List<RecordReader> readers;
		synchronized (this.order) {
			if (this.ended) {
				return;
			}
			readers = hasRoom(weight) ? append(message, weight) : null;
		}
		if (readers != null) {
			deliver(readers);
		}
		else {
			overflow();
		}
	}

	private boolean hasRoom(int weight) {
		Recording limits = this.source.recording();
		return this.messages.size() < limits.messages() && this.bytes + weight <= limits.bytes();
	}

	private List<RecordReader> append(T message, int weight) {
		this.messages.add(message);
		this.bytes += weight;
		this.latest = new PublishedMessage<>(message, position(this.messages.size()));
		return List.copyOf(this.readers);
	}

	private void overflow() {
		Subscription subscription = end(new RecordingFullException(name(), this.source.recording()));
		if (subscription != null) {
			subscription.cancel();
		}
	}

	private static void deliver(List<RecordReader> readers) {
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

	/** Cancels the source: code of the application, which may wait. */
	void stop() {
		Disposable subscribing;
		synchronized (this.order) {
			subscribing = this.subscribing;
			this.stopped |= !this.ended;
		}
		Subscription subscription = end(null);
		if (subscription != null || subscribing != null) {
			try {
				SourceThreads.SCHEDULER.schedule(() -> cancel(subscription, subscribing));
			}
			catch (RejectedExecutionException | OutOfMemoryError ex) {
				cancel(subscription, subscribing);
			}
		}
	}

	private static void cancel(@Nullable Subscription subscription, @Nullable Disposable subscribing) {
		try {
			if (subscription != null) {
				subscription.cancel();
			}
		}
		finally {
			if (subscribing != null) {
				subscribing.dispose();
			}
		}
	}

	/**
	 * Nothing more comes.
	 * @return what is to be cancelled if the source does not know
	 */
	private @Nullable Subscription end(@Nullable Throwable failure) {
		List<RecordReader> done;
		Subscription subscription;
		synchronized (this.order) {
			if (this.ended) {
				return null;
			}
			this.ended = true;
			this.failure = failure;
			this.latest = null;
			this.subscribing = null;
			subscription = this.subscription;
			this.subscription = null;
			done = this.readers.stream().filter(this::hasReadAll).toList();
		}
		this.records.ended(this, this.source.recording().keep());
		done.forEach((reader) -> reader.subscription().complete(failure));
		return subscription;
	}

	private boolean hasReadAll(RecordReader reader) {
		return !reader.reset && reader.next >= this.messages.size();
	}

	void subscribe(CoreSubscriber<? super Object> subscriber, Replay replay, boolean compact, Step step,
			Executor others) {
		RecordReader reader = new RecordReader(this, subscriber, step, others);
		reader.compact = compact;
		subscriber.onSubscribe(reader.subscription());
		begin(reader, replay);
		finishIfRead(reader);
		reader.subscription().deliver();
	}

	/** Not to be read before it is known from where. */
	private void begin(RecordReader reader, Replay replay) {
		synchronized (this.order) {
			reader.subscription().readFirst(reader);
			Replay.Start start = replay.startOfRecord(this.epoch, this.messages.size());
			reader.next = (int) start.offset();
			reader.reset = start.reset();
			if (reader.subscription().isOpen()) {
				this.readers.add(reader);
				this.reads++;
			}
		}
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
			Missed<T> missed = new Missed<>(List.copyOf(this.messages.subList(reader.next, size)), position(size));
			reader.next = size;
			return missed;
		}
		return (reader.next < size) ? message(reader.next++) : null;
	}

	private PublishedMessage<T> message(int index) {
		PublishedMessage<T> latest = this.latest;
		return (latest != null && index == this.messages.size() - 1) ? latest
				: new PublishedMessage<>(this.messages.get(index), position(index + 1L));
	}

	boolean isOver(RecordReader reader) {
		synchronized (this.order) {
			return hasReadAll(reader);
		}
	}

	void remove(RecordReader reader) {
		synchronized (this.order) {
			this.readers.remove(reader);
			Duration abandonAfter = this.source.recording().abandonAfter();
			if (abandonAfter != null && this.readers.isEmpty() && !this.ended) {
				long reads = this.reads;
				this.records.after(abandonAfter, () -> abandon(reads));
			}
		}
	}

	private void abandon(long reads) {
		boolean abandoned;
		synchronized (this.order) {
			abandoned = this.readers.isEmpty() && this.reads == reads;
		}
		if (abandoned) {
			stop();
		}
	}

	/**
	 * What a reader has missed.
	 *
	 * @param messages the messages
	 * @param position of the last one
	 * @param <T> their type
	 */
	record Missed<T>(List<T> messages, Position position) {
	}

	/** Subscribed to the source. */
	private final class Recorder implements CoreSubscriber<T> {

		private final Context context;

		Recorder(Context context) {
			this.context = context;
		}

		void subscribeTo(Flux<T> flux) {
			try {
				flux.subscribe(this);
			}
			catch (Throwable ex) {
				end(ex);
			}
		}

		@Override
		public Context currentContext() {
			return this.context;
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			boolean first;
			synchronized (SourceRecord.this.order) {
				first = !SourceRecord.this.ended && SourceRecord.this.subscription == null;
				SourceRecord.this.subscription = first ? subscription : SourceRecord.this.subscription;
			}
			if (first) {
				subscription.request(Long.MAX_VALUE);
			}
			else {
				subscription.cancel();
			}
		}

		@Override
		public void onNext(T message) {
			add(message);
		}

		@Override
		public void onError(Throwable ex) {
			end(ex);
		}

		@Override
		public void onComplete() {
			end(null);
		}

	}

}

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
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * The record of a source of this process.
 * <p>
 * Thread-safe.
 *
 * @param <T> the type of the messages
 */
final class SourceRecord<T> extends RecordLog<T> {

	private final RecordedSource<T> source;

	private final LocalRecords records;

	private final SourceRun<T> run;

	/** Guarded by the lock. */
	private long bytes;

	SourceRecord(RecordedSource<T> source, LocalRecords records, CallContext context) {
		super(Epochs.next(), SourceRecord::published);
		this.source = source;
		this.records = records;
		this.run = new SourceRun<>(new Recorder(), context);
	}

	@SuppressWarnings("unchecked")
	private static <T> PublishedMessage<T> published(Object message, Position position) {
		return new PublishedMessage<>((T) message, position);
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
	void start(Supplier<? extends Publisher<? extends T>> publishers) {
		this.run.start(publishers);
	}

	void stop() {
		end(null);
		this.run.cancel();
	}

	@Override
	void onEnd() {
		this.records.ended(this, this.source.recording().keep());
	}

	@Override
	void onDeserted() {
		Duration abandonAfter = this.source.recording().abandonAfter();
		if (abandonAfter != null) {
			long reads = reads();
			this.records.after(abandonAfter, () -> abandon(reads));
		}
	}

	private void abandon(long reads) {
		if (isDesertedSince(reads)) {
			stop();
		}
	}

	private final class Recorder implements SourceRun.Target<T> {

		@Override
		public boolean add(T message) {
			StackReserve.requireOutsideDeliveries();
			int weight = SourceRecord.this.records.weigh(message);
			List<RecordReader> readers;
			synchronized (SourceRecord.this.order) {
				readers = hasRoom(weight) ? addNow(message, weight) : null;
			}
			if (readers != null) {
				deliver(readers);
			}
			else {
				SourceRecord.this.end(new RecordingFullException(name(), SourceRecord.this.source.recording()));
			}
			return readers != null;
		}

		private boolean hasRoom(int weight) {
			Recording limits = SourceRecord.this.source.recording();
			return isEnded() || size() < limits.messages() && SourceRecord.this.bytes + weight <= limits.bytes();
		}

		private List<RecordReader> addNow(T message, int weight) {
			if (isEnded()) {
				return List.of();
			}
			SourceRecord.this.bytes += weight;
			return append(message);
		}

		@Override
		public void end(@Nullable Throwable failure) {
			SourceRecord.this.end(failure);
		}

	}

}

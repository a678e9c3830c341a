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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.ToLongFunction;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * The records of this process by name: from the first reader of each until some time
 * after its end.
 */
final class LocalRecords implements Records {

	private final Map<String, SourceRecord<?>> records = new ConcurrentHashMap<>();

	private final Executor others;

	private final ToLongFunction<Object> weigher;

	private final HubTimer timer;

	LocalRecords(Executor others, ToLongFunction<Object> weigher, HubTimer timer) {
		this.others = others;
		this.weigher = weigher;
		this.timer = timer;
	}

	@Override
	public Executor others() {
		return this.others;
	}

	@Override
	public void check(String name, Type type) {
		find(name, type);
	}

	@Override
	public <T> Runnable prepare(RecordedSource<T> source, RecordReader reader) {
		RecordLog<T> found = find(source);
		if (found == null && reader.comesBack()) {
			throw HubResetException.ofRecorded(source.name());
		}
		RecordLog<T> log = (found != null) ? found : start(source, reader.context());
		return () -> {
			reader.subscribe();
			log.begin(reader);
		};
	}

	private <T> SourceRecord<T> start(RecordedSource<T> source, CallContext context) {
		SourceRecord<T> mine = new SourceRecord<>(source, this, context);
		SourceRecord<T> record = add(mine);
		if (record == mine) {
			record.start(source.publishers());
		}
		return record;
	}

	@Override
	public <T> void stop(RecordedSource<T> source) {
		if (find(source) instanceof SourceRecord<?> record) {
			record.stop();
		}
	}

	private <T> @Nullable RecordLog<T> find(RecordedSource<T> source) {
		RecordLog<T> only = source.only();
		return (only != null) ? only : find(source.name(), source.type());
	}

	int weigh(Object message) {
		return HubHistory.weigh(message, this.weigher);
	}

	int size() {
		return this.records.size();
	}

	@SuppressWarnings("unchecked")
	<T> @Nullable SourceRecord<T> find(String name, Type type) {
		SourceRecord<?> record = this.records.get(name);
		Assert.isTrue(record == null || record.type().equals(type),
				() -> typeMismatch(name, type, (record != null) ? record.type() : type));
		return (SourceRecord<T>) record;
	}

	static String typeMismatch(String name, Type type, Type expected) {
		return "type of recorded source '" + name + "': " + type.getTypeName() + " (expected: " + expected.getTypeName()
				+ ", with which it is in use)";
	}

	/** Returns the record of a name: the present one, or else this. */
	private <T> SourceRecord<T> add(SourceRecord<T> record) {
		SourceRecord<?> present = this.records.putIfAbsent(record.name(), record);
		if (present == null) {
			return record;
		}
		SourceRecord<T> found = find(record.name(), record.type());
		return (found != null) ? found : add(record);
	}

	/** Forgets a record after some time. */
	void ended(SourceRecord<?> record, Duration keep) {
		after(keep, () -> this.records.remove(record.name(), record));
	}

	void after(Duration time, Runnable action) {
		this.timer.at(this.timer.now() + time.toNanos(), action);
	}

}

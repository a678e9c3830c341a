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
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import reactor.core.publisher.Flux;

import dev.halley.hub.broker.PayloadCodec;

/**
 * The recorded sources of all nodes, as far as this one has to do with them, by name.
 */
final class BrokeredRecords implements Records {

	/** How long whoever asks for a source waits for the broker. */
	private static final int SECONDS = 5;

	/** Sources that are only asked for are found if they ended within that time. */
	private static final Recording ANY = Recording.keptFor(Duration.ofDays(23)).withMessages(Integer.MAX_VALUE);

	private final BrokeredHubs hubs;

	private final Map<String, BrokeredRecord<?>> records = new ConcurrentHashMap<>();

	BrokeredRecords(BrokeredHubs hubs) {
		this.hubs = hubs;
	}

	int size() {
		return this.records.size();
	}

	@Override
	public Executor others() {
		return this.hubs.others();
	}

	@Override
	public void check(String name, Type type) {
		if (checked(this.records.get(name), type) == null) {
			this.hubs.codec(type);
		}
	}

	@SuppressWarnings("unchecked")
	private static <T> @Nullable BrokeredRecord<T> checked(@Nullable BrokeredRecord<?> record, Type type) {
		Assert.isTrue(record == null || record.type().equals(type), () -> LocalRecords
			.typeMismatch((record != null) ? record.name() : "", type, (record != null) ? record.type() : type));
		return (BrokeredRecord<T>) record;
	}

	@Override
	public <T> Runnable prepare(RecordedSource<T> source, RecordReader reader) {
		RecordLog<T> only = source.only();
		if (only != null && only.isEnded()) {
			return () -> {
				reader.subscribe();
				only.begin(reader);
			};
		}
		BrokeredRecord<T> record = use(source.name(), source.type(), source.recording());
		return () -> {
			try {
				reader.subscribe(record::left);
			}
			finally {
				record.execute(() -> {
					record.read(source, reader);
					release(record);
				});
			}
		};
	}

	@Override
	public <T> void stop(RecordedSource<T> source) {
		RecordLog<T> only = source.only();
		if (only == null || !only.isEnded()) {
			BrokeredRecord<T> record = use(source.name(), source.type(), source.recording());
			record.execute(() -> {
				record.stop(only);
				release(record);
			});
		}
	}

	/**
	 * Returns what is recorded under a name.
	 * @throws HubUnavailableException if that is not known and the broker does not tell
	 */
	<T> Optional<Recorded<T>> find(String name, Type type) {
		BrokeredRecord<T> known = checked(this.records.get(name), type);
		RecordLog<T> log = (known != null) ? known.readable() : null;
		log = (log != null) ? log : ask(use(name, type, ANY));
		return (log != null) ? Optional.of(new RecordedSource<T>(this, name, type, Flux::never, ANY).of(log))
				: Optional.empty();
	}

	private <T> @Nullable RecordLog<T> ask(BrokeredRecord<T> record) {
		CompletableFuture<@Nullable RecordLog<T>> question = new CompletableFuture<>();
		record.execute(() -> {
			record.queue().add(question);
			release(record);
		});
		try {
			return question.get(SECONDS, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			// Told below
		}
		record.execute(() -> record.queue().remove(question));
		throw HubUnavailableException.ofRecorded(record.name());
	}

	/** Finds or makes a record, which stays at least until it is released. */
	private <T> BrokeredRecord<T> use(String name, Type type, Recording recording) {
		PayloadCodec codec = this.hubs.codec(type);
		BrokeredRecord<?> used = this.records.compute(name, (key, present) -> {
			BrokeredRecord<?> record = (present != null) ? present
					: new BrokeredRecord<T>(name, type, this.hubs, this, codec, recording);
			record.uses++;
			return record;
		});
		try {
			BrokeredRecord<T> record = checked(used, type);
			return Objects.requireNonNull(record);
		}
		catch (IllegalArgumentException ex) {
			used.execute(() -> release(used));
			throw ex;
		}
	}

	private void release(BrokeredRecord<?> record) {
		this.records.computeIfPresent(record.name(), (key, present) -> {
			record.uses--;
			return present;
		});
	}

	/** Forgets a record, unless somebody is about to use it. */
	void remove(BrokeredRecord<?> record) {
		this.records.computeIfPresent(record.name(),
				(key, present) -> (present == record && record.uses == 0) ? null : present);
	}

}

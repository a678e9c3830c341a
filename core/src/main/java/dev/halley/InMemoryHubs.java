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

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.util.Assert;

/**
 * Hubs of this process by name. Held weakly: subscriptions and user code hold the hubs
 * they use, and {@link RetainedHubs} those with messages in their histories, so one that
 * nobody uses any more is collected, and its name is forgotten.
 */
class InMemoryHubs implements Hubs {

	/** Goes on with what a publisher leaves, where nothing else is said. */
	static final Executor OTHERS = SourceThreads.SCHEDULER::schedule;

	/** With which names begin that are not the application's. */
	static final char INTERNAL = '\u0001';

	private final Executor others;

	private final HistoryPatterns histories;

	private final ToLongFunction<Object> weigher;

	private final RetainedHubs retained;

	private final HubTimes times;

	private final LocalRecords records;

	private final Map<String, Named> hubs = new ConcurrentHashMap<>();

	private final ReferenceQueue<InMemoryHub<?>> collected = new ReferenceQueue<>();

	InMemoryHubs(Executor others) {
		this(others, HistoryPatterns.NONE, (message) -> HubHistory.UNKNOWN_SIZE, System::nanoTime);
	}

	InMemoryHubs(Executor others, HistoryPatterns histories, ToLongFunction<Object> weigher, LongSupplier ticker) {
		this(others, histories, weigher, ticker, HubTimes.of(ticker));
	}

	/**
	 * Creates hubs.
	 * @param others goes on with what a publisher leaves
	 * @param histories which hubs keep which history
	 * @param weigher tells the size of messages that are no strings or bytes
	 * @param ticker tells the time in nanoseconds
	 * @param times what they do in time
	 */
	InMemoryHubs(Executor others, HistoryPatterns histories, ToLongFunction<Object> weigher, LongSupplier ticker,
			HubTimes times) {
		Assert.notNull(others, "'executor' must not be null");
		Assert.notNull(weigher, "'weigher' must not be null");
		this.others = others;
		this.histories = histories;
		this.weigher = weigher;
		this.retained = new RetainedHubs(ticker);
		this.times = times;
		this.records = new LocalRecords(others, weigher, times.timer());
	}

	/** Drops what has become too old. */
	void sweep() {
		this.retained.sweep();
	}

	@Override
	public <T> Hub<T> hub(String name, Class<T> type) {
		return hub(checked(name), (Type) type, null);
	}

	@Override
	public <T> Hub<T> hub(String name, ParameterizedTypeReference<T> type) {
		return hub(checked(name), type.getType(), null);
	}

	@Override
	public <T> Hub<T> hub(String name, Class<T> type, History history) {
		Assert.notNull(history, "'history' must not be null");
		return hub(checked(name), (Type) type, history);
	}

	@Override
	public <T> Hub<T> hub(String name, ParameterizedTypeReference<T> type, History history) {
		Assert.notNull(history, "'history' must not be null");
		return hub(checked(name), type.getType(), history);
	}

	@Override
	public <T> Recorded<T> recorded(String name, Class<T> type, Supplier<? extends Publisher<? extends T>> source,
			Recording recording) {
		return new RecordedSource<>(this.records, name, type, source, recording);
	}

	@Override
	public <T> Recorded<T> recorded(String name, ParameterizedTypeReference<T> type,
			Supplier<? extends Publisher<? extends T>> source, Recording recording) {
		return new RecordedSource<>(this.records, name, type.getType(), source, recording);
	}

	@Override
	public <T> Optional<Recorded<T>> recorded(String name, Class<T> type) {
		SourceRecord<T> record = this.records.find(name, type);
		return (record != null) ? Optional.of(record.source().of(record)) : Optional.empty();
	}

	/** How many recorded sources are known. */
	int recordedNames() {
		return this.records.size();
	}

	static boolean isInternal(String name) {
		return name.charAt(0) == INTERNAL;
	}

	private static String checked(String name) {
		Assert.hasText(name, "'name' must not be empty");
		Assert.isTrue(!isInternal(name),
				() -> "name of a hub: '" + name + "' (expected: one that does not begin with U+0001)");
		return name;
	}

	@SuppressWarnings("unchecked")
	final <T> Hub<T> hub(String name, Type type, @Nullable History history) {
		Assert.notNull(type, "'type' must not be null");
		forgetCollected();
		while (true) {
			InMemoryHub<?> hub = live(this.hubs.get(name));
			if (hub == null) {
				hub = add(name, type);
			}
			if (hub != null) {
				InMemoryHub<?> found = hub;
				Assert.isTrue(found.type().equals(type), () -> typeMismatch(name, type, found));
				if (history != null) {
					found.keep(history, true);
				}
				return (Hub<T>) found;
			}
		}
	}

	private static String typeMismatch(String name, Type type, InMemoryHub<?> hub) {
		return "type of hub '" + name + "': " + type.getTypeName() + " (expected: " + hub.type().getTypeName()
				+ ", with which it is in use)";
	}

	private @Nullable InMemoryHub<?> add(String name, Type type) {
		StackReserve.require();
		InMemoryHub<?> hub = create(name, type, this.retained);
		History history = isInternal(name) ? null : this.histories.find(name);
		if (history != null) {
			hub.keep(history, false);
		}
		Named added = new Named(hub, this.collected);
		Named winner = this.hubs.compute(name, (key, present) -> (live(present) != null) ? present : added);
		return winner.get();
	}

	<T> InMemoryHub<T> create(String name, Type type, RetainedHubs retained) {
		return new InMemoryHub<>(name, type, this.others, retained, this.weigher, this.times);
	}

	final Executor others() {
		return this.others;
	}

	final HubTimes hubTimes() {
		return this.times;
	}

	private static @Nullable InMemoryHub<?> live(@Nullable Named named) {
		InMemoryHub<?> hub = (named != null) ? named.get() : null;
		return (hub != null && !hub.isClosed()) ? hub : null;
	}

	private void forgetCollected() {
		for (Object gone = this.collected.poll(); gone != null; gone = this.collected.poll()) {
			this.hubs.remove(((Named) gone).name, gone);
		}
	}

	@Override
	public Set<String> names() {
		forgetCollected();
		Set<String> names = new TreeSet<>();
		this.hubs.forEach((name, named) -> {
			if (!isInternal(name) && live(named) != null) {
				names.add(name);
			}
		});
		return names;
	}

	@Override
	public HubStatistics statistics() {
		int hubs = 0;
		long subscribers = 0;
		long members = 0;
		forgetCollected();
		for (Map.Entry<String, Named> entry : this.hubs.entrySet()) {
			InMemoryHub<?> hub = isInternal(entry.getKey()) ? null : live(entry.getValue());
			if (hub != null) {
				hubs++;
				subscribers += hub.subscribers();
				members += hub.presentHereNow();
			}
		}
		return this.times.counts().with(hubs, subscribers, members);
	}

	private static final class Named extends WeakReference<InMemoryHub<?>> {

		private final String name;

		Named(InMemoryHub<?> hub, ReferenceQueue<InMemoryHub<?>> queue) {
			super(hub, queue);
			this.name = hub.name();
		}

	}

}

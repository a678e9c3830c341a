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

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

import org.jspecify.annotations.Nullable;

/**
 * What a hub keeps of what was published, as it was published, in a ring; and who of its
 * subscribers is still reading there. Those are handed what leaves the ring before they
 * have read it, so that nobody misses anything.
 * <p>
 * Not thread-safe: the lock of the hub guards all but {@link #weigh}.
 */
final class HubHistory {

	/** What counts for a message whose size nobody can tell. */
	static final int UNKNOWN_SIZE = 1024;

	private static final int LEAST_PLACES = 4;

	private long epoch;

	private final LongSupplier ticker;

	private final ToLongFunction<Object> weigher;

	private volatile History limits;

	private @Nullable Object[] messages = new Object[0];

	private long[] times = new long[0];

	private int[] weights = new int[0];

	/** Empty until the first key comes. */
	private @Nullable String[] keys = new String[0];

	private Map<String, Long> offsets = Map.of();

	private int head;

	private int size;

	private long bytes;

	private long next;

	private final Set<Replaying> behind = new LinkedHashSet<>(0);

	private Set<HotSubscription> touched = Set.of();

	/**
	 * Creates an empty history.
	 * @param limits how much it keeps
	 * @param epoch of the hub
	 * @param next the offset of the message that is published next
	 * @param ticker tells the time in nanoseconds
	 * @param weigher tells the size of messages that are no strings or bytes
	 */
	HubHistory(History limits, long epoch, long next, LongSupplier ticker, ToLongFunction<Object> weigher) {
		this.limits = limits;
		this.epoch = epoch;
		this.next = next;
		this.ticker = ticker;
		this.weigher = weigher;
	}

	History limits() {
		return this.limits;
	}

	void limit(History limits) {
		this.limits = limits;
	}

	boolean isEmpty() {
		return this.size == 0;
	}

	/** The offset of the first message that is here, or else of the next one. */
	long first() {
		return this.next - this.size;
	}

	long next() {
		return this.next;
	}

	/** What a message counts for. May encode it, so it is called without the lock. */
	int weigh(Object message) {
		boolean counts = this.limits.bytes() != Long.MAX_VALUE;
		return weigh(message, counts ? this.weigher : (any) -> 0);
	}

	static int weigh(Object message, ToLongFunction<Object> weigher) {
		if (message instanceof String text) {
			return text.length();
		}
		if (message instanceof byte[] array) {
			return array.length;
		}
		try {
			return (int) Math.min(Integer.MAX_VALUE, Math.max(0, weigher.applyAsLong(message)));
		}
		catch (Exception | StackOverflowError ex) {
			return UNKNOWN_SIZE;
		}
	}

	@Nullable Position find(String key) {
		expire();
		Long offset = this.offsets.get(key);
		return (offset != null) ? new Position(this.epoch, offset) : null;
	}

	void add(Object message, @Nullable String key, int weight) {
		add(message, key, weight, 0);
	}

	/** Adds a message of a broker, which was published some nanoseconds ago. */
	void add(PublishedMessage<?> message, long age) {
		add(message, null, message.receivedSize(), age);
	}

	private void add(Object message, @Nullable String key, int weight, long age) {
		if (this.size == this.messages.length) {
			long most = Math.max(this.limits.messages(), this.size) + 1L;
			resize((int) Math.min(most, Math.max(LEAST_PLACES, 2L * this.size)));
		}
		int place = place(this.size);
		this.messages[place] = message;
		this.times[place] = this.ticker.getAsLong() - age;
		this.weights[place] = weight;
		if (key != null) {
			remember(place, key);
		}
		this.bytes += weight;
		this.size++;
		this.next++;
		expire();
	}

	/**
	 * Begins anew elsewhere in the order, or in another one. Those who are reading are
	 * handed what they have not read, and then told.
	 */
	void restart(Position position) {
		while (this.size > 0) {
			dropFirst();
		}
		resize(0);
		this.epoch = position.epoch();
		this.next = position.offset() + 1;
		for (Replaying replaying : this.behind) {
			replaying.restart(position);
			touch(replaying.subscription());
		}
	}

	/**
	 * Puts what came before in front of what is here.
	 * @param earlier messages of a broker, each one after the one before
	 * @param ages how long ago each was published, in nanoseconds
	 */
	void prepend(List<? extends PublishedMessage<?>> earlier, List<Long> ages) {
		int more = earlier.size();
		while (more > 0 && earlier.get(more - 1).placed().offset() >= first()) {
			more--;
		}
		if (more == 0 || earlier.get(more - 1).placed().offset() != first() - 1) {
			return;
		}
		resize(this.size + more);
		this.head = this.messages.length - more;
		long now = this.ticker.getAsLong();
		for (int i = 0; i < more; i++) {
			this.messages[this.head + i] = earlier.get(i);
			this.times[this.head + i] = now - ages.get(i);
			this.weights[this.head + i] = earlier.get(i).receivedSize();
			this.bytes += this.weights[this.head + i];
		}
		this.size += more;
		expire();
	}

	private void remember(int place, String key) {
		if (this.keys.length == 0) {
			this.keys = new String[this.messages.length];
			this.offsets = new HashMap<>();
		}
		this.keys[place] = key;
		this.offsets.put(key, this.next);
	}

	private int place(int index) {
		int place = this.head + index;
		return (place < this.messages.length) ? place : place - this.messages.length;
	}

	/** Drops what is beyond the limits. */
	void expire() {
		if (this.size == 0) {
			return;
		}
		long now = this.ticker.getAsLong();
		long age = this.limits.age().toNanos();
		while (this.size > 0 && (this.size > this.limits.messages() || this.bytes > this.limits.bytes()
				|| now - this.times[this.head] >= age)) {
			dropFirst();
		}
		if (this.size == 0 || this.size < this.messages.length / 4 && this.messages.length > LEAST_PLACES) {
			resize(this.size);
		}
	}

	private void dropFirst() {
		Object message = this.messages[this.head];
		if (message != null) {
			hand(message);
		}
		this.messages[this.head] = null;
		this.bytes -= this.weights[this.head];
		forgetKey();
		this.head = place(1);
		this.size--;
	}

	private void forgetKey() {
		if (this.keys.length == 0) {
			return;
		}
		String key = this.keys[this.head];
		if (key != null) {
			this.keys[this.head] = null;
			this.offsets.remove(key);
		}
	}

	/** Hands the first message to those who have not read it. */
	private void hand(Object message) {
		if (this.behind.isEmpty()) {
			return;
		}
		PublishedMessage<Object> published = null;
		for (Replaying replaying : this.behind) {
			if (replaying.next() == first()) {
				published = (published != null) ? published : published(message, first());
				replaying.hand(published);
				touch(replaying.subscription());
			}
		}
	}

	private void touch(HotSubscription subscription) {
		if (this.touched.isEmpty()) {
			this.touched = new LinkedHashSet<>();
		}
		this.touched.add(subscription);
	}

	/** Those who were handed something, which has to be delivered without the lock. */
	Set<HotSubscription> takeTouched() {
		Set<HotSubscription> touched = this.touched;
		this.touched = Set.of();
		return touched;
	}

	@SuppressWarnings("unchecked")
	private PublishedMessage<Object> published(Object message, long offset) {
		return (message instanceof PublishedMessage<?> published) ? (PublishedMessage<Object>) published
				: new PublishedMessage<>(message, new Position(this.epoch, offset));
	}

	private void resize(int places) {
		@Nullable Object[] messages = new Object[places];
		long[] times = new long[places];
		int[] weights = new int[places];
		@Nullable String[] keys = new String[(this.keys.length > 0) ? places : 0];
		for (int i = 0; i < this.size; i++) {
			int from = place(i);
			messages[i] = this.messages[from];
			times[i] = this.times[from];
			weights[i] = this.weights[from];
			if (keys.length > 0) {
				keys[i] = this.keys[from];
			}
		}
		this.messages = messages;
		this.times = times;
		this.weights = weights;
		this.keys = keys;
		this.head = 0;
	}

	/** A subscriber begins to read. */
	void add(Replaying replaying) {
		this.behind.add(replaying);
	}

	void remove(Replaying replaying) {
		this.behind.remove(replaying);
	}

	/** Who is reading. */
	Set<Replaying> behind() {
		return this.behind;
	}

	/**
	 * What a subscriber reads next, or {@code null} if it has read all.
	 */
	@Nullable Object read(Replaying replaying) {
		long offset = replaying.next();
		if (offset >= this.next) {
			return null;
		}
		Object message = this.messages[place((int) (offset - first()))];
		replaying.advance();
		return (message != null) ? published(message, offset) : null;
	}

	void clear() {
		this.size = 0;
		this.bytes = 0;
		this.keys = new String[0];
		this.offsets = Map.of();
		resize(0);
	}

}

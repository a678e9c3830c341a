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

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/**
 * Who is present in a hub. What the connections of this process do about it is known to
 * the {@link PresentMembers}; what has changed by that gets a place in one order, in
 * which the {@link Roster} and all readers follow.
 * <p>
 * Thread-safe. The monitor guards the fields; no foreign code runs while it is held. A
 * subclass may know of members elsewhere too.
 *
 * @param <T> the type of the hub's messages
 */
class HubPresence<T> {

	static final Duration DEFAULT_GRACE = Duration.ofSeconds(15);

	/** Between two times at which changes are told. */
	private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(100);

	/** Not to be collected while somebody is present or reads. */
	private final PresentHub<T> hub;

	final HubTimer timer;

	/** Those of this process. */
	final PresentMembers members;

	final Roster<T> roster = new Roster<>();

	private final Set<PresenceReader<T>> readers = new LinkedHashSet<>();

	final Object order = new Object();

	/** When changes may be told again. */
	private long quietUntil;

	/** When the timer calls next, or {@code null} if it does not. */
	private @Nullable Long called;

	boolean closed;

	/**
	 * Creates this.
	 * @param hub where the members are present
	 * @param times what is done in time
	 * @param closed whether the hub was closed
	 */
	HubPresence(PresentHub<T> hub, HubTimes times, boolean closed) {
		this.hub = hub;
		this.timer = times.timer();
		this.members = new PresentMembers(times.presenceGrace().toNanos());
		this.quietUntil = this.timer.now();
		this.closed = closed;
	}

	/** How many are present by connections of this process. */
	int presentHere() {
		synchronized (this.order) {
			return this.members.size();
		}
	}

	<R> Out<R> join(String member, Object data, Out<R> out) {
		check(member, data);
		Assert.notNull(out, "'out' must not be null");
		return out.within((elements) -> new PresentFlux(elements, this, member, data));
	}

	private static void check(String member, Object data) {
		Assert.hasLength(member, "'member' must not be empty");
		Assert.notNull(data, "'data' must not be null");
	}

	/** A connection of a member comes. */
	void join(String member, Object data) {
		Object prepared = prepare(member, data);
		Set<PresenceReader<T>> told;
		synchronized (this.order) {
			if (this.closed) {
				return;
			}
			this.members.join(member, prepared);
			set(member, prepared);
			told = touched(member);
		}
		deliver(told);
	}

	boolean update(String member, Object data) {
		check(member, data);
		Object prepared = prepare(member, data);
		Set<PresenceReader<T>> told;
		synchronized (this.order) {
			if (data(member) == null) {
				return false;
			}
			this.members.update(member, prepared);
			set(member, prepared);
			told = touched(member);
		}
		deliver(told);
		return true;
	}

	/** A connection of a member has ended. */
	void leave(String member, boolean intended) {
		Set<PresenceReader<T>> told;
		synchronized (this.order) {
			if (this.closed) {
				return;
			}
			this.members.leave(member, intended, this.timer.now());
			told = touched(member);
		}
		deliver(told);
	}

	/**
	 * Makes of the data that is given for a member what is kept of it. What is equal to
	 * what the member has changes nothing. To compare is foreign code, so the lock is not
	 * held.
	 */
	Object prepare(String member, Object data) {
		Object current;
		Object told;
		synchronized (this.order) {
			current = this.members.data(member);
			told = this.roster.data(member);
		}
		if (current != null && current.equals(data)) {
			return current;
		}
		return (told != null && told.equals(data)) ? told : data;
	}

	/** A member has got data. Called within the lock. */
	void set(String member, Object prepared) {
	}

	/** Returns the data of one who is present. Called within the lock. */
	@Nullable Object data(String member) {
		return this.members.data(member);
	}

	/** Something about a member may have changed here. Called within the lock. */
	void changedHere(String member) {
		this.roster.touch(member);
	}

	private Set<PresenceReader<T>> touched(String member) {
		changedHere(member);
		return tell();
	}

	/**
	 * Tells what has changed, if it is time, or sees to it that this will be done. Called
	 * within the lock.
	 * @return to whom something has to be delivered, without the lock
	 */
	final Set<PresenceReader<T>> tell() {
		long now = this.timer.now();
		List<SharedMessage<HubEvent<T>>> events = List.of();
		if (now - this.quietUntil >= 0) {
			events = this.roster.flush(this::data);
			if (tellElsewhere(now) || !events.isEmpty()) {
				this.quietUntil = now + INTERVAL;
			}
		}
		if (!events.isEmpty()) {
			List<SharedMessage<HubEvent<T>>> told = events;
			this.readers.forEach((reader) -> reader.add(told));
		}
		Long graceEnd = this.members.nextEnd();
		if (graceEnd != null) {
			callAt(graceEnd);
		}
		if (this.roster.isTouched()) {
			callAt(this.quietUntil);
		}
		Long elsewhere = tellsElsewhereAt();
		if (elsewhere != null) {
			callAt((elsewhere - this.quietUntil > 0) ? elsewhere : this.quietUntil);
		}
		return events.isEmpty() ? Set.of() : readers();
	}

	/** Called within the lock. */
	final boolean hasReaders() {
		return !this.readers.isEmpty();
	}

	/** Called within the lock. */
	final Set<PresenceReader<T>> readers() {
		return this.readers.isEmpty() ? Set.of() : new LinkedHashSet<>(this.readers);
	}

	/**
	 * Sends what has changed here to where others want to know it. Called within the
	 * lock, once in the interval.
	 * @return whether there was something
	 */
	boolean tellElsewhere(long now) {
		return false;
	}

	/**
	 * Called within the lock.
	 * @return when there is something for others, or {@code null} if there is nothing
	 */
	@Nullable Long tellsElsewhereAt() {
		return null;
	}

	/** Calls {@link #inTime}. Called within the lock. */
	final void callAt(long time) {
		if (this.called == null || time - this.called < 0) {
			this.called = time;
			this.timer.at(time, () -> inTime(time));
		}
	}

	/** Calls that came before others were wanted do no harm. */
	private void inTime(long time) {
		Set<PresenceReader<T>> told;
		synchronized (this.order) {
			if (!this.closed) {
				this.called = (this.called != null && this.called == time) ? null : this.called;
				this.members.expire(this.timer.now(), this::changedHere);
			}
			Set<PresenceReader<T>> waiting = expireElsewhere(this.timer.now());
			told = this.closed ? Set.of() : tell();
			told = waiting.isEmpty() ? told : waiting;
		}
		deliver(told);
	}

	/**
	 * Ends what has an end. Called within the lock.
	 * @return all readers, if they may begin now
	 */
	Set<PresenceReader<T>> expireElsewhere(long now) {
		return Set.of();
	}

	/** What readers make of it is their own code, and the threads here are others'. */
	final void deliver(Set<PresenceReader<T>> told) {
		if (!told.isEmpty()) {
			try {
				this.hub.others().execute(() -> deliverNow(told));
			}
			catch (RejectedExecutionException | OutOfMemoryError ex) {
				told.forEach((reader) -> reader.subscription().deliver(false));
			}
		}
		released();
	}

	/** The lock was released after something that may have changed anything. */
	void released() {
	}

	private void deliverNow(Set<PresenceReader<T>> told) {
		boolean outermost = Delivering.enter();
		try {
			told.forEach((reader) -> reader.subscription().deliver(outermost));
		}
		finally {
			if (outermost) {
				Delivering.leave();
			}
		}
	}

	Map<String, Object> members() {
		synchronized (this.order) {
			return this.closed ? Map.of() : this.roster.members();
		}
	}

	Out<HubEvent<T>> events() {
		return Out.ofSource((step) -> new Flux<Object>() {
			@Override
			public void subscribe(CoreSubscriber<? super Object> subscriber) {
				HubPresence.this.subscribe(subscriber, step);
			}
		});
	}

	private void subscribe(CoreSubscriber<? super Object> subscriber, Step step) {
		PresenceReader<T> reader = new PresenceReader<>(this, subscriber, step, this.hub.others());
		HotSubscription subscription = reader.subscription();
		subscriber.onSubscribe(subscription);
		if (add(reader)) {
			subscription.deliver();
		}
		else {
			subscription.complete(null);
		}
		released();
	}

	/** Not to be read before it is among those who are told. */
	private boolean add(PresenceReader<T> reader) {
		synchronized (this.order) {
			reader.subscription().readFirst(reader);
			if (this.closed) {
				reader.skip();
			}
			else if (reader.subscription().isOpen()) {
				this.readers.add(reader);
			}
			return !this.closed;
		}
	}

	void remove(PresenceReader<T> reader) {
		synchronized (this.order) {
			this.readers.remove(reader);
		}
		released();
	}

	@Nullable Object next(PresenceReader<T> reader) {
		synchronized (this.order) {
			return mayBegin() ? reader.next(this.roster) : null;
		}
	}

	/** Whether readers may be told who is present. Called within the lock. */
	boolean mayBegin() {
		return true;
	}

	boolean hasRead(PresenceReader<T> reader) {
		synchronized (this.order) {
			return reader.isEmpty();
		}
	}

	/** Nobody is present any more; readers get what they were told, and end. */
	void close() {
		List<PresenceReader<T>> last;
		synchronized (this.order) {
			this.closed = true;
			closeElsewhere();
			this.members.clear();
			last = List.copyOf(this.readers);
		}
		last.forEach((reader) -> reader.subscription().complete(null));
		released();
	}

	/** The hub is closed here. Called within the lock, before all have left. */
	void closeElsewhere() {
	}

}

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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Records what it is sent and each breach of the rules of Reactive Streams: a signal
 * while another is in progress, before {@code onSubscribe} has returned, beyond the
 * demand or after the end.
 */
class StrictSubscriber implements CoreSubscriber<Object> {

	final List<String> breaches = new CopyOnWriteArrayList<>();

	private final List<Object> received = new ArrayList<>();

	private final AtomicBoolean busy = new AtomicBoolean();

	private final AtomicLong demand = new AtomicLong();

	private final CountDownLatch terminated = new CountDownLatch(1);

	private final Context context;

	private final long initial;

	private volatile @Nullable Subscription subscription;

	private volatile boolean subscribed;

	private volatile int count;

	private volatile @Nullable Throwable error;

	volatile Consumer<Object> onNext = (element) -> {
	};

	StrictSubscriber(long initial, @Nullable SendBuffer limits) {
		this.initial = initial;
		this.context = (limits != null) ? Context.of(SendBuffer.class, limits) : Context.empty();
	}

	static StrictSubscriber unbounded() {
		return new StrictSubscriber(Long.MAX_VALUE, null);
	}

	static StrictSubscriber unbounded(SendBuffer limits) {
		return new StrictSubscriber(Long.MAX_VALUE, limits);
	}

	static StrictSubscriber waiting() {
		return new StrictSubscriber(0, null);
	}

	static StrictSubscriber waiting(SendBuffer limits) {
		return new StrictSubscriber(0, limits);
	}

	@Override
	public Context currentContext() {
		return this.context;
	}

	@Override
	public void onSubscribe(Subscription subscription) {
		enter("onSubscribe");
		this.subscription = subscription;
		if (this.initial > 0) {
			request(this.initial);
		}
		this.subscribed = true;
		leave();
	}

	@Override
	@SuppressWarnings("NonAtomicOperationOnVolatileField")
	public void onNext(Object element) {
		enter("onNext");
		expect(this.subscribed, "onNext before onSubscribe returned");
		expect(this.demand.get() == Long.MAX_VALUE || this.demand.getAndDecrement() > 0, "more than asked for");
		expect(!isTerminated(), "onNext after the end");
		synchronized (this.received) {
			this.received.add(element);
		}
		this.count++;
		try {
			this.onNext.accept(element);
		}
		finally {
			leave();
		}
	}

	@Override
	public void onError(Throwable error) {
		this.error = error;
		terminate("onError");
	}

	@Override
	public void onComplete() {
		terminate("onComplete");
	}

	private void terminate(String signal) {
		enter(signal);
		expect(this.subscribed, signal + " before onSubscribe returned");
		expect(!isTerminated(), signal + " after the end");
		this.terminated.countDown();
		leave();
	}

	private void enter(String signal) {
		expect(this.busy.compareAndSet(false, true), signal + " while another signal was in progress");
	}

	private void leave() {
		this.busy.set(false);
	}

	private void expect(boolean condition, String breach) {
		if (!condition) {
			this.breaches.add(breach);
		}
	}

	void request(long n) {
		this.demand.accumulateAndGet(n, Operators::addCap);
		subscription().request(n);
	}

	void cancel() {
		subscription().cancel();
	}

	private Subscription subscription() {
		Subscription subscription = this.subscription;
		assertThat(subscription).as("subscription").isNotNull();
		return subscription;
	}

	boolean isTerminated() {
		return this.terminated.getCount() == 0;
	}

	boolean isCompleted() {
		return isTerminated() && this.error == null;
	}

	@Nullable Throwable error() {
		return this.error;
	}

	int count() {
		return this.count;
	}

	/** What came so far, also while more comes. */
	List<Object> received() {
		synchronized (this.received) {
			return List.copyOf(this.received);
		}
	}

	/** What came so far, without the wrapping of shared messages. */
	List<Object> messages() {
		return received().stream().map((element) -> Elements.<Object>unwrap(element)).toList();
	}

	void awaitEnd() throws InterruptedException {
		assertThat(this.terminated.await(20, TimeUnit.SECONDS)).as("terminated").isTrue();
	}

	/** Waits for what a publisher may have left to another thread. */
	void awaitCount(int expected) {
		Awaitility.await()
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(1))
			.atMost(Duration.ofSeconds(20))
			.until(() -> this.count == expected);
	}

	void assertRulesKept() {
		assertThat(this.breaches).isEmpty();
	}

	/** Throws anything from anywhere. */
	@SuppressWarnings("unchecked")
	static <X extends Throwable> RuntimeException sneaky(Throwable ex) throws X {
		throw (X) ex;
	}

}

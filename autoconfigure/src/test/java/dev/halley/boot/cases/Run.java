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

package dev.halley.boot.cases;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;

/**
 * What an endpoint's method and its pair were told in one connection, and what holds them
 * up.
 */
final class Run {

	private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();

	private final BlockingQueue<Integer> done = new LinkedBlockingQueue<>();

	private final AtomicInteger begun = new AtomicInteger();

	private final AtomicInteger ended = new AtomicInteger();

	private final AtomicInteger times = new AtomicInteger();

	private final CountDownLatch latch = new CountDownLatch(1);

	private final Sinks.Empty<Void> gate = Sinks.empty();

	/** A pair that is watched. */
	<I, O> InOut<I, O> pair(In<I> in, Out<O> out) {
		return InOut.of(watched(in), watched(out));
	}

	/** A pair whose out comes as it is to the connection. */
	<I, O> InOut<I, O> pairWithBareOut(In<I> in, Out<O> out) {
		this.begun.incrementAndGet();
		this.ended.incrementAndGet();
		return InOut.of(watched(in), out);
	}

	private <I> In<I> watched(In<I> in) {
		return in.whenDone((CloseStatus status) -> {
			this.times.incrementAndGet();
			this.done.add(status.getCode());
		});
	}

	private <O> Out<O> watched(Out<O> out) {
		return out.through((messages) -> messages.doOnSubscribe((subscription) -> this.begun.incrementAndGet())
			.doFinally((signal) -> this.ended.incrementAndGet()));
	}

	<I> In<I> collect() {
		return In.forEach(this::hear);
	}

	void hear(Object message) {
		this.heard.add(message);
	}

	/** Waits for the next message that the application was given. */
	Object next() throws InterruptedException {
		return this.heard.poll(CaseTests.PATIENCE_SECONDS, TimeUnit.SECONDS);
	}

	boolean hasHeardNothing() {
		return this.heard.isEmpty();
	}

	int heard() {
		return this.heard.size();
	}

	/** Waits for the status that {@code whenDone} was given. */
	Integer done() throws InterruptedException {
		return this.done.poll(CaseTests.PATIENCE_SECONDS, TimeUnit.SECONDS);
	}

	boolean isDone() {
		return this.times.get() > 0;
	}

	boolean isOutEnded() {
		return this.ended.get() > 0;
	}

	/** Blocks until {@link #release}. */
	void block() {
		try {
			this.latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** Completes at {@link #release}. */
	Mono<Void> gate() {
		return this.gate.asMono();
	}

	void release() {
		this.latch.countDown();
		this.gate.tryEmitEmpty();
	}

	/** How often each thing has happened. */
	String balance() {
		return "out begun " + this.begun + ", out ended " + this.ended + ", in done " + this.times;
	}

	/**
	 * Each once, or never. A connection that ends while it is being opened has only the
	 * last.
	 */
	boolean isBalanced() {
		int begun = this.begun.get();
		return begun <= 1 && this.ended.get() == begun && (this.times.get() == begun || this.times.get() == 1);
	}

}

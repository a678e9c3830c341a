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

package dev.halley.connection;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

import dev.halley.codec.Payload;

/**
 * A wire that a test plays. Writes are done at once, or when the test says so, or on
 * another thread, or never; the peer acknowledges a Close or does not.
 */
final class FakeTransport implements Transport {

	/** What the peer sees, in order: texts, {@code <PING>}, {@code <Close 1000>}. */
	final List<String> wire = Collections.synchronizedList(new ArrayList<>());

	final List<List<Payload>> batches = Collections.synchronizedList(new ArrayList<>());

	final List<CloseStatus> closes = new CopyOnWriteArrayList<>();

	final List<CloseStatus> aborts = new CopyOnWriteArrayList<>();

	final AtomicInteger suspends = new AtomicInteger();

	final AtomicInteger resumes = new AtomicInteger();

	final AtomicInteger sending = new AtomicInteger();

	final AtomicInteger overlaps = new AtomicInteger();

	volatile boolean outlivesOut = true;

	volatile boolean answersPings = true;

	volatile boolean acknowledges = true;

	/**
	 * Runs the handling of what was read ahead. By default the registry's callbacks do.
	 */
	volatile @Nullable Executor handling;

	/** Handles messages in place of the thread that brings them. */
	volatile @Nullable Executor workers;

	/** How often a tick looked at what is due. */
	volatile int looks;

	/** When the time of the wire is over. */
	volatile @Nullable Long deadline;

	volatile Runnable onSuspend = () -> {
	};

	volatile Runnable onResume = () -> {
	};

	volatile Runnable onAbort = () -> {
	};

	volatile Runnable onClose = () -> {
	};

	private final Deque<Runnable> unfinished = new ArrayDeque<>();

	private volatile Consumer<Runnable> completion = Runnable::run;

	private volatile @Nullable Connection connection;

	@Override
	@SuppressWarnings("NonAtomicOperationOnVolatileField")
	public long timeLeft(long now) {
		this.looks++;
		Long deadline = this.deadline;
		return (deadline != null) ? deadline - now : Long.MAX_VALUE;
	}

	void attach(Connection connection) {
		this.connection = connection;
	}

	Connection connection() {
		Connection connection = this.connection;
		if (connection == null) {
			throw new IllegalStateException("not attached");
		}
		return connection;
	}

	/** Writes stay in progress until {@link #finishWrite}. */
	FakeTransport stalled() {
		this.completion = (sent) -> {
			synchronized (this.unfinished) {
				this.unfinished.add(sent);
			}
		};
		return this;
	}

	FakeTransport completingOn(Executor executor) {
		this.completion = executor::execute;
		return this;
	}

	/** Each write throws. */
	FakeTransport throwing(Throwable failure) {
		this.completion = (sent) -> FakeTransport.<RuntimeException>sneak(failure);
		return this;
	}

	/** Each write fails as a broken pipe does: the connection is told of its end. */
	FakeTransport broken() {
		this.completion = (sent) -> connection().ended(CloseStatus.NO_CLOSE_FRAME);
		return this;
	}

	FakeTransport stream() {
		this.outlivesOut = false;
		this.answersPings = false;
		return this;
	}

	FakeTransport neverAcknowledging() {
		this.acknowledges = false;
		return this;
	}

	@SuppressWarnings("unchecked")
	private static <X extends Throwable> void sneak(Throwable failure) throws X {
		throw (X) failure;
	}

	/** Ends the write in progress. */
	void finishWrite() {
		finishedWrite().run();
	}

	/** Takes what ends the write in progress, to run it when and as often as wanted. */
	Runnable finishedWrite() {
		synchronized (this.unfinished) {
			return this.unfinished.remove();
		}
	}

	boolean isWriting() {
		synchronized (this.unfinished) {
			return !this.unfinished.isEmpty();
		}
	}

	/** Ends all writes until there is none left. */
	void finishAllWrites() {
		while (isWriting()) {
			finishWrite();
		}
	}

	@Override
	public void send(List<Payload> batch, Runnable sent) {
		if (this.sending.incrementAndGet() != 1) {
			this.overlaps.incrementAndGet();
		}
		List<Payload> copy = new ArrayList<>(batch);
		this.batches.add(copy);
		copy.forEach((payload) -> this.wire.add(describe(payload)));
		this.completion.accept(() -> {
			this.sending.set(0);
			sent.run();
		});
	}

	private static String describe(Payload payload) {
		return (payload.kind() == Payload.Kind.TEXT) ? payload.text() : "<" + payload.kind() + ">";
	}

	@Override
	public void suspend() {
		this.suspends.incrementAndGet();
		this.onSuspend.run();
	}

	@Override
	public void resume() {
		this.resumes.incrementAndGet();
		this.onResume.run();
	}

	@Override
	public boolean execute(Runnable handling) {
		Executor executor = this.handling;
		if (executor != null) {
			executor.execute(handling);
		}
		return executor != null;
	}

	@Override
	public void close(CloseStatus status) {
		if (this.sending.get() != 0) {
			this.overlaps.incrementAndGet();
		}
		this.closes.add(status);
		this.onClose.run();
		this.wire.add("<Close " + status.getCode() + ">");
		if (this.acknowledges) {
			connection().ended(status);
		}
	}

	@Override
	public void abort(CloseStatus status) {
		this.aborts.add(status);
		this.onAbort.run();
	}

	@Override
	public @Nullable Executor workers() {
		return this.workers;
	}

	@Override
	public boolean answersPings() {
		return this.answersPings;
	}

	@Override
	public boolean outlivesOut() {
		return this.outlivesOut;
	}

}

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

package dev.halley.test;

import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;

import dev.halley.CallContext;

/**
 * The time of one tester, which passes when the test says so. What is scheduled runs on
 * the tester's threads, one after the other. Thread-safe.
 */
final class VirtualTime implements Scheduler {

	private final Workers workers;

	private final PriorityQueue<Timed> timed = new PriorityQueue<>();

	private final Queue<Timed> due = new ArrayDeque<>();

	private boolean running;

	private long nanos;

	private long count;

	VirtualTime(Workers workers) {
		this.workers = workers;
	}

	/** Returns what has pipelines find this time in their Reactor context. */
	CallContext context() {
		return new TimeContext(this);
	}

	/** Returns the nanoseconds since the start. */
	synchronized long nanos() {
		return this.nanos;
	}

	/**
	 * Goes on to a time, or to the time before it at which something is due, which then
	 * starts to run.
	 * @return whether it is the time asked for
	 */
	boolean passTo(long target) {
		synchronized (this) {
			Timed next = this.timed.peek();
			if (next == null || next.at > target) {
				this.nanos = target;
				return true;
			}
			this.nanos = Math.max(this.nanos, next.at);
			while (next != null && next.at <= this.nanos) {
				this.due.add(this.timed.remove());
				next = this.timed.peek();
			}
		}
		startDue();
		return false;
	}

	@Override
	public long now(TimeUnit unit) {
		return unit.convert(nanos(), TimeUnit.NANOSECONDS);
	}

	@Override
	public Disposable schedule(Runnable task) {
		return schedule(task, 0, TimeUnit.NANOSECONDS);
	}

	@Override
	public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
		return add(task, unit.toNanos(delay), 0);
	}

	@Override
	public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
		return add(task, unit.toNanos(initialDelay), Math.max(1, unit.toNanos(period)));
	}

	private Timed add(Runnable task, long delay, long period) {
		Timed added;
		synchronized (this) {
			added = new Timed(task, this.nanos + Math.max(0, delay), period, this.count++);
			((delay > 0) ? this.timed : this.due).add(added);
		}
		startDue();
		return added;
	}

	private void startDue() {
		synchronized (this) {
			if (this.running || this.due.isEmpty()) {
				return;
			}
			this.running = true;
		}
		this.workers.execute(this::run);
	}

	private void run() {
		for (Timed next = next(); next != null; next = next()) {
			next.run();
		}
	}

	private synchronized @Nullable Timed next() {
		Timed next = this.due.poll();
		this.running = next != null;
		return next;
	}

	@Override
	public Worker createWorker() {
		return new TimedWorker();
	}

	/** What is due again goes where it waits, if it is wanted still. */
	private synchronized void repeat(Timed timed) {
		if (!timed.disposed) {
			timed.at += timed.period;
			this.timed.add(timed);
		}
	}

	private synchronized void remove(Timed timed) {
		timed.disposed = true;
		this.timed.remove(timed);
	}

	/**
	 * Something to do at a time. The monitor guards the fields that change.
	 */
	private final class Timed implements Comparable<Timed>, Disposable {

		private final Runnable task;

		private final long period;

		private final long order;

		private long at;

		private volatile boolean disposed;

		Timed(Runnable task, long at, long period, long order) {
			this.task = task;
			this.at = at;
			this.period = period;
			this.order = order;
		}

		/** A failure ends the repetition, and is told. */
		void run() {
			if (this.disposed) {
				return;
			}
			if (this.period > 0) {
				repeat(this);
			}
			try {
				this.task.run();
			}
			catch (Throwable ex) {
				dispose();
				VirtualTime.this.workers.failed(ex);
			}
		}

		@Override
		public int compareTo(Timed other) {
			return (this.at != other.at) ? Long.compare(this.at, other.at) : Long.compare(this.order, other.order);
		}

		@Override
		public void dispose() {
			remove(this);
		}

		@Override
		public boolean isDisposed() {
			return this.disposed;
		}

	}

	/**
	 * Schedules for one user, who disposes of all at once.
	 */
	private final class TimedWorker implements Worker {

		private final Disposable.Composite all = Disposables.composite();

		@Override
		public Disposable schedule(Runnable task) {
			return keep(VirtualTime.this.schedule(task));
		}

		@Override
		public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
			return keep(VirtualTime.this.schedule(task, delay, unit));
		}

		@Override
		public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
			return keep(VirtualTime.this.schedulePeriodically(task, initialDelay, period, unit));
		}

		private Disposable keep(Disposable scheduled) {
			this.all.add(scheduled);
			return scheduled;
		}

		@Override
		public void dispose() {
			this.all.dispose();
		}

		@Override
		public boolean isDisposed() {
			return this.all.isDisposed();
		}

	}

	/**
	 * Gives pipelines the time of the tester.
	 */
	private static final class TimeContext extends CallContext {

		private final Scheduler time;

		TimeContext(Scheduler time) {
			this.time = time;
		}

		@Override
		protected Scope apply() {
			return Scope.NONE;
		}

		@Override
		protected Context contribute(Context context) {
			return context.put(Scheduler.class, this.time);
		}

	}

}

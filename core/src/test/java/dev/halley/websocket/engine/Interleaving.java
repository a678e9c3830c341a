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

package dev.halley.websocket.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Runs several threads one at a time. Whenever the one that runs comes to a step, a seed
 * decides which one is next, so that a seed always gives the same schedule, and a thread
 * that waits for what never comes is found at once, without a time-out. What one thread
 * did is seen by the next: it finds wrong orders, not missing barriers.
 */
final class Interleaving {

	private static final int PATIENCE_SECONDS = 60;

	private static final int MOST_STEPS = 100_000;

	private static final BooleanSupplier ALWAYS = () -> true;

	private final Executor threads;

	private final Random random;

	/** After how many steps, on average, another thread is next. */
	private final int stay;

	/** How often one of them has a turn before it comes to a halt. */
	private final int seldom;

	private final List<Actor> actors = new ArrayList<>();

	private final Semaphore idle = new Semaphore(0);

	private Runnable atEachStep = () -> {
	};

	private Actor current;

	private int steps;

	private volatile Throwable failure;

	private volatile boolean over;

	Interleaving(Executor threads, Random random) {
		this.threads = threads;
		this.random = random;
		this.stay = 1 + random.nextInt(6);
		this.seldom = 3 + random.nextInt(30);
	}

	/** The name of the thread that runs. */
	String current() {
		return this.current.name;
	}

	/** What else may happen at each step, on the thread that comes to it. */
	void atEachStep(Runnable action) {
		this.atEachStep = action;
	}

	/** Adds a thread. Called before {@link #run()}, between two, or within one. */
	void start(String name, Runnable work) {
		Actor actor = new Actor(name);
		this.actors.add(actor);
		if (this.over) {
			actor.turns.release();
		}
		this.threads.execute(() -> {
			actor.awaitTurn();
			try {
				work.run();
			}
			catch (Throwable ex) {
				fail(ex);
			}
			this.actors.remove(actor);
			pass(actor, pick());
		});
	}

	/** Another thread may be next. */
	void step() {
		if (this.over) {
			return;
		}
		if (++this.steps > MOST_STEPS) {
			fail(new AssertionError("More than " + MOST_STEPS + " steps"));
		}
		this.atEachStep.run();
		if (this.random.nextInt(this.stay) == 0) {
			Actor mine = this.current;
			pass(mine, pick());
			mine.awaitTurn();
		}
	}

	/** Others are next until something holds. */
	void await(BooleanSupplier condition) {
		if (this.over) {
			return;
		}
		Actor mine = this.current;
		mine.condition = condition;
		pass(mine, pick());
		mine.awaitTurn();
		mine.condition = ALWAYS;
	}

	private Actor pick() {
		List<Actor> able = new ArrayList<>(this.actors.size());
		for (Actor actor : this.actors) {
			if (actor.condition.getAsBoolean()) {
				able.add(actor);
			}
		}
		return able.isEmpty() ? null : choose(able);
	}

	/** As on a busy machine, one may come to a halt for long anywhere. */
	private Actor choose(List<Actor> able) {
		Actor chosen = able.get(this.random.nextInt(able.size()));
		for (int i = 0; i < 8 && chosen.lags; i++) {
			chosen = able.get(this.random.nextInt(able.size()));
		}
		chosen.lags = this.random.nextInt(chosen.lags ? 2 : this.seldom) == 0;
		return chosen;
	}

	private void pass(Actor from, Actor to) {
		if (to == null || this.over) {
			this.idle.release();
			return;
		}
		this.current = to;
		to.turns.release();
	}

	/** Runs until every thread waits or has ended. */
	void run() {
		Actor first = pick();
		if (first != null) {
			pass(null, first);
			if (!tryAcquire(this.idle)) {
				fail(new AssertionError("'" + this.current.name + "' does not come to a step"));
			}
		}
		if (this.failure != null) {
			throw new AssertionError("At step " + this.steps, this.failure);
		}
	}

	/** The names of those that have not ended. */
	List<String> alive() {
		return this.actors.stream().map((actor) -> actor.name).toList();
	}

	/** Ends the schedule: from now on nobody waits. */
	void fail(Throwable ex) {
		if (this.failure == null) {
			this.failure = ex;
		}
		end();
	}

	void end() {
		this.over = true;
		List.copyOf(this.actors).forEach((actor) -> actor.turns.release());
		this.idle.release();
	}

	boolean isOver() {
		return this.over;
	}

	private static boolean tryAcquire(Semaphore semaphore) {
		try {
			return semaphore.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static final class Actor {

		private final String name;

		private final Semaphore turns = new Semaphore(0);

		private BooleanSupplier condition = ALWAYS;

		private boolean lags;

		private Actor(String name) {
			this.name = name;
		}

		private void awaitTurn() {
			if (!tryAcquire(this.turns)) {
				throw new IllegalStateException("'" + this.name + "' has no turn");
			}
		}

	}

}

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
import java.util.Random;

import org.reactivestreams.Publisher;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One of many courses of events with sources that are recorded. Where it is not deadly, a
 * record is kept until the end, no node dies, and none is taken for dead.
 */
final class RecordedPlay {

	private final RecordedNodes contract;

	private final Random random;

	final boolean deadly;

	private final Recording recording;

	private final List<Run> runs = new ArrayList<>();

	final List<Read> reads = new ArrayList<>();

	private boolean cut;

	private boolean forgotten;

	private boolean stopAsked;

	boolean doubled;

	RecordedPlay(RecordedNodes contract, Random random) {
		this.contract = contract;
		this.random = random;
		this.deadly = random.nextInt(3) == 0;
		this.recording = Recording.keptFor(this.deadly ? Duration.ofMillis(300) : RecordedNodes.KEEP);
	}

	private Recorded<String> recorded(Hubs hubs) {
		return hubs.recorded(this.contract.name, String.class, this::begin, this.recording);
	}

	private synchronized Publisher<String> begin() {
		this.doubled |= !this.deadly && !this.forgotten && !this.runs.isEmpty();
		Run run = new Run(this.runs.size());
		// Asked for while the run was about to begin, perhaps on the other node
		run.stopped = this.stopAsked;
		this.runs.add(run);
		return run.source;
	}

	private synchronized List<Run> runs() {
		return List.copyOf(this.runs);
	}

	void step() {
		Hubs hubs = this.random.nextBoolean() ? this.contract.nodes.first() : this.contract.nodes.second();
		switch (this.random.nextInt(18)) {
			case 0, 1, 2, 3, 4, 5 -> runs().forEach((run) -> run.emit(1 + this.random.nextInt(100)));
			case 6, 7, 8 -> read(hubs);
			case 9 -> comeBack(hubs);
			case 10 -> end(hubs);
			case 11, 12 -> cut();
			case 13, 14 -> heal();
			case 15 -> {
				heal();
				boolean withData = this.random.nextInt(3) > 0;
				this.forgotten |= !withData;
				this.contract.nodes.restart(withData);
			}
			default -> {
				if (this.deadly) {
					heal();
					this.contract.nodes.replaceSecond();
					this.reads.removeIf((read) -> read.hubs != this.contract.nodes.first());
				}
			}
		}
		RecordedNodes.awaitTime(Duration.ofMillis(this.random.nextInt(80)));
	}

	private void cut() {
		if (!this.cut) {
			this.contract.nodes.cut();
		}
		this.cut = true;
	}

	void heal() {
		if (this.cut) {
			this.contract.nodes.heal();
		}
		this.cut = false;
	}

	private void end(Hubs hubs) {
		if (this.random.nextInt(4) > 0) {
			return;
		}
		if (this.random.nextBoolean()) {
			stop(hubs);
		}
		else {
			completeAll();
		}
	}

	private void stop(Hubs hubs) {
		synchronized (this) {
			this.stopAsked |= this.runs.isEmpty();
			this.runs.forEach((run) -> run.stopped = true);
		}
		recorded(hubs).stop();
	}

	void completeAll() {
		runs().forEach(Run::complete);
	}

	void read(Hubs hubs) {
		this.reads.add(new Read(hubs, this.contract.read(recorded(hubs).events(Replay.last(0)))));
	}

	/** Somebody leaves and goes on, perhaps on the other node. */
	private void comeBack(Hubs hubs) {
		if (this.reads.isEmpty()) {
			return;
		}
		Read read = this.reads.remove(this.random.nextInt(this.reads.size()));
		read.reader.cancel();
		List<Object> before = read.all();
		Position position = before.isEmpty() ? null : ((HubEvent<?>) before.get(before.size() - 1)).position();
		Read next = new Read(hubs, this.contract.read(recorded(hubs).events(Replay.after(position))));
		next.before.addAll(before);
		this.reads.add(next);
	}

	void check(Read read, long seed) {
		read.reader.assertRulesKept();
		List<Object> events = read.all();
		int start = 0;
		for (int i = 0; i < events.size(); i++) {
			start = (events.get(i) instanceof HubEvent.Reset<?>) ? i + 1 : start;
		}
		List<String> messages = events.subList(start, events.size())
			.stream()
			.map((event) -> (String) ((HubEvent.Message<?>) event).payload())
			.toList();
		String as = "seed " + seed + ", " + messages.size() + " messages of " + runs();
		boolean lossy = this.deadly || this.forgotten;
		assertThat(start == 0 || lossy).as(as + ": reset").isTrue();
		Throwable error = read.reader.error();
		if (error != null) {
			assertThat(lossy).as(as + ": lost").isTrue();
			assertThat(error).as(as).isInstanceOf(RecordedLostException.class);
		}
		assertThat(runs().stream().anyMatch((run) -> run.fits(messages, error == null && !lossy)))
			.as(as + ": " + messages)
			.isTrue();
	}

	private static final class Run {

		private final int number;

		private final TestSource source = new TestSource();

		private final List<String> emitted = new ArrayList<>();

		private boolean completed;

		private boolean stopped;

		Run(int number) {
			this.number = number;
		}

		void emit(int messages) {
			for (int i = 0; i < messages && !this.completed; i++) {
				String message = "run " + this.number + " message " + this.emitted.size();
				this.emitted.add(message);
				this.source.emit(message);
			}
		}

		void complete() {
			if (!this.completed) {
				this.completed = true;
				this.source.complete();
			}
		}

		/** Whether somebody has read this, and all of it unless that need not be. */
		boolean fits(List<String> messages, boolean all) {
			return (all && !this.stopped) ? messages.equals(this.emitted) : messages.size() <= this.emitted.size()
					&& messages.equals(this.emitted.subList(0, messages.size()));
		}

		@Override
		public String toString() {
			return "run " + this.number + " with " + this.emitted.size();
		}

	}

	/** One who reads, perhaps not for the first time. */
	static final class Read {

		private final Hubs hubs;

		final StrictSubscriber reader;

		private final List<Object> before = new ArrayList<>();

		Read(Hubs hubs, StrictSubscriber reader) {
			this.hubs = hubs;
			this.reader = reader;
		}

		List<Object> all() {
			List<Object> all = new ArrayList<>(this.before);
			all.addAll(this.reader.messages());
			return all;
		}

	}

}

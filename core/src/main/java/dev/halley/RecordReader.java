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

import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;

/**
 * One who reads a record, at the pace of its own demand. The lock of the record guards
 * the fields.
 */
final class RecordReader implements HotSubscription.Backlog {

	/** How many messages it has, or does not want. */
	int next;

	/** Whether it has to be told that it begins anew. */
	boolean reset;

	/** Whether it gets what it has missed in one piece. */
	boolean compact;

	/** Whether it was told of the end. */
	boolean told;

	/** What it reads, {@code null} while it waits for that. */
	volatile @Nullable RecordLog<?> log;

	private final CoreSubscriber<? super Object> subscriber;

	private final Wish wish;

	private final HotSubscription subscription;

	private volatile Consumer<? super RecordReader> onLeft = (reader) -> {
	};

	RecordReader(CoreSubscriber<? super Object> subscriber, Step step, Records records, Wish wish) {
		this.subscriber = subscriber;
		this.wish = wish;
		this.compact = wish.compact();
		this.subscription = new HotSubscription(subscriber, step, records.others(), this::leave);
	}

	private void leave() {
		RecordLog<?> log = this.log;
		if (log != null) {
			log.remove(this);
		}
		else {
			this.onLeft.accept(this);
		}
	}

	/** Subscribes, without reading anything. */
	void subscribe() {
		this.subscriber.onSubscribe(this.subscription);
	}

	/**
	 * Subscribes, without reading anything.
	 * @param onLeft called if it leaves before it reads
	 */
	void subscribe(Consumer<? super RecordReader> onLeft) {
		this.onLeft = onLeft;
		subscribe();
	}

	CoreSubscriber<? super Object> subscriber() {
		return this.subscriber;
	}

	CallContext context() {
		return CallContext.from(this.subscriber.currentContext());
	}

	Replay replay() {
		return this.wish.replay();
	}

	/** Whether it fails rather than begin a source in which it was not. */
	boolean comesBack() {
		return this.wish.failing() && this.wish.replay().isAfter();
	}

	HotSubscription subscription() {
		return this.subscription;
	}

	@Override
	public @Nullable Object poll() {
		RecordLog<?> log = this.log;
		return (log != null) ? log.read(this) : null;
	}

	@Override
	public boolean isOver() {
		RecordLog<?> log = this.log;
		return log != null && log.isOver(this);
	}

	@Override
	public boolean goesOn() {
		return true;
	}

	/**
	 * What it wants to read.
	 *
	 * @param replay where to begin
	 * @param failing whether it fails if its position is not of the source
	 * @param compact whether it gets what it has missed in one piece
	 */
	record Wish(Replay replay, boolean failing, boolean compact) {
	}

}

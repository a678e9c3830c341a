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

import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelectionKey;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Consumer;

/**
 * Selects among {@link FakeChannel}s as the JDK does among sockets: what keys are
 * interested in counts from the next selection on, and a closed channel's descriptor is
 * given back by a selection. Sometimes tells of what is not there.
 */
final class FakeSelector extends AbstractSelector {

	private final Interleaving schedule;

	private final Random random;

	private final Set<SelectionKey> keys = new CopyOnWriteArraySet<>();

	private boolean honest;

	private boolean wakeup;

	private boolean waiting;

	FakeSelector(Interleaving schedule, Random random) {
		super(SelectorProvider.provider());
		this.schedule = schedule;
		this.random = random;
	}

	/** Tells of nothing but what is there. */
	FakeSelector honest() {
		this.honest = true;
		return this;
	}

	@Override
	protected SelectionKey register(AbstractSelectableChannel channel, int operations, Object attachment) {
		if (!isOpen()) {
			throw new ClosedSelectorException();
		}
		FakeKey key = new FakeKey((FakeChannel) channel, operations);
		key.attach(attachment);
		this.keys.add(key);
		return key;
	}

	@Override
	public Set<SelectionKey> keys() {
		return this.keys;
	}

	@Override
	public int select(Consumer<SelectionKey> action) {
		this.schedule.step();
		noticeChanges();
		this.schedule.step();
		this.waiting = true;
		this.schedule.await(() -> this.wakeup || this.keys.stream().anyMatch((key) -> ((FakeKey) key).isReady()));
		this.waiting = false;
		return tell(action);
	}

	/** Whether the loop has nothing else to do. */
	boolean isWaiting() {
		return this.waiting && !this.wakeup;
	}

	@Override
	public int selectNow(Consumer<SelectionKey> action) {
		this.schedule.step();
		noticeChanges();
		return tell(action);
	}

	private int tell(Consumer<SelectionKey> action) {
		this.wakeup = false;
		deregisterCancelled();
		List<SelectionKey> shuffled = new ArrayList<>(this.keys);
		Collections.shuffle(shuffled, this.random);
		for (SelectionKey key : shuffled) {
			if (((FakeKey) key).prepare()) {
				action.accept(key);
			}
		}
		this.schedule.step();
		return 0;
	}

	private void noticeChanges() {
		deregisterCancelled();
		this.keys.forEach((key) -> ((FakeKey) key).watched = ((FakeKey) key).operations);
	}

	private void deregisterCancelled() {
		Set<SelectionKey> cancelled = cancelledKeys();
		synchronized (cancelled) {
			cancelled.forEach(this::forget);
			cancelled.clear();
		}
	}

	private void forget(SelectionKey key) {
		this.keys.remove(key);
		deregister((AbstractSelectionKey) key);
	}

	@Override
	public Selector wakeup() {
		this.schedule.step();
		this.wakeup = true;
		this.schedule.step();
		return this;
	}

	@Override
	protected void implCloseSelector() {
		deregisterCancelled();
		this.keys.forEach(this::forget);
	}

	@Override
	public Set<SelectionKey> selectedKeys() {
		throw new AssertionError("Loops have no use for this");
	}

	@Override
	public int select() {
		throw new AssertionError("Loops have no use for this");
	}

	@Override
	public int select(long timeout) {
		throw new AssertionError("Loops have no use for this");
	}

	@Override
	public int selectNow() {
		throw new AssertionError("Loops have no use for this");
	}

	private final class FakeKey extends AbstractSelectionKey {

		private final FakeChannel channel;

		private int operations;

		/** What the selection under way looks at. */
		private int watched;

		private int told;

		private FakeKey(FakeChannel channel, int operations) {
			this.channel = channel;
			this.operations = operations;
		}

		private boolean isReady() {
			return isValid() && (this.watched & this.channel.readiness()) != 0;
		}

		/** Returns whether there is something to tell, true or not. */
		private boolean prepare() {
			int spurious = (!FakeSelector.this.honest && FakeSelector.this.random.nextInt(8) == 0)
					? FakeSelector.this.random.nextInt(8) : 0;
			this.told = this.watched & (this.channel.readiness() | spurious);
			return isValid() && this.told != 0;
		}

		@Override
		public String toString() {
			return "interest " + this.operations + ", watched " + this.watched + ", " + this.channel;
		}

		@Override
		public FakeChannel channel() {
			return this.channel;
		}

		@Override
		public FakeSelector selector() {
			return FakeSelector.this;
		}

		@Override
		public int interestOps() {
			FakeSelector.this.schedule.step();
			return check(this.operations);
		}

		@Override
		public SelectionKey interestOps(int operations) {
			throw new AssertionError("Loops have no use for this");
		}

		@Override
		public int interestOpsOr(int operations) {
			FakeSelector.this.schedule.step();
			int before = check(this.operations);
			this.operations |= operations;
			FakeSelector.this.schedule.step();
			return before;
		}

		@Override
		public int interestOpsAnd(int operations) {
			FakeSelector.this.schedule.step();
			int before = check(this.operations);
			this.operations &= operations;
			FakeSelector.this.schedule.step();
			return before;
		}

		@Override
		public int readyOps() {
			return check(this.told);
		}

		private int check(int value) {
			if (!isValid()) {
				throw new CancelledKeyException();
			}
			return value;
		}

	}

}

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

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the events of many connections, and gives each its turn. One thread at a time
 * drives it, but not always the same: application code that blocks within a turn keeps
 * its thread and loses the loop, which {@link LoopMonitor} hands to another thread. The
 * turn's number tells whose the loop is: odd during a turn. Both the thread that ends its
 * turn and the one that takes over move it on, and only one of them can.
 * <p>
 * What is not guarded by an atomic belongs to the thread that drives, and goes with the
 * loop from one to the next.
 */
final class EventLoop {

	private static final Log logger = LogFactory.getLog(EventLoop.class);

	private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

	private final Selector selector;

	private final Runnable awake;

	private final @Nullable ClassLoader classLoader;

	/** Those who want a turn although the network has nothing for them. */
	private final Queue<LoopSocket> calls = new ConcurrentLinkedQueue<>();

	/** Those who get a turn before the loop selects again. */
	private final Deque<LoopSocket> ready = new ArrayDeque<>();

	private final Consumer<SelectionKey> collector = this::collect;

	private final AtomicLong turn = new AtomicLong();

	/** By the turns whose threads are not back yet. */
	private final Map<Long, Takeover> takeovers = new ConcurrentHashMap<>();

	private final AtomicBoolean sleeping = new AtomicBoolean();

	private final CountDownLatch ended = new CountDownLatch(1);

	private volatile boolean ending;

	private volatile @Nullable Thread driver;

	private boolean swept;

	/** Who has the turn. */
	private @Nullable LoopSocket current;

	/**
	 * Makes a loop that is not driven yet.
	 * @param selector what it waits on, and closes at its end
	 * @param awake what to call when it has waited and has something to do
	 * @param classLoader what application code finds as its context class loader
	 */
	EventLoop(Selector selector, Runnable awake, @Nullable ClassLoader classLoader) {
		this.selector = selector;
		this.awake = awake;
		this.classLoader = classLoader;
	}

	// From any thread

	/**
	 * Takes on a connection.
	 * @return the key, or {@code null} if the loop ends
	 */
	@Nullable SelectionKey register(SocketChannel channel, LoopSocket socket) {
		try {
			SelectionKey key = channel.register(this.selector, SelectionKey.OP_READ, socket);
			wake();
			return this.ending ? null : key;
		}
		catch (IOException | ClosedSelectorException ex) {
			logger.debug("Not registered", ex);
			return null;
		}
	}

	/** Gives a connection a turn at reading. */
	void call(LoopSocket socket) {
		this.calls.add(socket);
		wake();
	}

	/** Has what was changed before this call noticed. */
	void wake() {
		if (this.sleeping.get() && this.sleeping.compareAndSet(true, false)) {
			this.selector.wakeup();
		}
	}

	/** How many connections it has, some of which may have just ended. */
	int size() {
		try {
			return this.selector.keys().size();
		}
		catch (ClosedSelectorException ex) {
			return 0;
		}
	}

	boolean isIdle() {
		return this.sleeping.get();
	}

	/** Ends the loop and drops its connections, on the thread that drives. */
	void end() {
		this.ending = true;
		wake();
	}

	boolean awaitEnd(long nanos) throws InterruptedException {
		return this.ended.await(nanos, TimeUnit.NANOSECONDS);
	}

	/**
	 * The number of the turn.
	 * @return an odd number while the loop's thread may be in the application's code
	 */
	long turn() {
		return this.turn.get();
	}

	/** Whether the thread that drives waits for something, if it has a turn. */
	boolean isWaiting() {
		Thread driver = this.driver;
		return driver != null && driver.getState() != Thread.State.RUNNABLE;
	}

	/**
	 * Drives the loop in place of a thread that does not come back from its turn.
	 * @param turn the turn that lasts so long
	 * @param takeover what to tell if it lasts still
	 */
	void takeOver(long turn, Takeover takeover) {
		if (take(turn, takeover)) {
			drive();
		}
	}

	/**
	 * Returns whether the loop is this thread's now. A frame of its own, which keeps
	 * nothing: the thread may drive for good.
	 */
	private boolean take(long turn, Takeover takeover) {
		LoopSocket blocked = this.current;
		this.takeovers.putIfAbsent(turn, takeover);
		if (blocked == null || !this.turn.compareAndSet(turn, turn + 1)) {
			this.takeovers.remove(turn, takeover);
			return false;
		}
		this.current = null;
		try {
			takeover.done(blocked);
		}
		catch (Throwable ex) {
			report("A takeover was not counted", ex);
		}
		return true;
	}

	// The thread that drives

	/**
	 * Returns when the loop has ended, or has been taken over. Whatever fails here, the
	 * connections need the loop.
	 */
	void drive() {
		boolean mine = true;
		this.driver = Thread.currentThread();
		while (mine) {
			try {
				mine = round();
			}
			catch (Throwable ex) {
				report("An event loop failed and goes on", ex);
			}
		}
	}

	/** Memory may be short, so that this fails too: whoever calls is needed. */
	static void report(String message, Throwable failure) {
		try {
			logger.error(message, failure);
		}
		catch (Throwable ex) {
			Thread.yield();
		}
		LockSupport.parkNanos(PAUSE);
	}

	/** Returns whether this thread has to go on. */
	private boolean round() throws IOException {
		LoopSocket next = this.ready.poll();
		while (next != null) {
			if (!takeTurn(next)) {
				return false;
			}
			next = this.ready.poll();
		}
		if (this.ending && !sweep()) {
			return false;
		}
		select();
		return true;
	}

	/** Returns whether the loop is this thread's still. */
	private boolean takeTurn(LoopSocket socket) {
		int due = socket.takeDue();
		long mine = this.turn.getPlain() + 1;
		this.current = socket;
		this.turn.set(mine);
		try {
			socket.work(due);
		}
		catch (Throwable ex) {
			socket.failed(ex);
		}
		restore(Thread.currentThread());
		if (!this.turn.compareAndSet(mine, mine + 1)) {
			return lost(mine, socket);
		}
		this.current = null;
		return true;
	}

	/** Whatever fails here, the loop has another thread. */
	private boolean lost(long turn, LoopSocket socket) {
		try {
			Takeover takeover = this.takeovers.remove(turn);
			if (takeover != null) {
				takeover.over(socket);
			}
		}
		catch (Throwable ex) {
			logger.debug("A takeover is not recorded", ex);
		}
		return false;
	}

	/** What one connection leaves behind must not be the next one's. */
	private void restore(Thread thread) {
		Thread.interrupted();
		if (thread.getContextClassLoader() != this.classLoader) {
			thread.setContextClassLoader(this.classLoader);
		}
	}

	/** Whoever calls while the loop sleeps wakes it; else its call is seen before. */
	private void select() throws IOException {
		this.sleeping.set(true);
		try {
			if (this.calls.isEmpty() && !this.ending) {
				this.selector.select(this.collector);
			}
			else {
				this.selector.selectNow(this.collector);
			}
		}
		finally {
			this.sleeping.set(false);
		}
		collectCalls();
		this.awake.run();
	}

	private void collect(SelectionKey key) {
		LoopSocket socket = (LoopSocket) key.attachment();
		try {
			socket.addDue(key.readyOps());
			this.ready.add(socket);
		}
		catch (CancelledKeyException ex) {
			logger.trace("Closed meanwhile", ex);
		}
	}

	/** Those that call again during the turns wait for the next round. */
	private void collectCalls() {
		for (LoopSocket socket = this.calls.poll(); socket != null; socket = this.calls.poll()) {
			socket.addDue(SelectionKey.OP_READ);
			this.ready.add(socket);
		}
	}

	/** Returns whether there are connections to end before the loop can. */
	private boolean sweep() {
		if (!this.swept) {
			this.swept = true;
			for (SelectionKey key : this.selector.keys()) {
				LoopSocket socket = (LoopSocket) key.attachment();
				socket.addDue(LoopSocket.END);
				this.ready.add(socket);
			}
			return true;
		}
		closeSelector();
		return false;
	}

	/** Ends a loop that nobody drives. */
	void closeSelector() {
		try {
			this.selector.close();
		}
		catch (IOException ex) {
			logger.debug("Close failed", ex);
		}
		this.ended.countDown();
	}

}

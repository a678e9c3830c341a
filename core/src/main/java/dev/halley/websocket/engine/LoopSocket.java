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
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A connection of our own, on an {@link EventLoop}. It has two sides. One thread at a
 * time reads, the loop's or one that was the loop's until its handler blocked; whoever
 * finds it busy leaves word that it is to look again. Writing goes straight to the
 * network from whatever thread has something to write; what the network does not take is
 * kept, and written on by the loop, or by a thread that waits for it.
 */
final class LoopSocket implements EngineSocket {

	private static final Log logger = LogFactory.getLog(LoopSocket.class);

	private static final AtomicIntegerFieldUpdater<LoopSocket> READING = AtomicIntegerFieldUpdater
		.newUpdater(LoopSocket.class, "reading");

	private static final AtomicIntegerFieldUpdater<LoopSocket> FLUSHING = AtomicIntegerFieldUpdater
		.newUpdater(LoopSocket.class, "flushing");

	private static final int FREE = 0;

	private static final int BUSY = 1;

	/** Busy, and called meanwhile. */
	private static final int CALLED = 2;

	/**
	 * The most bytes of one write: the JDK keeps a direct buffer of that size for each
	 * thread that writes.
	 */
	private static final int MOST_AT_ONCE = 64 * 1024;

	private static final int IGNORED_AT_ONCE = 512;

	/** Besides what a selection key knows: the loop ends. */
	static final int END = 1 << 16;

	private final SocketChannel channel;

	private final LoopSession session;

	private final OffloadPolicy policy;

	/** What was read before the connection came here. */
	private byte @Nullable [] early;

	private volatile @Nullable EventLoop loop;

	private volatile @Nullable SelectionKey key;

	/** What the network has not taken yet. */
	private volatile @Nullable ByteBuffer kept;

	private volatile int reading;

	private volatile int flushing;

	/** Whether the turn of reading in progress has read. */
	private boolean tried;

	/** What is to be done. The loop's alone. */
	private int due;

	LoopSocket(SocketChannel channel, byte[] early, LoopSession session, OffloadPolicy policy) {
		this.channel = channel;
		this.early = (early.length > 0) ? early : null;
		this.session = session;
		this.policy = policy;
	}

	OffloadPolicy policy() {
		return this.policy;
	}

	/**
	 * Belongs to a loop from now on, which calls when something comes.
	 * @return whether the loop takes it
	 */
	boolean register(EventLoop loop) {
		this.loop = loop;
		SelectionKey key = loop.register(this.channel, this);
		if (key == null) {
			return false;
		}
		this.key = key;
		if (this.kept != null) {
			watch(SelectionKey.OP_WRITE);
		}
		if (this.early != null) {
			loop.call(this);
		}
		return true;
	}

	// The loop's side

	void addDue(int operations) {
		this.due |= operations;
	}

	int takeDue() {
		int due = this.due;
		this.due = 0;
		return due;
	}

	/** Does what is due. Application code may run, and may block. */
	void work(int due) {
		if ((due & END) != 0) {
			this.session.lost();
			close();
			return;
		}
		if ((due & SelectionKey.OP_WRITE) != 0) {
			this.session.writable();
			unwatchWhenWritten();
		}
		if ((due & SelectionKey.OP_READ) != 0) {
			readable();
		}
	}

	/**
	 * One that finds a reader at work stops watching, and only then leaves word: this
	 * thread may have lost the loop meanwhile, and what it does late must not undo what
	 * others have done since. One that fails has lost its place among the bytes, so it
	 * ends the connection before another thread can read on.
	 */
	private void readable() {
		if (!READING.compareAndSet(this, FREE, BUSY)) {
			unwatch(SelectionKey.OP_READ);
			resumeReading();
			return;
		}
		this.tried = false;
		boolean goOn = false;
		try {
			goOn = this.session.readable();
		}
		catch (Throwable ex) {
			failed(ex);
		}
		finally {
			if (goOn) {
				watch(SelectionKey.OP_READ);
			}
			else if (!this.tried) {
				unwatch(SelectionKey.OP_READ);
			}
			stopReading();
		}
	}

	/** Others of the loop come first if this one is to be called again. */
	private void stopReading() {
		EventLoop loop = this.loop;
		if (READING.getAndSet(this, FREE) == CALLED && loop != null) {
			loop.call(this);
		}
	}

	/**
	 * A failure that nobody expects must not be one of the loop. Memory may be short:
	 * what fails here too is given up.
	 */
	void failed(Throwable failure) {
		try {
			close();
			logger.error("A connection failed and is dropped", failure);
			this.session.lost();
		}
		catch (Throwable ex) {
			this.kept = null;
		}
	}

	// What is watched for

	private void watch(int operation) {
		SelectionKey key = this.key;
		EventLoop loop = this.loop;
		if (key == null || loop == null || !key.isValid()) {
			return;
		}
		try {
			if ((key.interestOps() & operation) == 0) {
				key.interestOpsOr(operation);
				loop.wake();
			}
		}
		catch (CancelledKeyException ex) {
			logger.trace("Closed meanwhile", ex);
		}
	}

	private void unwatch(int operation) {
		SelectionKey key = this.key;
		if (key == null || !key.isValid()) {
			return;
		}
		try {
			key.interestOpsAnd(~operation);
		}
		catch (CancelledKeyException ex) {
			logger.trace("Closed meanwhile", ex);
		}
	}

	private void unwatchWhenWritten() {
		if (this.kept == null) {
			unwatch(SelectionKey.OP_WRITE);
			if (this.kept != null) {
				watch(SelectionKey.OP_WRITE);
			}
		}
	}

	// The session's side

	@Override
	public int read(ByteBuffer buffer) throws IOException {
		this.tried = true;
		byte[] early = this.early;
		if (early == null) {
			return this.channel.read(buffer);
		}
		int count = Math.min(early.length, buffer.remaining());
		buffer.put(early, 0, count);
		this.early = (count < early.length) ? Arrays.copyOfRange(early, count, early.length) : null;
		return count;
	}

	/** What came early is at hand although the network may have nothing. */
	@Override
	public boolean isBuffered() {
		return this.early != null;
	}

	@Override
	public boolean write(byte[] bytes, int length) throws IOException {
		ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
		if (transfer(buffer)) {
			return true;
		}
		this.kept = ByteBuffer.wrap(Arrays.copyOfRange(bytes, buffer.position(), length));
		watch(SelectionKey.OP_WRITE);
		return false;
	}

	/** Returns whether all is out. */
	private boolean transfer(ByteBuffer bytes) throws IOException {
		int end = bytes.limit();
		while (bytes.position() < end) {
			bytes.limit(Math.min(bytes.position() + MOST_AT_ONCE, end));
			this.channel.write(bytes);
			boolean taken = !bytes.hasRemaining();
			bytes.limit(end);
			if (!taken) {
				return false;
			}
		}
		return true;
	}

	/** As long as something is kept the loop watches for room. */
	@Override
	public boolean flush() throws IOException {
		if (!FLUSHING.compareAndSet(this, FREE, BUSY)) {
			return false;
		}
		try {
			ByteBuffer kept = this.kept;
			if (kept == null || !transfer(kept)) {
				return false;
			}
			this.kept = null;
			return true;
		}
		finally {
			FLUSHING.set(this, FREE);
		}
	}

	@Override
	public void resumeReading() {
		EventLoop loop = this.loop;
		if (loop != null && !READING.compareAndSet(this, BUSY, CALLED) && READING.get(this) != CALLED) {
			loop.call(this);
		}
	}

	@Override
	public boolean execute(Runnable work) {
		return this.policy.execute(work);
	}

	/**
	 * Throws away what has come already.
	 * @param most how many bytes at most
	 */
	void ignore(int most) {
		ByteBuffer buffer = ByteBuffer.allocate(IGNORED_AT_ONCE);
		try {
			for (int ignored = 0; ignored < most && this.channel.read(buffer.clear()) > 0;) {
				ignored += buffer.position();
			}
		}
		catch (IOException ex) {
			logger.trace("Broken meanwhile", ex);
		}
	}

	/** The loop lets go of the descriptor when it selects next. */
	@Override
	public void close() {
		cut();
		this.kept = null;
	}

	@Override
	public void cut() {
		try {
			this.channel.close();
		}
		catch (IOException ex) {
			logger.debug("Close failed", ex);
		}
		EventLoop loop = this.loop;
		if (loop != null) {
			loop.wake();
		}
	}

}

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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network in memory that does what a test says: takes everything, or so many bytes, or
 * breaks. Checks that a session keeps the rules of {@link EngineSocket}.
 */
final class ScriptedSocket implements EngineSocket {

	static final byte[] END = {};

	private final Queue<byte[]> input = new ConcurrentLinkedQueue<>();

	private final ByteArrayOutputStream output = new ByteArrayOutputStream();

	private final AtomicInteger resumed = new AtomicInteger();

	private final AtomicInteger writers = new AtomicInteger();

	private final AtomicInteger asked = new AtomicInteger();

	private volatile boolean buffered;

	private volatile boolean brokenForReads;

	private volatile Exception brokenForWrites;

	private volatile boolean closed;

	private volatile boolean cut;

	private int writes;

	private long room = Long.MAX_VALUE;

	private byte[] kept;

	private int keptFrom;

	/** From now on the network takes only so many bytes more. */
	synchronized ScriptedSocket room(long bytes) {
		this.room = bytes;
		return this;
	}

	synchronized void addRoom(long bytes) {
		this.room += bytes;
	}

	ScriptedSocket buffered() {
		this.buffered = true;
		return this;
	}

	ScriptedSocket breakReads() {
		this.brokenForReads = true;
		return this;
	}

	ScriptedSocket breakWrites(Exception failure) {
		this.brokenForWrites = failure;
		return this;
	}

	/** What one read after the other brings. */
	ScriptedSocket brings(byte[]... reads) {
		this.input.addAll(List.of(reads));
		return this;
	}

	synchronized byte[] written() {
		return this.output.toByteArray();
	}

	/** What a client would see. */
	List<String> seen() {
		return ReaderProbe.client().feed(written()).events();
	}

	synchronized int writes() {
		return this.writes;
	}

	int unread() {
		return this.input.size();
	}

	/** How often it was asked to have {@code readable} called. */
	int resumed() {
		return this.resumed.get();
	}

	/** How often it was asked to have {@code writable} called. */
	int asked() {
		return this.asked.get();
	}

	/** Takes one such question for answered. */
	boolean takeAsked() {
		return this.asked.getAndUpdate((now) -> (now > 0) ? now - 1 : 0) > 0;
	}

	boolean takeResumed() {
		return this.resumed.getAndUpdate((now) -> (now > 0) ? now - 1 : 0) > 0;
	}

	boolean isClosed() {
		return this.closed;
	}

	boolean isCut() {
		return this.cut;
	}

	@Override
	public int read(ByteBuffer buffer) throws IOException {
		if (this.brokenForReads) {
			throw new IOException("Connection reset");
		}
		byte[] next = this.input.poll();
		if (next == null) {
			return 0;
		}
		if (next == END) {
			return -1;
		}
		buffer.put(next);
		return next.length;
	}

	@Override
	public boolean write(byte[] bytes, int length) throws IOException {
		checkAlone(this.writers.incrementAndGet() == 1);
		try {
			fail();
			synchronized (this) {
				checkAlone(this.kept == null);
				this.writes++;
				this.kept = bytes.clone();
				this.keptFrom = 0;
				return put(length);
			}
		}
		finally {
			this.writers.decrementAndGet();
		}
	}

	private int keptLength;

	private boolean put(int length) {
		this.keptLength = length;
		int count = (int) Math.min(this.room, length - this.keptFrom);
		this.output.write(this.kept, this.keptFrom, count);
		this.room -= count;
		this.keptFrom += count;
		if (this.keptFrom == length) {
			this.kept = null;
			return true;
		}
		this.asked.incrementAndGet();
		return false;
	}

	@Override
	public synchronized boolean flush() throws IOException {
		fail();
		return this.kept != null && put(this.keptLength);
	}

	private void fail() throws IOException {
		if (this.brokenForWrites instanceof RuntimeException ex) {
			throw ex;
		}
		if (this.brokenForWrites instanceof IOException ex) {
			throw ex;
		}
		if (this.closed) {
			throw new IOException("Closed");
		}
	}

	private static void checkAlone(boolean alone) {
		if (!alone) {
			throw new AssertionError("Two wrote at once");
		}
	}

	@Override
	public void resumeReading() {
		this.resumed.incrementAndGet();
	}

	/** It has no threads. */
	@Override
	public boolean execute(Runnable work) {
		return false;
	}

	@Override
	public boolean isBuffered() {
		return this.buffered;
	}

	@Override
	public void close() {
		this.closed = true;
	}

	@Override
	public void cut() {
		this.cut = true;
	}

}

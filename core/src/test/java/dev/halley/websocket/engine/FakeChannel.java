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
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A connection in memory, whose network takes and brings as much as a seed says, and
 * whose peer is the test.
 */
final class FakeChannel extends SocketChannel {

	private final Interleaving schedule;

	private final Random random;

	private final ReaderProbe seen = ReaderProbe.client();

	private byte[] input = new byte[0];

	private int at;

	private int room;

	private boolean ended;

	private boolean reset;

	FakeChannel(Interleaving schedule, Random random) throws IOException {
		super(SelectorProvider.provider());
		this.schedule = schedule;
		this.random = random;
		configureBlocking(false);
	}

	// The peer

	void arrive(byte[] bytes) {
		this.input = Frames.join(this.input, bytes);
	}

	/** The peer sends nothing more. */
	void endInput() {
		this.ended = true;
	}

	void reset() {
		this.reset = true;
	}

	/** The peer reads. */
	void addRoom(int bytes) {
		this.room += bytes;
	}

	boolean isFull() {
		return this.room == 0;
	}

	/** What the peer has got so far. */
	List<String> seen() {
		return this.seen.events();
	}

	boolean hasSeenClose() {
		return this.seen.events().stream().anyMatch((event) -> event.startsWith("close "));
	}

	@Override
	public String toString() {
		return "read " + this.at + " of " + this.input.length + ", room " + this.room + ", registered "
				+ isRegistered();
	}

	// The network

	int readiness() {
		boolean readable = this.reset || this.ended || this.at < this.input.length;
		return (readable ? SelectionKey.OP_READ : 0) | ((this.reset || this.room > 0) ? SelectionKey.OP_WRITE : 0);
	}

	@Override
	public int read(ByteBuffer buffer) throws IOException {
		this.schedule.step();
		check();
		int most = Math.min(buffer.remaining(), this.input.length - this.at);
		if (most == 0) {
			return this.ended ? -1 : 0;
		}
		int count = part(most);
		buffer.put(this.input, this.at, count);
		this.at += count;
		this.schedule.step();
		return count;
	}

	@Override
	public int write(ByteBuffer buffer) throws IOException {
		this.schedule.step();
		check();
		int most = Math.min(buffer.remaining(), this.room);
		int count = (most > 0) ? part(most) : 0;
		byte[] bytes = new byte[count];
		buffer.get(bytes);
		this.seen.feed(bytes);
		this.room -= count;
		this.schedule.step();
		return count;
	}

	/** Half of the time all, else some. */
	private int part(int most) {
		return this.random.nextBoolean() ? most : 1 + this.random.nextInt(most);
	}

	private void check() throws IOException {
		if (!isOpen()) {
			throw new ClosedChannelException();
		}
		if (this.reset) {
			throw new IOException("Connection reset");
		}
	}

	@Override
	protected void implCloseSelectableChannel() {
	}

	@Override
	protected void implConfigureBlocking(boolean block) {
	}

	// What loops have no use for

	@Override
	public long read(ByteBuffer[] buffers, int offset, int length) {
		throw new AssertionError("Loops have no use for this");
	}

	@Override
	public long write(ByteBuffer[] buffers, int offset, int length) {
		throw new AssertionError("Loops have no use for this");
	}

	@Override
	public SocketChannel bind(SocketAddress local) {
		throw new AssertionError("Loops have no use for this");
	}

	@Override
	public <T> SocketChannel setOption(SocketOption<T> name, T value) {
		throw new AssertionError("Loops have no use for this");
	}

	@Override
	public <T> T getOption(SocketOption<T> name) {
		throw new AssertionError("Loops have no use for this");
	}

	@Override
	public Set<SocketOption<?>> supportedOptions() {
		return Set.of();
	}

	@Override
	public SocketChannel shutdownInput() {
		throw new AssertionError("Loops have no use for this");
	}

	@Override
	public SocketChannel shutdownOutput() {
		throw new AssertionError("Loops have no use for this");
	}

	@Override
	public Socket socket() {
		throw new AssertionError("Loops have no use for this");
	}

	@Override
	public boolean isConnected() {
		return true;
	}

	@Override
	public boolean isConnectionPending() {
		return false;
	}

	@Override
	public boolean connect(SocketAddress remote) {
		throw new AssertionError("Loops have no use for this");
	}

	@Override
	public boolean finishConnect() {
		return true;
	}

	@Override
	public SocketAddress getRemoteAddress() {
		throw new AssertionError("Loops have no use for this");
	}

	@Override
	public SocketAddress getLocalAddress() {
		throw new AssertionError("Loops have no use for this");
	}

}

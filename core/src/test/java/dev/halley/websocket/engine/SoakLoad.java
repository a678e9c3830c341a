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
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The clients of the soak, all on the thread that calls {@link #run}: they keep so many
 * connections alive, send at a steady rate, compare each byte that comes back, and end
 * their connections in many ways.
 */
final class SoakLoad implements AutoCloseable {

	private static final int BUFFER = 256 * 1024;

	private static final int MOST_HANDSHAKES = 100;

	/** All the messages on their way, which the server may have to hold. */
	private static final long MOST_UNDER_WAY = 64 << 20;

	/** Each has its own range of ports. */
	private static final int SOURCE_ADDRESSES = 16;

	/** After this without any answer, a message is lost. */
	private static final long PATIENCE = TimeUnit.SECONDS.toNanos(90);

	private final Random random;

	private final int port;

	private final int connections;

	private final double messagesEachSecond;

	private final Selector selector = Selector.open();

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);

	private final PriorityQueue<Wake> wakes = new PriorityQueue<>();

	private final Set<SoakClient> alive = new HashSet<>();

	private final Map<SoakEvent, Long> counts = new EnumMap<>(SoakEvent.class);

	private final List<String> failures = new ArrayList<>();

	private final byte[] pattern;

	private int handshakes;

	private int made;

	private int most;

	private long underWay;

	private boolean ending;

	SoakLoad(int port, int connections, double messagesEachSecond, long seed) throws IOException {
		this.random = new Random(seed);
		this.port = port;
		this.connections = connections;
		this.messagesEachSecond = messagesEachSecond;
		this.pattern = new byte[2 * SoakServer.LARGEST];
		this.random.nextBytes(this.pattern);
	}

	/**
	 * Runs for a time, and then until the last connection has ended; or until the first
	 * failure.
	 */
	void run(Duration time) throws IOException {
		long end = System.nanoTime() + time.toNanos();
		long check = System.nanoTime();
		this.ending = false;
		while (this.failures.isEmpty() && (!this.ending || !this.alive.isEmpty())) {
			if (Thread.currentThread().isInterrupted()) {
				throw new InterruptedIOException("Interrupted: " + this);
			}
			long now = System.nanoTime();
			if (!this.ending && now - end >= 0) {
				this.ending = true;
				List.copyOf(this.alive).forEach(SoakClient::finish);
			}
			connectMore();
			wake(now);
			this.selector.select(this::ready, 5);
			if (now - check >= 0) {
				check = now + TimeUnit.SECONDS.toNanos(1);
				List.copyOf(this.alive).forEach((client) -> client.check(now - PATIENCE));
			}
		}
		this.wakes.clear();
	}

	/** So many are open though others have just ended and new ones are about to open. */
	private void connectMore() throws IOException {
		int most = this.connections + MOST_HANDSHAKES;
		while (!this.ending && this.alive.size() < most && this.handshakes < MOST_HANDSHAKES) {
			SocketChannel channel = SocketChannel.open();
			channel.configureBlocking(false);
			channel.bind(new InetSocketAddress("127.0.0." + (2 + this.made++ % SOURCE_ADDRESSES), 0));
			channel.connect(new InetSocketAddress("127.0.0.1", this.port));
			SelectionKey key = channel.register(this.selector, SelectionKey.OP_CONNECT);
			SoakClient client = client(key);
			key.attach(client);
			this.handshakes++;
			this.alive.add(client);
		}
	}

	/** Of ten, one listens over a WebSocket, and one to an event stream. */
	private SoakClient client(SelectionKey key) {
		return (this.made % 10 == 5) ? new SoakStream(this, key) : new SoakConnection(this, key, this.made % 10 == 0);
	}

	private void wake(long now) {
		Wake next = this.wakes.peek();
		while (next != null && now - next.time() >= 0) {
			this.wakes.poll();
			if (this.alive.contains(next.client())) {
				next.client().wake();
			}
			next = this.wakes.peek();
		}
	}

	private void ready(SelectionKey key) {
		((SoakClient) key.attachment()).ready(this.buffer);
	}

	// What connections use

	Random random() {
		return this.random;
	}

	byte[] pattern() {
		return this.pattern;
	}

	boolean isEnding() {
		return this.ending;
	}

	/**
	 * Takes note of what is sent and not yet back, so that a machine that cannot keep up
	 * with the rate gets less to do, and not more to keep.
	 */
	void underWay(long more) {
		this.underWay += more;
	}

	boolean isFull() {
		return this.underWay > MOST_UNDER_WAY;
	}

	/** Wakes a client so that all of them together keep to the rate. */
	void wakeLater(SoakClient client) {
		double mean = this.connections / this.messagesEachSecond;
		double seconds = -Math.log(1 - this.random.nextDouble()) * mean;
		this.wakes.add(new Wake(System.nanoTime() + (long) (seconds * 1e9), client));
	}

	void count(SoakEvent event, long more) {
		this.counts.merge(event, more, Long::sum);
	}

	void opened() {
		this.handshakes--;
		this.most = Math.max(this.most, this.alive.size() - this.handshakes);
		count(SoakEvent.OPENED, 1);
	}

	void ended(SoakClient client, boolean opened) {
		this.alive.remove(client);
		if (!opened) {
			this.handshakes--;
		}
	}

	void failed(SoakClient client, String failure) {
		this.failures.add(client + ": " + failure);
	}

	// What came of it

	long count(SoakEvent event) {
		return this.counts.getOrDefault(event, 0L);
	}

	/** How many connections were open at the same time, at most. */
	int most() {
		return this.most;
	}

	List<String> failures() {
		return this.failures;
	}

	@Override
	public String toString() {
		return this.most + " at the same time, " + this.counts;
	}

	@Override
	public void close() throws IOException {
		for (SelectionKey key : this.selector.keys()) {
			key.channel().close();
		}
		this.selector.close();
	}

	private record Wake(long time, SoakClient client) implements Comparable<Wake> {

		@Override
		public int compareTo(Wake other) {
			return Long.signum(this.time - other.time);
		}

	}

}

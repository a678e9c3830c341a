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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;
import org.springframework.util.Assert;
import org.springframework.web.socket.CloseStatus;

import dev.halley.codec.Payload;
import dev.halley.connection.Connection;
import dev.halley.connection.FailureLog;
import dev.halley.connection.Transport;
import dev.halley.stream.StreamFormat;

/**
 * The body of a response that has left its container: a stream in chunks (RFC 9112
 * section 7.1) on an event loop. What is sent together makes one chunk, or one for each
 * message if its format wants that. An end in good order has the last chunk, and then the
 * connection is closed, as the head has announced; one that is dropped lacks it, which
 * tells the peer that the stream was cut off.
 * <p>
 * The peer has nothing to say. What it sends nevertheless is thrown away, within bounds,
 * and its end of the connection is the end of the stream. Holds no buffers while nothing
 * is under way.
 */
final class LoopStream implements Transport, LoopSession {

	private static final Log logger = LogFactory.getLog(LoopStream.class);

	/** The most bytes that a peer may send after its request. */
	static final int MOST_IGNORED = 64 * 1024;

	private static final int READ_SIZE = 2 * 1024;

	private static final int MOST_KEPT = 64 * 1024;

	private static final byte[] NO_BYTES = {};

	private static final byte[] LINE_END = { '\r', '\n' };

	private static final byte[] LAST_CHUNK = { '0', '\r', '\n', '\r', '\n' };

	private static final Runnable NOTHING = () -> {
	};

	private static final Pool<ByteSink> SINKS = new Pool<>(64, ByteSink::new, (sink) -> sink.clear(MOST_KEPT),
			ByteSink::release);

	private final Connection connection;

	private final StreamFormat format;

	/** In nanoseconds; 0 for never. */
	private final long timeout;

	private final AtomicBoolean closed = new AtomicBoolean();

	private @Nullable LoopSocket socket;

	/** What to do when all that is under way is written. */
	private volatile Runnable sent = NOTHING;

	/** Whether what comes before all messages is written. Guarded by the monitor. */
	private boolean started;

	/** What waits for that. Guarded by the monitor. */
	private @Nullable Runnable held;

	/** The reading thread's alone. */
	private int ignored;

	/** The timer's alone; 0 before its first look. */
	private long deadline;

	private volatile boolean overdue;

	LoopStream(Connection connection, StreamFormat format, Duration timeout) {
		this.connection = connection;
		this.format = format;
		this.timeout = (timeout.getSeconds() < Integer.MAX_VALUE) ? timeout.toNanos() : 0;
	}

	void attach(LoopSocket socket) {
		this.socket = socket;
	}

	private LoopSocket socket() {
		LoopSocket socket = this.socket;
		Assert.state(socket != null, "The stream has no socket yet");
		return socket;
	}

	/**
	 * Begins the stream, on a loop already. The application's part may block, so this is
	 * the container's thread.
	 */
	void start() {
		write((sink) -> chunk(this.format.start(), sink), this::started);
		this.connection.open(this);
	}

	private void started() {
		Runnable next;
		synchronized (this) {
			this.started = true;
			next = this.held;
			this.held = null;
		}
		if (next != null) {
			next.run();
		}
	}

	/** Messages and the end come one at a time: no more than one of them waits. */
	private synchronized boolean isHeld(Runnable action) {
		if (!this.started) {
			this.held = action;
		}
		return !this.started;
	}

	// The connection's side

	@Override
	public void send(List<Payload> batch, Runnable sent) {
		if (!isHeld(() -> send(batch, sent))) {
			write((sink) -> encode(batch, sink), sent);
		}
	}

	/** The last chunk follows the end that the application has brought about, if any. */
	@Override
	public void close(CloseStatus status) {
		if (!isHeld(() -> close(status))) {
			write((sink) -> {
				chunk(end(status), sink);
				sink.write(LAST_CHUNK);
			}, this::finish);
		}
	}

	private byte[] end(CloseStatus status) {
		return this.overdue ? NO_BYTES : this.format.end(status, this.connection.isEndAsked());
	}

	@Override
	public void abort(CloseStatus status) {
		if (this.closed.compareAndSet(false, true)) {
			closeSocket();
		}
	}

	/** There is nothing to read, hence nothing to stop. */
	@Override
	public void suspend() {
	}

	@Override
	public void resume() {
	}

	@Override
	public boolean answersPings() {
		return false;
	}

	@Override
	public boolean outlivesOut() {
		return false;
	}

	@Override
	public long timeLeft(long now) {
		if (this.timeout == 0) {
			return Long.MAX_VALUE;
		}
		if (this.deadline == 0) {
			this.deadline = now + this.timeout;
		}
		this.overdue = now - this.deadline >= 0;
		return this.deadline - now;
	}

	// Writing

	private void encode(List<Payload> batch, ByteSink sink) {
		if (this.format.isFlushedEach()) {
			batch.forEach((payload) -> chunk(this.format.encode(payload), sink));
			return;
		}
		List<byte[]> parts = new ArrayList<>(batch.size());
		int length = 0;
		for (Payload payload : batch) {
			byte[] part = this.format.encode(payload);
			parts.add(part);
			length = Math.addExact(length, part.length);
		}
		chunk(length, parts, sink);
	}

	private static void chunk(byte[] bytes, ByteSink sink) {
		chunk(bytes.length, List.of(bytes), sink);
	}

	/** A chunk without bytes would be the last one. */
	private static void chunk(int length, List<byte[]> parts, ByteSink sink) {
		if (length > 0) {
			sink.write(Integer.toHexString(length).getBytes(StandardCharsets.US_ASCII));
			sink.write(LINE_END);
			parts.forEach(sink::write);
			sink.write(LINE_END);
		}
	}

	private void write(Consumer<ByteSink> encoding, Runnable sent) {
		ByteSink sink = SINKS.borrow();
		try {
			encoding.accept(sink);
			if (transmit(sink, sent)) {
				sent.run();
			}
		}
		finally {
			SINKS.giveBack(sink);
		}
	}

	/** Returns whether all is out; if not, {@link #writable} goes on. */
	private boolean transmit(ByteSink sink, Runnable sent) {
		this.sent = sent;
		try {
			return sink.length() == 0 || socket().write(sink.array(), sink.length());
		}
		catch (IOException | RuntimeException ex) {
			broken(ex);
			return false;
		}
	}

	@Override
	public void writable() {
		this.connection.progress();
		try {
			if (!socket().flush()) {
				return;
			}
		}
		catch (IOException | RuntimeException ex) {
			broken(ex);
			return;
		}
		this.sent.run();
	}

	// Reading

	@Override
	public boolean readable() {
		ByteBuffer buffer = ByteBuffer.allocate(READ_SIZE);
		try {
			int count = socket().read(buffer);
			while (count > 0 && this.ignored <= MOST_IGNORED) {
				this.ignored += count;
				count = socket().read(buffer.clear());
			}
			if (count == 0) {
				return true;
			}
			logger.debug(LogMessage.format("%s: %s", this.connection,
					(count < 0) ? "the peer is gone" : "the peer sends more than its request"));
			lost();
		}
		catch (IOException ex) {
			broken(ex);
		}
		return false;
	}

	// Ending

	/** All is written. What is not read would make a reset of the close. */
	private void finish() {
		if (this.closed.compareAndSet(false, true)) {
			socket().ignore(MOST_IGNORED);
			closeSocket();
			this.connection.ended(CloseStatus.NORMAL);
		}
	}

	private void broken(Exception ex) {
		FailureLog.debug(logger, this.connection, "the connection is broken", ex);
		lost();
	}

	@Override
	public void lost() {
		if (this.closed.compareAndSet(false, true)) {
			closeSocket();
			this.connection.ended(CloseStatus.NO_CLOSE_FRAME);
		}
	}

	private void closeSocket() {
		this.sent = NOTHING;
		if (this.socket != null) {
			this.socket.close();
		}
	}

}

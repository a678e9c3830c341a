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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

import dev.halley.codec.Payload;
import dev.halley.connection.FailureLog;

/**
 * One WebSocket connection between a socket's bytes and a listener's messages: reads and
 * answers frames, and goes through RFC 6455's closing handshake (section 7).
 * <p>
 * Reading is the container's, one thread at a time. Writing is done by whoever has
 * something to write when nobody else does; what comes meanwhile is written by that one,
 * or when the network has room again. A session holds no buffers while nothing is under
 * way.
 */
final class EngineSession implements FrameHandler, LoopSession {

	private static final Log logger = LogFactory.getLog(EngineSession.class);

	private static final int READ_SIZE = 16 * 1024;

	private static final int READS_IN_A_ROW = 16;

	private static final Pool<ByteBuffer> READ_BUFFERS = new Pool<>(64, () -> ByteBuffer.allocate(READ_SIZE),
			ByteBuffer::clear, (buffer) -> {
			});

	private final EngineSocket socket;

	private final EngineListener listener;

	private final FrameReader reader;

	private final EngineOutput output;

	private final AtomicBoolean closed = new AtomicBoolean();

	private final AtomicBoolean suspended = new AtomicBoolean();

	private final AtomicBoolean closing = new AtomicBoolean();

	/**
	 * Held by the thread that reads, and at last by nobody: then the reader has ended.
	 */
	private final AtomicBoolean reading = new AtomicBoolean();

	private byte @Nullable [] rest;

	/** Pings of this read that are to be answered together. */
	private @Nullable List<byte[]> pings;

	private boolean stop;

	private boolean violated;

	private volatile boolean peerDone;

	private volatile boolean closeSent;

	private volatile @Nullable CloseStatus peerStatus;

	EngineSession(EngineSocket socket, EngineListener listener, int limit, Compression compression) {
		this.socket = socket;
		this.listener = listener;
		this.reader = new FrameReader(Role.SERVER, limit, compression.inflater(), this);
		this.output = new EngineOutput(socket, compression.writer(), this::lost);
	}

	/** A wire that comes when nobody waits for it any more is of no use. */
	void open() {
		if (!this.closed.get()) {
			this.listener.opened();
		}
	}

	boolean isClosed() {
		return this.closed.get();
	}

	/** Whether one side has begun the closing handshake, or the connection is gone. */
	boolean isClosing() {
		return this.closing.get() || this.closed.get();
	}

	/**
	 * Sets the limit of messages from the next one on.
	 * @param bytes the most bytes of a message
	 */
	void limit(int bytes) {
		this.reader.limit(bytes);
	}

	// Reading

	@Override
	public boolean readable() {
		if (this.suspended.get() || !this.reading.compareAndSet(false, true)) {
			return false;
		}
		ByteBuffer buffer = READ_BUFFERS.borrow();
		try {
			return processRest() && readAll(buffer);
		}
		catch (IOException ex) {
			FailureLog.debug(logger, "WebSocket", "read failed", ex);
			lost();
			return false;
		}
		finally {
			READ_BUFFERS.giveBack(buffer);
			this.reading.set(false);
			endReader();
		}
	}

	/** What the reader holds goes back once no thread uses it any more. */
	private void endReader() {
		if (this.closed.get() && this.reading.compareAndSet(false, true)) {
			this.reader.end();
			this.rest = null;
		}
	}

	private boolean processRest() {
		byte[] rest = this.rest;
		this.rest = null;
		return rest == null || process(rest, rest.length);
	}

	/** Others want the thread too: after some reads this one queues up again. */
	private boolean readAll(ByteBuffer buffer) throws IOException {
		for (int i = 0; i < READS_IN_A_ROW; i++) {
			buffer.clear();
			int count = this.socket.read(buffer);
			if (count < 0) {
				lost();
			}
			if (count <= 0) {
				return count == 0;
			}
			if (!process(buffer.array(), count)) {
				return false;
			}
			if (count < READ_SIZE && !this.socket.isBuffered()) {
				return true;
			}
		}
		this.socket.resumeReading();
		return false;
	}

	/** Returns whether to read on. */
	private boolean process(byte[] bytes, int length) {
		this.stop = false;
		this.listener.activity();
		this.listener.batchStarted();
		try {
			int consumed = this.reader.read(bytes, 0, length);
			if (consumed < length) {
				this.rest = Arrays.copyOfRange(bytes, consumed, length);
			}
		}
		catch (WebSocketProtocolException ex) {
			answerPings();
			violated(ex);
		}
		finally {
			answerPings();
			this.listener.batchEnded();
		}
		if (this.violated && LastFrame.isClose(bytes, length)) {
			peerDone();
		}
		return !this.stop && !this.closed.get();
	}

	/** A peer that does so while the connection closes has no claim to more patience. */
	private void violated(WebSocketProtocolException ex) {
		logger.debug(ex.getMessage());
		this.violated = true;
		if (this.closing.get()) {
			peerDone();
		}
		else {
			this.listener.violated(new CloseStatus(ex.code(), ex.reason()));
		}
	}

	/**
	 * Stops reading after the message in progress. Called from within the listener. In
	 * the closing handshake reading goes on, for the peer's answer.
	 */
	void suspend() {
		this.stop = true;
		this.suspended.set(true);
		if (this.closing.get()) {
			resume();
		}
	}

	/** Reads on, once for each {@link #suspend}. */
	void resume() {
		if (this.suspended.compareAndSet(true, false)) {
			this.socket.resumeReading();
		}
	}

	@Override
	public boolean onText(byte[] utf8) {
		answerPings();
		this.listener.text(utf8);
		return goesOn();
	}

	@Override
	public boolean onBinary(byte[] data) {
		answerPings();
		this.listener.binary(data);
		return goesOn();
	}

	@Override
	public boolean onPing(byte[] payload) {
		this.pings = (this.pings != null) ? this.pings : new ArrayList<>(2);
		this.pings.add(payload);
		return goesOn();
	}

	/** A flood of pings must not become one of writes. Comes before what may wait. */
	private void answerPings() {
		List<byte[]> pings = this.pings;
		if (pings != null) {
			this.pings = null;
			this.output.pongs(pings);
		}
	}

	@Override
	public boolean onPong(byte[] payload) {
		this.listener.pong(payload);
		return goesOn();
	}

	private boolean goesOn() {
		return !this.stop && !this.closed.get();
	}

	/**
	 * The peer has sent its last; it gets what was answered before, and our Close, if it
	 * has not.
	 */
	@Override
	public void onClose(int code, String reason) {
		answerPings();
		this.listener.batchEnded();
		CloseStatus status = new CloseStatus(code, reason);
		this.peerStatus = status;
		if (!this.closing.get()) {
			this.listener.closing(status);
		}
		sendClose(code, "");
		peerDone();
	}

	// Writing

	/**
	 * Sends messages.
	 * @param batch the messages
	 * @param sent what to call when all is handed to the network
	 * @return whether they were taken; not if the connection is closing
	 */
	boolean send(List<Payload> batch, Runnable sent) {
		return this.output.send(batch, sent);
	}

	boolean sendFragment(int opcode, boolean last, byte[] data, Runnable sent) {
		return this.output.fragment(opcode, last, data, sent);
	}

	@Override
	public void writable() {
		this.listener.progress();
		this.output.writable();
	}

	/**
	 * Tells that {@link #writable} is worth a call, to a thread that waits for it.
	 * @return whether there is one, which then calls it
	 */
	boolean wakesSender() {
		return this.listener.wakesSender();
	}

	/**
	 * Runs something where the application's code may run.
	 * @return whether it will run
	 */
	boolean execute(Runnable work) {
		return this.socket.execute(work);
	}

	// Closing

	/** Begins the closing handshake, and reads on for the peer's answer. */
	void close(CloseStatus status) {
		sendClose(status.getCode(), (status.getReason() != null) ? status.getReason() : "");
		resume();
	}

	/** One Close, whoever is first; done is only who knows it written. */
	private void sendClose(int code, String reason) {
		if (this.closing.compareAndSet(false, true)) {
			this.output.close(code, reason);
			this.closeSent = true;
			dropIfDone();
		}
	}

	private void peerDone() {
		this.peerDone = true;
		dropIfDone();
	}

	/** Both have sent their last: when ours is out, it is the server that closes. */
	private void dropIfDone() {
		if (this.peerDone && this.closeSent) {
			this.output.whenFlushed(this::drop);
		}
	}

	/** Ends the connection without more ado, and also if a thread is busy with it. */
	void abort() {
		this.socket.cut();
		drop();
	}

	private void drop() {
		if (this.closed.compareAndSet(false, true)) {
			try {
				endReader();
				this.output.end();
				this.socket.close();
			}
			finally {
				CloseStatus status = this.peerStatus;
				this.listener.closed((status != null) ? status : CloseStatus.NO_CLOSE_FRAME);
			}
		}
	}

	@Override
	public void lost() {
		drop();
	}

}

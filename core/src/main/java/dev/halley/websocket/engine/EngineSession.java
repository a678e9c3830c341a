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
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

import dev.halley.codec.Payload;

/**
 * One WebSocket connection between a socket's bytes and a listener's messages: reads and
 * answers frames, and goes through RFC 6455's closing handshake (section 7).
 * <p>
 * Reading is the container's, one thread at a time. Writing is done by whoever has
 * something to write when nobody else does; what comes meanwhile is written by that one,
 * or when the network has room again. A session holds no buffers while nothing is under
 * way.
 */
final class EngineSession implements FrameHandler {

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

	private byte @Nullable [] rest;

	private boolean stop;

	private boolean violated;

	private volatile boolean peerDone;

	private volatile boolean suspended;

	private volatile boolean closeSent;

	private volatile @Nullable CloseStatus peerStatus;

	EngineSession(EngineSocket socket, EngineListener listener, int limit, Compression compression) {
		this.socket = socket;
		this.listener = listener;
		this.reader = new FrameReader(Role.SERVER, limit, compression.inflater(), this);
		this.output = new EngineOutput(socket, compression.writer(), this::lost);
	}

	void open() {
		this.listener.opened();
	}

	boolean isClosed() {
		return this.closed.get();
	}

	boolean isCloseSent() {
		return this.closeSent;
	}

	// Reading

	/**
	 * Reads what is there.
	 * @return whether the container should call again when there is more
	 */
	boolean readable() {
		ByteBuffer buffer = READ_BUFFERS.borrow();
		try {
			return processRest() && readAll(buffer);
		}
		catch (IOException ex) {
			logger.debug("Read failed", ex);
			lost();
			return false;
		}
		finally {
			READ_BUFFERS.giveBack(buffer);
		}
	}

	private boolean processRest() {
		byte[] rest = this.rest;
		this.rest = null;
		return rest == null || process(rest, rest.length);
	}

	/** Others want the thread too: after some reads the container has to call again. */
	private boolean readAll(ByteBuffer buffer) throws IOException {
		for (int i = 0; i < READS_IN_A_ROW || this.socket.isBuffered(); i++) {
			buffer.clear();
			int count = this.socket.read(buffer);
			if (count < 0) {
				lost();
				return false;
			}
			if (count == 0) {
				return true;
			}
			if (!process(buffer.array(), count)) {
				return false;
			}
			if (count < READ_SIZE && !this.socket.isBuffered()) {
				return true;
			}
		}
		return true;
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
			violated(ex);
		}
		finally {
			this.listener.batchEnded();
		}
		if (this.violated && LastFrame.isClose(bytes, length)) {
			peerDone();
		}
		return !this.stop && !this.closed.get();
	}

	private void violated(WebSocketProtocolException ex) {
		logger.debug(ex.getMessage());
		this.violated = true;
		this.listener.violated(new CloseStatus(ex.code(), ex.reason()));
	}

	/** Stops reading after the message in progress. Called from within the listener. */
	void suspend() {
		this.stop = true;
		this.suspended = true;
	}

	void resume() {
		if (this.suspended) {
			this.suspended = false;
			this.socket.resumeReading();
		}
	}

	@Override
	public boolean onText(byte[] utf8) {
		this.listener.text(utf8);
		return !this.stop;
	}

	@Override
	public boolean onBinary(byte[] data) {
		this.listener.binary(data);
		return !this.stop;
	}

	@Override
	public boolean onPing(byte[] payload) {
		if (!this.closeSent) {
			this.output.pong(payload);
		}
		return !this.stop;
	}

	@Override
	public boolean onPong(byte[] payload) {
		this.listener.pong(payload);
		return !this.stop;
	}

	@Override
	public void onClose(int code, String reason) {
		peerClosed(new CloseStatus(code, reason));
	}

	/**
	 * The peer broke the protocol and has sent its last: once it has our Close, we go.
	 */
	private void peerDone() {
		this.peerDone = true;
		if (this.closeSent) {
			this.output.whenFlushed(this::drop);
		}
	}

	/**
	 * The peer has sent its last; it gets ours, if it has not, and the connection ends.
	 */
	private void peerClosed(CloseStatus status) {
		this.peerStatus = status;
		if (!this.closeSent) {
			this.listener.closing(status);
			this.closeSent = true;
			this.output.close(status.getCode(), "");
		}
		this.output.whenFlushed(this::drop);
	}

	// Writing

	void send(List<Payload> batch, Runnable sent) {
		this.output.send(batch, sent);
	}

	void sendFragment(int opcode, boolean last, byte[] data, Runnable sent) {
		this.output.fragment(opcode, last, data, sent);
	}

	/** Tries again to write, now that the network has room. */
	void writable() {
		this.listener.progress();
		this.output.writable();
	}

	/** Begins the closing handshake, and reads on for the peer's answer. */
	void close(CloseStatus status) {
		if (!this.closeSent) {
			this.closeSent = true;
			this.output.close(status.getCode(), (status.getReason() != null) ? status.getReason() : "");
		}
		if (this.peerDone) {
			this.output.whenFlushed(this::drop);
		}
		resume();
	}

	/** Closes the connection without more ado. */
	void drop() {
		if (this.closed.compareAndSet(false, true)) {
			this.reader.end();
			this.output.end();
			this.socket.close();
			CloseStatus status = this.peerStatus;
			this.listener.closed((status != null) ? status : CloseStatus.NO_CLOSE_FRAME);
		}
	}

	/** The connection broke. */
	void lost() {
		drop();
	}

}

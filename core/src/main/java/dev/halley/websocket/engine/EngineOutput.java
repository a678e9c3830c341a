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
import java.util.List;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import dev.halley.codec.Payload;

/**
 * The writing side of a session: makes frames and writes them, all that is at hand in one
 * write. One thread writes at a time; frames of others (pongs, a Close) that come
 * meanwhile wait for it. The monitor guards the fields alone, no I/O runs under it.
 */
final class EngineOutput {

	private static final Log logger = LogFactory.getLog(EngineOutput.class);

	/** Beyond this, only the latest ping is answered (RFC 6455 section 5.5.3). */
	private static final int MOST_WAITING_FOR_PONGS = 16 * 1024;

	private static final int MOST_KEPT = 64 * 1024;

	private static final Pool<ByteSink> SINKS = new Pool<>(64, ByteSink::new, (sink) -> sink.clear(MOST_KEPT),
			ByteSink::release);

	private static final Runnable NOTHING = () -> {
	};

	private final EngineSocket socket;

	private final FrameWriter writer;

	private final Runnable broken;

	private boolean busy;

	private boolean over;

	private @Nullable ByteSink waiting;

	private Runnable waitingSent = NOTHING;

	private byte @Nullable [] latestPong;

	private @Nullable Runnable whenFlushed;

	private volatile Runnable sent = NOTHING;

	EngineOutput(EngineSocket socket, FrameWriter writer, Runnable broken) {
		this.socket = socket;
		this.writer = writer;
		this.broken = broken;
	}

	void send(List<Payload> batch, Runnable sent) {
		if (batch.size() == 1 && isShareable(batch.get(0))) {
			byte[] frame = sharedFrame(batch.get(0));
			submit(frame, frame.length, sent);
			return;
		}
		ByteSink sink = SINKS.borrow();
		for (Payload payload : batch) {
			write(payload, sink);
		}
		submit(sink.array(), sink.length(), sent);
		SINKS.giveBack(sink);
	}

	/** Sends a part of a message; no other message may come between the parts. */
	void fragment(int opcode, boolean last, byte[] data, Runnable sent) {
		ByteSink sink = SINKS.borrow();
		this.writer.fragment(opcode, last, data, sink);
		submit(sink.array(), sink.length(), sent);
		SINKS.giveBack(sink);
	}

	private void write(Payload payload, ByteSink sink) {
		if (isShareable(payload)) {
			sink.write(sharedFrame(payload));
			return;
		}
		switch (payload.kind()) {
			case TEXT -> this.writer.text(payload.bytes(), sink);
			case BINARY -> this.writer.binary(payload.bytes(), sink);
			case PING -> this.writer.ping(payload.bytes(), sink);
			case PONG -> this.writer.pong(payload.bytes(), sink);
		}
	}

	private boolean isShareable(Payload payload) {
		return payload.isShared() && this.writer.sharesFrames()
				&& (payload.kind() == Payload.Kind.TEXT || payload.kind() == Payload.Kind.BINARY);
	}

	/**
	 * A frame that goes to many connections is made once for those that compress alike.
	 */
	private byte[] sharedFrame(Payload payload) {
		SharedFrame kept = (payload.transportForm() instanceof SharedFrame frame) ? frame : null;
		for (SharedFrame frame = kept; frame != null; frame = frame.next()) {
			if (frame.writer() == this.writer) {
				return frame.bytes();
			}
		}
		byte[] bytes = (payload.kind() == Payload.Kind.TEXT) ? this.writer.textFrame(payload.bytes())
				: this.writer.binaryFrame(payload.bytes());
		payload.keepTransportForm(new SharedFrame(this.writer, bytes, kept));
		return bytes;
	}

	void pong(byte[] data) {
		synchronized (this) {
			if (this.waiting != null && this.waiting.length() > MOST_WAITING_FOR_PONGS) {
				this.latestPong = data;
				return;
			}
		}
		ByteSink sink = SINKS.borrow();
		this.writer.pong(data, sink);
		submit(sink.array(), sink.length(), NOTHING);
		SINKS.giveBack(sink);
	}

	void close(int code, String reason) {
		ByteSink sink = SINKS.borrow();
		this.writer.close(code, reason, sink);
		submit(sink.array(), sink.length(), NOTHING);
		SINKS.giveBack(sink);
	}

	/** Runs something when all is written, at once if that is so. */
	void whenFlushed(Runnable action) {
		synchronized (this) {
			if (this.busy) {
				this.whenFlushed = action;
				return;
			}
		}
		action.run();
	}

	/** Gives up: nothing more is written, and nobody is told that anything was. */
	void end() {
		synchronized (this) {
			this.over = true;
			this.waiting = null;
		}
		this.writer.release();
	}

	private void submit(byte[] bytes, int length, Runnable sent) {
		synchronized (this) {
			if (this.over) {
				return;
			}
			if (this.busy) {
				hold(bytes, length, sent);
				return;
			}
			this.busy = true;
		}
		if (transmit(bytes, length, sent)) {
			goOn();
		}
	}

	private void hold(byte[] bytes, int length, Runnable sent) {
		if (this.waiting == null) {
			this.waiting = new ByteSink();
		}
		this.waiting.write(bytes, 0, length);
		if (sent != NOTHING) {
			this.waitingSent = sent;
		}
	}

	/** Returns whether all is out; if not, {@link #writable} goes on. */
	private boolean transmit(byte[] bytes, int length, Runnable sent) {
		this.sent = sent;
		try {
			if (!this.socket.write(bytes, length)) {
				return false;
			}
		}
		catch (IOException ex) {
			failed(ex);
			return false;
		}
		sent.run();
		return true;
	}

	private void failed(IOException ex) {
		logger.debug("Write failed", ex);
		this.broken.run();
	}

	/** The network has room again. */
	void writable() {
		synchronized (this) {
			if (!this.busy || this.over) {
				return;
			}
		}
		try {
			if (this.socket.flush()) {
				this.sent.run();
				goOn();
			}
		}
		catch (IOException ex) {
			failed(ex);
		}
	}

	/** Writes what has come meanwhile. */
	private void goOn() {
		while (true) {
			ByteSink next;
			Runnable sent;
			Runnable flushed = null;
			synchronized (this) {
				next = this.over ? null : this.waiting;
				sent = this.waitingSent;
				this.waiting = null;
				this.waitingSent = NOTHING;
				if (next == null) {
					this.busy = false;
					flushed = this.whenFlushed;
					this.whenFlushed = null;
				}
				else if (this.latestPong != null) {
					this.writer.pong(this.latestPong, next);
					this.latestPong = null;
				}
			}
			if (next == null) {
				if (flushed != null) {
					flushed.run();
				}
				return;
			}
			if (!transmit(next.array(), next.length(), sent)) {
				return;
			}
		}
	}

	/** A frame for the connections that share a writer. */
	private record SharedFrame(FrameWriter writer, byte[] bytes, @Nullable SharedFrame next) {
	}

}

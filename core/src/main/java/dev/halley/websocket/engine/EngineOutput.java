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
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

import dev.halley.codec.Payload;
import dev.halley.connection.FailureLog;

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

	/** Whether the Close was taken: nothing may follow it. */
	private boolean complete;

	private boolean over;

	private @Nullable ByteSink waiting;

	private Runnable waitingSent = NOTHING;

	private byte @Nullable [] latestPong;

	private @Nullable Runnable whenFlushed;

	private volatile Runnable sent = NOTHING;

	/**
	 * Makes an output.
	 * @param socket where to
	 * @param writer one that many connections share: an idle one holds no deflater
	 * @param broken what to do when a write fails
	 */
	EngineOutput(EngineSocket socket, FrameWriter writer, Runnable broken) {
		Assert.isTrue(writer.sharesFrames(), "A context that is taken over has no place here");
		this.socket = socket;
		this.writer = writer;
		this.broken = broken;
	}

	/**
	 * Sends messages in one write.
	 * @param batch the messages
	 * @param sent what to call when all is handed to the network
	 * @return whether they were taken: not after the Close, nor when the connection is
	 * gone
	 */
	boolean send(List<Payload> batch, Runnable sent) {
		if (batch.size() == 1 && isShareable(batch.get(0))) {
			byte[] frame = sharedFrame(batch.get(0));
			return submit(frame, frame.length, sent, false);
		}
		return submit((sink) -> batch.forEach((payload) -> write(payload, sink)), sent, false);
	}

	/** Sends a part of a message; no other message may come between the parts. */
	boolean fragment(int opcode, boolean last, byte[] data, Runnable sent) {
		return submit((sink) -> this.writer.fragment(opcode, last, data, sink), sent, false);
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
		return payload.isShared() && (payload.kind() == Payload.Kind.TEXT || payload.kind() == Payload.Kind.BINARY);
	}

	/**
	 * A frame that goes to many connections is made once for those that compress alike.
	 */
	private byte[] sharedFrame(Payload payload) {
		SharedFrame kept = (payload.sharedForm() instanceof SharedFrame frame) ? frame : null;
		for (SharedFrame frame = kept; frame != null; frame = frame.next()) {
			if (frame.writer() == this.writer) {
				return frame.bytes();
			}
		}
		byte[] bytes = (payload.kind() == Payload.Kind.TEXT) ? this.writer.textFrame(payload.bytes())
				: this.writer.binaryFrame(payload.bytes());
		payload.keepSharedForm(new SharedFrame(this.writer, bytes, kept));
		return bytes;
	}

	/** Answers pings, in one write. */
	void pongs(List<byte[]> data) {
		synchronized (this) {
			if (this.waiting != null && this.waiting.length() > MOST_WAITING_FOR_PONGS && !this.complete) {
				this.latestPong = data.get(data.size() - 1);
				return;
			}
		}
		submit((sink) -> data.forEach((single) -> this.writer.pong(single, sink)), NOTHING, false);
	}

	/** Sends the Close, and takes nothing more. */
	void close(int code, String reason) {
		submit((sink) -> this.writer.close(code, reason, sink), NOTHING, true);
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
			this.latestPong = null;
			this.waitingSent = NOTHING;
		}
		this.sent = NOTHING;
	}

	private boolean submit(Consumer<ByteSink> frames, Runnable sent, boolean last) {
		ByteSink sink = SINKS.borrow();
		try {
			frames.accept(sink);
			return submit(sink.array(), sink.length(), sent, last);
		}
		finally {
			SINKS.giveBack(sink);
		}
	}

	private boolean submit(byte[] bytes, int length, Runnable sent, boolean last) {
		synchronized (this) {
			if (this.over || this.complete) {
				return false;
			}
			this.complete = last;
			if (this.busy) {
				hold(bytes, length, sent);
				return true;
			}
			this.busy = true;
		}
		if (transmit(bytes, length, sent)) {
			goOn();
		}
		return true;
	}

	private void hold(byte[] bytes, int length, Runnable sent) {
		if (this.waiting == null) {
			this.waiting = new ByteSink();
		}
		if (this.complete) {
			answerPing(this.waiting);
		}
		this.waiting.write(bytes, 0, length);
		if (sent != NOTHING) {
			this.waitingSent = sent;
		}
	}

	private void answerPing(ByteSink sink) {
		if (this.latestPong != null) {
			this.writer.pong(this.latestPong, sink);
			this.latestPong = null;
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
		catch (IOException | RuntimeException ex) {
			failed(ex);
			return false;
		}
		sent.run();
		return true;
	}

	private void failed(Exception ex) {
		FailureLog.debug(logger, "WebSocket", "write failed", ex);
		this.broken.run();
	}

	/**
	 * The network has room again. Only one of those who try finds that it wrote the last
	 * byte.
	 */
	void writable() {
		try {
			if (!this.socket.flush()) {
				return;
			}
		}
		catch (IOException | RuntimeException ex) {
			failed(ex);
			return;
		}
		this.sent.run();
		goOn();
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
				else {
					answerPing(next);
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
	private record SharedFrame(FrameWriter writer, byte[] bytes,
			@Nullable SharedFrame next) implements Payload.SharedForm {
	}

}

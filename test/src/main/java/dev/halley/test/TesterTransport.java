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

package dev.halley.test;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import org.springframework.web.socket.CloseStatus;

import dev.halley.codec.MessageCodec;
import dev.halley.codec.Payload;
import dev.halley.connection.Connection;
import dev.halley.connection.Transport;

/**
 * A wire in memory, whose other end is a test. The peer reads as much as it was told to;
 * a write is done when all of it is read. Thread-safe; the monitor guards the fields
 * alone.
 */
final class TesterTransport implements Transport {

	private static final long UNLIMITED = Long.MAX_VALUE;

	private final Inbox inbox;

	private final Transcript transcript;

	private final MessageCodec<Object> codec;

	private final Workers workers;

	private final boolean stream;

	private final Queue<Runnable> incoming = new ArrayDeque<>();

	private final Queue<Payload> writing = new ArrayDeque<>();

	private @Nullable Runnable written;

	private boolean pumping;

	private boolean suspended;

	private boolean reading;

	private boolean answering = true;

	private boolean answered;

	private boolean gone;

	private long credit = UNLIMITED;

	private volatile @Nullable Connection connection;

	TesterTransport(Inbox inbox, Transcript transcript, MessageCodec<Object> codec, Workers workers, boolean stream) {
		this.inbox = inbox;
		this.transcript = transcript;
		this.codec = codec;
		this.workers = workers;
		this.stream = stream;
	}

	void open(Connection connection) {
		this.connection = connection;
		connection.open(this);
	}

	private Connection connection() {
		Connection connection = this.connection;
		if (connection == null) {
			throw new IllegalStateException("The transport is used before it was opened");
		}
		return connection;
	}

	/** The peer sends a message. */
	void receive(Payload payload) {
		arrive(() -> connection().received(payload));
	}

	/** The peer closes, after what it has sent. */
	void receiveClose(CloseStatus status) {
		arrive(() -> {
			connection().closing(status);
			end(status, "Close " + Transcript.print(status) + ", the answer");
		});
	}

	/** Nobody is there any more. */
	void vanish() {
		synchronized (this) {
			this.incoming.clear();
		}
		this.workers.execute(() -> end(CloseStatus.NO_CLOSE_FRAME, "gone"));
	}

	private void end(CloseStatus status, String what) {
		synchronized (this) {
			this.gone = true;
			this.writing.clear();
			this.written = null;
		}
		this.inbox.end(status, this.transcript.note(what));
		connection().ended(status);
	}

	private void arrive(Runnable arrival) {
		synchronized (this) {
			this.incoming.add(arrival);
		}
		pump();
	}

	/** Brings what has arrived, one after the other, unless nothing is read. */
	private void pump() {
		synchronized (this) {
			if (this.pumping || this.suspended || this.incoming.isEmpty()) {
				return;
			}
			this.pumping = true;
		}
		this.workers.execute(() -> {
			for (Runnable next = next(); next != null; next = next()) {
				connection().batchStarted();
				try {
					next.run();
				}
				finally {
					connection().batchEnded();
				}
			}
		});
	}

	private synchronized @Nullable Runnable next() {
		Runnable next = this.suspended ? null : this.incoming.poll();
		this.pumping = next != null;
		return next;
	}

	synchronized void stall() {
		this.credit = 0;
	}

	synchronized boolean isStalled() {
		return this.credit == 0;
	}

	/** The peer reads so many messages more, and no others. */
	void request(long messages) {
		synchronized (this) {
			this.credit = (this.credit == UNLIMITED) ? messages : Math.addExact(this.credit, messages);
		}
		this.workers.execute(this::read);
	}

	void requestUnlimited() {
		synchronized (this) {
			this.credit = UNLIMITED;
		}
		this.workers.execute(this::read);
	}

	synchronized void neverAnswerClose() {
		Assert.state(!this.answered,
				"neverAnswerClose(): the Close of the pair was answered already (expected: before it comes)");
		this.answering = false;
	}

	@Override
	public void send(List<Payload> batch, Runnable sent) {
		synchronized (this) {
			this.writing.addAll(batch);
			this.written = sent;
		}
		read();
	}

	/** One thread reads at a time; what comes meanwhile is left to it. */
	private void read() {
		synchronized (this) {
			if (this.reading) {
				return;
			}
			this.reading = true;
		}
		boolean more = true;
		while (more) {
			Payload payload;
			Runnable sent = null;
			synchronized (this) {
				payload = (this.credit > 0 && !this.gone) ? this.writing.poll() : null;
				if (payload != null && !isHeartbeat(payload) && this.credit != UNLIMITED) {
					this.credit--;
				}
				if (payload == null && this.writing.isEmpty()) {
					sent = this.written;
					this.written = null;
				}
				more = payload != null || sent != null;
				this.reading = more;
			}
			if (payload != null) {
				take(payload);
			}
			if (sent != null) {
				sent.run();
			}
		}
	}

	private static boolean isHeartbeat(Payload payload) {
		return payload.kind() == Payload.Kind.PING && payload.size() == 0;
	}

	private void take(Payload payload) {
		connection().progress();
		if (payload.kind() == Payload.Kind.PING && !this.stream) {
			this.workers.execute(() -> connection().pong());
		}
		if (isHeartbeat(payload)) {
			this.transcript.received("a heartbeat");
			return;
		}
		try {
			Object message = this.codec.decode(payload);
			this.inbox.add(message, this.transcript.received(Transcript.print(message)));
		}
		catch (Throwable ex) {
			this.inbox.addUnreadable(ex,
					this.transcript.received(Transcript.print(ObjectCodec.INSTANCE.decode(payload))));
		}
	}

	@Override
	public void suspend() {
		synchronized (this) {
			this.suspended = true;
		}
	}

	@Override
	public void resume() {
		synchronized (this) {
			this.suspended = false;
		}
		pump();
	}

	/** The peer answers, as all do that keep to the protocol. */
	@Override
	public void close(CloseStatus status) {
		boolean answering;
		synchronized (this) {
			answering = this.answering || this.stream;
			this.answered |= answering;
		}
		String what = this.stream ? "the end of the stream" : "Close " + Transcript.print(status);
		this.inbox.end(status, this.transcript.received(what));
		if (answering) {
			this.workers.execute(() -> connection().ended(status));
		}
		resume();
	}

	@Override
	public void abort(CloseStatus status) {
		int lost;
		synchronized (this) {
			this.gone = true;
			lost = this.writing.size();
			this.writing.clear();
			this.written = null;
		}
		String unread = (lost > 0) ? ", with " + lost + " messages under way that the peer has not read" : "";
		this.inbox.end(status, this.transcript.received("dropped, " + Transcript.print(status) + unread));
	}

	@Override
	public boolean answersPings() {
		return !this.stream;
	}

	@Override
	public boolean outlivesOut() {
		return !this.stream;
	}

}

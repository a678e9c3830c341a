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

package dev.halley.connection;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.web.socket.CloseStatus;

import dev.halley.SendBuffer;
import dev.halley.StackReserve;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.Payload;

/**
 * The sending side of a connection: queues what the {@link SourceSubscriber} and others
 * have to send, and is the only one who writes. All that is queued when the wire is free
 * goes out in one write, and the source is asked for more as far as there is room. The
 * {@link OutboundState} decides when that is.
 * <p>
 * Encoding, writing and the source run outside of all monitors.
 */
final class Outbound {

	/** How many writes in a row a thread lends itself to. */
	private static final int WRITES_IN_A_ROW = 64;

	private final Connection connection;

	private final PayloadEncoder encoder;

	private final OutboundState state;

	private final SourceSubscriber source;

	private final Turns writes;

	private volatile boolean cancelling;

	private volatile boolean fetchDue;

	private volatile @Nullable Thread corked;

	/** How often the application has called on the corked thread. That thread's alone. */
	private int corkedCalls;

	private volatile @Nullable Thread drainer;

	private volatile boolean writeDue;

	Outbound(Connection connection, PayloadEncoder encoder, ConnectionSettings settings, OutboundState state) {
		this.connection = connection;
		this.encoder = encoder;
		this.state = state;
		this.writes = new Turns(this::work, WRITES_IN_A_ROW, this::goOnElsewhere, this::isEndangered);
		IdentifyingEncoder ids = IdentifyingEncoder.of(encoder);
		SendBuffer limits = new SendBuffer(state.sourceShare(), settings.sendBufferBytes(), settings.overflow(),
				(ids != null) ? ids : encoder);
		this.source = new SourceSubscriber(this, state, connection, encoder, ids, limits);
	}

	void start(Publisher<Object> out) {
		this.state.start();
		this.source.subscribeTo(this.encoder.select(out));
	}

	/** Encodes what goes out. */
	MessageCodec<Object> codec() {
		return this.encoder.codec();
	}

	/** Queues a message that is sent beside the source, to be written by a drain. */
	LiveConnection.Sending addBeside(Payload payload) {
		return this.state.addBeside(payload);
	}

	/** Whether what this thread holds back must be written before so many bytes come. */
	boolean isHoldingTooMuch(int size) {
		return isCorked() && this.state.isTooMuchWith(size);
	}

	/** Queues a message that is no source's. */
	void offer(Payload payload) {
		enqueue(payload, false);
	}

	/** Queues the last message, which there is always room for. */
	void offerLast(Payload payload) {
		this.state.addLast(payload, payload.size());
		drain();
	}

	/** Queues a message, and does what it calls for. */
	void enqueue(Payload payload, boolean fromSource) {
		switch (this.state.add(payload, payload.size(), fromSource)) {
			case TOO_MUCH -> this.connection.slowConsumer();
			case STARTING -> askForMore();
			case PRESSING -> takeWrite();
			case WAITING -> drain();
			case NOT -> {
			}
		}
	}

	private void askForMore() {
		drain();
		this.source.ask();
		if (this.state.isPressing()) {
			takeWrite();
		}
		else {
			drain();
		}
	}

	/** Puts a ping before all that is queued. */
	void ping(Payload ping) {
		this.state.addPing(ping);
		drain();
	}

	/** Asks for the end of the connection after what is queued, or without it. */
	void close(CloseStatus status, boolean discard) {
		if (this.state.close(status, discard)) {
			this.source.detach();
			if (!isCorked()) {
				this.writeDue = true;
			}
			takeTurn();
		}
	}

	/** The wire is gone. */
	void end() {
		this.state.end();
		this.source.detach();
		takeTurn();
	}

	/**
	 * Cancels the source if the turn that has it cancelled is still to come. Called back
	 * when the wire is gone.
	 */
	void cancelNow() {
		this.source.cancelNow();
	}

	/**
	 * Holds back what this thread's handlers send, until {@link #uncork} or until so much
	 * waits that the peer would be taken for a slow one.
	 */
	void cork() {
		this.corkedCalls = 0;
		this.corked = this.state.isStepwise() ? null : Thread.currentThread();
	}

	/**
	 * Sees to it that the stack of this thread does not end here: the application calls.
	 */
	void requireStack() {
		if (!isStackFresh()) {
			StackReserve.require();
		}
	}

	/** Whether the application was called only now, and its handler's end is awaited. */
	boolean isStackFresh() {
		return isCorked() && this.corkedCalls++ < StackReserve.SAFE_CALLS;
	}

	void uncork() {
		this.corked = null;
		drain();
	}

	/** Writes what was held back. */
	void release() {
		this.state.fetched();
		drain();
	}

	private boolean isCorked() {
		return this.corked == Thread.currentThread();
	}

	/** Writes what there is to write. One thread at a time; others leave it to it. */
	void drain() {
		if (!isCorked()) {
			takeWrite();
		}
	}

	void takeWrite() {
		this.writeDue = true;
		takeTurn();
	}

	/** The source is asked for more after the turn: it may block whoever asks. */
	private void takeTurn() {
		this.writes.take();
		fetchIfDue();
	}

	private void fetchIfDue() {
		if (this.fetchDue) {
			this.fetchDue = false;
			fetch();
		}
	}

	/** None of the threads of the wires runs the application's code. */
	private void goOnElsewhere(Runnable turns) {
		this.connection.handOver(() -> {
			turns.run();
			fetchIfDue();
		});
	}

	/**
	 * Whether this thread must not write. A source that is cancelled may interrupt the
	 * thread on which it emitted, and in the middle of a write that would break the wire.
	 * So it is cancelled between writes, and from then on others do what is left to do.
	 */
	private boolean isEndangered() {
		return this.cancelling && this.state.isEmitting();
	}

	/** What was interrupted before must not break the wire either. */
	private void work() {
		boolean interrupted = Thread.interrupted();
		if (this.writeDue) {
			this.writeDue = false;
			write();
		}
		if (!this.writeDue && !this.cancelling && this.source.isDetached()) {
			this.cancelling = true;
			this.source.cancelDetached();
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	private void write() {
		Transport transport = this.connection.transport();
		if (transport == null) {
			return;
		}
		this.drainer = Thread.currentThread();
		try {
			if (!writeBatch(transport)) {
				writeClose(transport);
			}
		}
		catch (Throwable ex) {
			// What a transport cannot write, it cannot end in good order either
			this.connection.report("write failed", ex);
			this.connection.abort(CloseStatus.NO_CLOSE_FRAME);
		}
		finally {
			this.drainer = null;
		}
	}

	private boolean writeBatch(Transport transport) {
		List<Payload> batch = this.state.takeBatch();
		if (batch == null) {
			return false;
		}
		int round = this.state.round();
		this.connection.count().sending(batch);
		transport.send(batch, () -> sent(batch, round));
		return true;
	}

	private void writeClose(Transport transport) {
		CloseStatus status = this.state.takeClose();
		if (status != null) {
			this.connection.closing().awaitEnd();
			transport.close(status);
		}
	}

	/** A write is out, on the thread that does it or on another. */
	private void sent(List<Payload> batch, int round) {
		if (!this.state.written(batch, round)) {
			return;
		}
		if (this.drainer == Thread.currentThread()) {
			this.fetchDue = true;
		}
		else {
			fetch();
		}
	}

	private void fetch() {
		Callbacks callbacks = this.connection.callbacks();
		if (callbacks.isOnWireThread()) {
			callbacks.callBack(this::fetchNow);
		}
		else {
			fetchNow();
		}
	}

	/**
	 * Asks the source for more. Where messages wait there, they are fetched before the
	 * wire is used again, so that they share a write; a Close or a ping does not wait.
	 */
	private void fetchNow() {
		if (this.state.isStepwise()) {
			this.source.ask();
			this.state.fetched();
		}
		this.source.ask();
		drain();
	}

}

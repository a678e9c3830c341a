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

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import org.springframework.web.socket.CloseStatus;

import dev.halley.CallContext;
import dev.halley.InOut;
import dev.halley.Receiver;
import dev.halley.RunningPair;
import dev.halley.StackReserve;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.Payload;

/**
 * A live connection: runs one pair over one {@link Transport}.
 * <p>
 * Its life: made by the handshake; {@link #open} when the wire is ready, which registers
 * it, subscribes to the out and then starts the in; open until somebody asks for its end
 * (the peer, the out, a time-out, {@link #close}); closing until the wire is gone; then
 * {@link #ended}, which happens exactly once, cancels the out, frees its place and, after
 * the message in progress, lets the in finish.
 * <p>
 * Thread-safe, with what {@link Transport} says about the order of its calls. No lock is
 * held while user code or I/O runs.
 *
 * @since 0.1
 */
public final class Connection {

	private static final Log logger = LogFactory.getLog(Connection.class);

	private final ConnectionInfo info;

	private final @Nullable String user;

	private final ConnectionSettings settings;

	private final ConnectionRegistry registry;

	private final Reservation reservation;

	private final FailureAnswers failures;

	private final RunningPair<Object> pair;

	private final CallContext context;

	private final Inbound inbound;

	final Outbound outbound;

	private final OutboundState sending;

	private final Ending ending = new Ending();

	private volatile @Nullable Transport transport;

	private final TimeOuts timeOuts;

	private final Closing closing;

	private final Callbacks callbacks;

	private final PairTicks ticks;

	private final TrafficCount count;

	/**
	 * Creates a connection for an accepted handshake. What the application's code finds
	 * on the threads that work for it is what the current thread has.
	 * @param info what is known of it
	 * @param pair what to run
	 * @param inCodec decodes what comes in
	 * @param outCodec encodes what goes out
	 * @param failures the application's exception handlers
	 * @param settings the limits and time-outs
	 * @param registry where it is registered while it lives
	 * @param reservation its place, given back when it is gone
	 */
	@SuppressWarnings("unchecked")
	public Connection(ConnectionInfo info, InOut<?, ?> pair, MessageCodec<?> inCodec, MessageCodec<?> outCodec,
			FailureHandler failures, ConnectionSettings settings, ConnectionRegistry registry,
			Reservation reservation) {
		this.info = info;
		this.user = info.userName();
		this.settings = settings;
		this.registry = registry;
		this.reservation = reservation;
		this.callbacks = new Callbacks(this, registry);
		this.count = new TrafficCount(registry, info);
		this.context = registry.captureContext(info);
		this.pair = (RunningPair<Object>) pair.run();
		this.inbound = new Inbound(this, (Receiver<Object>) this.pair.in(), inCodec, registry);
		this.sending = new OutboundState(this, settings);
		this.outbound = new Outbound(this, new PayloadEncoder((MessageCodec<Object>) outCodec), settings, this.sending);
		this.failures = new FailureAnswers(this, this.inbound, this.outbound, failures);
		this.ticks = new PairTicks(this, this.inbound, this.outbound, this.sending, new TickWork(registry));
		this.timeOuts = new TimeOuts(settings, this.ticks);
		this.closing = new Closing(this, this.ending, this.inbound, this.outbound, this.timeOuts, registry.index(),
				reservation);
		this.count.connected(this);
		reservation.closeWithLogin(this::close);
	}

	/**
	 * Returns what is known of this connection.
	 * @return the information
	 */
	public ConnectionInfo info() {
		return this.info;
	}

	/** As it was when it was made. */
	@Nullable String user() {
		return this.user;
	}

	/**
	 * Returns the limits and time-outs of this connection.
	 * @return the settings
	 */
	public ConnectionSettings settings() {
		return this.settings;
	}

	/**
	 * Counts what has gone over this connection, and what waits. Cheap enough to be
	 * called for all connections every few seconds; not for each message.
	 * @return the traffic until now
	 */
	public ConnectionTraffic traffic() {
		return this.count.with(now(), this.sending.totals(), this.timeOuts.roundTrip());
	}

	TrafficCount count() {
		return this.count;
	}

	/**
	 * Whether messages are taken: opened, and nobody has asked for the end.
	 * @return whether the connection is open
	 */
	public boolean isOpen() {
		return this.transport != null && this.ending.isOpen();
	}

	/**
	 * Tells that the handshake was answered, so that {@link #open} is to follow. The
	 * connection is registered from now on. If it is not open after the send time-out it
	 * never will be, since the peer is gone or the container has given up: then it ends,
	 * and so gives its place back.
	 */
	public void expect() {
		this.timeOuts.expect(now());
		this.registry.index().add(this);
	}

	/**
	 * Starts the pair. Called once by the transport, when the wire is ready and before
	 * the first message. If the connection was closed before, the out is not run.
	 * @param transport the wire
	 */
	public void open(Transport transport) {
		Assert.state(this.transport == null, "A connection can be opened only once");
		this.timeOuts.start(now());
		this.transport = transport;
		if (!this.inbound.prepare()) {
			transport.abort(CloseStatus.NO_CLOSE_FRAME);
			return;
		}
		this.registry.index().add(this);
		if (this.ending.isOver()) {
			transport.abort(CloseStatus.NO_CLOSE_FRAME);
		}
		if (this.ending.isOpen()) {
			this.outbound.start(this.pair.out());
		}
		this.inbound.start();
		this.outbound.drain();
	}

	/**
	 * Takes a whole message that came in. Called by the transport, one call at a time,
	 * and not while it is suspended.
	 * @param payload the message
	 */
	public void received(Payload payload) {
		activity();
		this.count.add(payload);
		this.reservation.used();
		this.inbound.received(payload);
	}

	/**
	 * Tells that more calls of {@link #received} may follow on this thread before
	 * {@link #batchEnded}. What the handlers send on this thread meanwhile goes out in
	 * one write at the end.
	 */
	public void batchStarted() {
		this.outbound.cork();
	}

	/** Ends what {@link #batchStarted} began, on the same thread. */
	public void batchEnded() {
		this.outbound.uncork();
	}

	/**
	 * Tells that the peer has answered a ping.
	 */
	public void pong() {
		activity();
		if (this.timeOuts.isMeasuring()) {
			this.count.pong(this.timeOuts.pong(now()));
		}
	}

	/**
	 * Tells that something came in: the peer lives.
	 */
	public void activity() {
		this.timeOuts.activity();
	}

	/** While reading was stopped nothing could come in: all waits start anew. */
	void resume() {
		activity();
		Transport transport = this.transport;
		if (transport != null && !this.ending.isOver()) {
			transport.resume();
		}
	}

	/**
	 * Tells that a write which is not done yet got on.
	 */
	public void progress() {
		this.sending.progress();
	}

	/**
	 * Closes the connection, after what is queued to be sent. The out is cancelled: what
	 * it still holds because the peer is slow is not sent. Does nothing if the connection
	 * is closing.
	 * @param status the status for the peer; its reason is cut to 123 bytes
	 * @throws IllegalArgumentException if the status is none that may be sent
	 */
	public void close(CloseStatus status) {
		StackReserve.requireWithin();
		this.closing.close(status, false);
	}

	/**
	 * Closes the connection as the application asks. A status that invites to come again
	 * is none by which whoever comes again would only get the same.
	 */
	void end(CloseStatus status) {
		this.closing.close(status, Ending.isFinal(status));
	}

	/**
	 * Whether this connection is closing because the application asked for its end, and
	 * not for the moment only.
	 * @return whether the peer need not come again
	 */
	public boolean isEndAsked() {
		return this.ending.isMeantHere();
	}

	/** The peer cannot keep up. */
	void slowConsumer() {
		this.closing.closeSlowConsumer();
	}

	/**
	 * Tells that the peer has begun the closing handshake, or that the wire can take no
	 * more for another reason, before {@link #ended} follows. The out is cancelled at
	 * once, and what it had queued is discarded; the wait for {@code ended} is bounded by
	 * the close time-out.
	 * @param status the peer's close status, or 1005 if it gave none
	 */
	public void closing(CloseStatus status) {
		this.closing.closedByPeer(status);
	}

	/**
	 * Drops the connection now, without a closing handshake.
	 * @param status what is reported as the reason
	 */
	public void abort(CloseStatus status) {
		StackReserve.requireWithin();
		this.closing.abort(status);
	}

	/**
	 * Tells that the wire is gone. Only the first call counts.
	 * @param status the peer's close status, 1005 if it gave none, 1006 if there was no
	 * closing handshake; if the end was asked for here, that status is reported instead
	 */
	public void ended(CloseStatus status) {
		this.closing.ended(status);
	}

	/** The in is done, too. */
	void finished() {
		this.count.finished();
		this.registry.index().finished(this);
	}

	/**
	 * Runs what a wire has to do and may have to wait for on a thread that may wait.
	 * @param task what to run, which is none of the application's code
	 */
	public void handOver(Runnable task) {
		this.registry.threads().handOver(task);
	}

	/** Runs the handling of messages where the wire would run it. */
	void execute(Runnable handling) {
		Transport transport = this.transport;
		if (transport == null || !transport.execute(handling)) {
			this.callbacks.callBack(handling);
		}
	}

	/** Where the application's code runs if it may take for ever. */
	Callbacks callbacks() {
		return this.callbacks;
	}

	/** What is done when the application's code fails. */
	FailureAnswers failures() {
		return this.failures;
	}

	void report(String what, Throwable failure) {
		FailureLog.error(logger, this.info + ": " + what, failure);
	}

	/** How far the end is, and whether it is meant to be one. */
	Ending ending() {
		return this.ending;
	}

	/** What is done to end it. */
	Closing closing() {
		return this.closing;
	}

	/** What it waits for, and how long. */
	TimeOuts timeOuts() {
		return this.timeOuts;
	}

	/** What the application's code finds on its thread. */
	CallContext context() {
		return this.context;
	}

	/** The wire, once there is one. */
	@Nullable Transport transport() {
		return this.transport;
	}

	long now() {
		return this.registry.now();
	}

	/** Looks at all time-outs. Runs on the timer. */
	void tick(long now) {
		this.ticks.tick(now);
	}

	@Override
	public String toString() {
		return this.info.toString();
	}

}

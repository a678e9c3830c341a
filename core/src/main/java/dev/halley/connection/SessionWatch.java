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

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;
import org.springframework.util.Assert;
import org.springframework.web.socket.CloseStatus;

/**
 * Watches over a session that runs no pair: one of Spring's own handlers. Such a session
 * counts against the limits, lives on the timer of all connections and ends with the
 * application, as a {@link Connection} does.
 * <p>
 * Its life: {@link #expect} when the handshake was answered, {@link #opened},
 * {@link #closing} when either side has begun the closing handshake, {@link #ended} when
 * the wire is gone. Thread-safe.
 *
 * @since 0.1
 */
public final class SessionWatch {

	private static final Log logger = LogFactory.getLog(SessionWatch.class);

	private final Session session;

	private final ConnectionRegistry registry;

	private final Reservation reservation;

	private final TimeOuts timeOuts;

	private final AtomicBoolean ended = new AtomicBoolean();

	private final TickWork tickWork;

	private final ConnectionMeter meter;

	private final @Nullable ReceivePace pace;

	private final long created;

	private final AtomicReference<@Nullable CloseReason> reason = new AtomicReference<>();

	/** The name of the user that it had when it was expected. */
	private volatile @Nullable String user;

	/** Reading is stopped until the time of the next message has come. */
	private volatile boolean paused;

	private volatile boolean opened;

	/** With what somebody has asked to close, perhaps before there was a wire for it. */
	private volatile @Nullable CloseStatus asked;

	/**
	 * Creates a watch.
	 * @param session whom to watch over
	 * @param settings the time-outs
	 * @param registry where it is registered while it lives
	 * @param reservation its place, given back when it is gone
	 * @param wire where it was made
	 */
	public SessionWatch(Session session, ConnectionSettings settings, ConnectionRegistry registry,
			Reservation reservation, ConnectionObserver.Wire wire) {
		Assert.notNull(session, "'session' must not be null");
		this.session = session;
		this.registry = registry;
		this.tickWork = new TickWork(registry);
		this.reservation = reservation;
		this.timeOuts = new TimeOuts(settings, new SessionTraffic(this));
		this.created = registry.now();
		this.pace = ReceivePace.of(settings.receiveLimit(), this.created);
		this.meter = registry.guardedObserver().connected(wire, null);
		reservation.closeWithLogin(this::close);
	}

	/**
	 * Tells that the handshake was answered. If {@link #opened} does not follow within
	 * the send time-out, the session is aborted.
	 */
	public void expect() {
		this.timeOuts.expect(this.registry.now());
		this.user = info().userName();
		this.registry.index().add(this);
		if (this.ended.get()) {
			this.registry.index().remove(this);
		}
	}

	/**
	 * Tells that the wire is ready. Whoever ends all sessions at this moment does not
	 * miss this one: it may be closed before this returns.
	 */
	public void opened() {
		this.timeOuts.start(this.registry.now());
		this.opened = true;
		CloseStatus asked = this.asked;
		if (asked != null) {
			this.session.close(asked);
		}
		else if (!this.registry.isAccepting()) {
			close(this.registry.farewell());
		}
	}

	/**
	 * Tells that something came in: the peer lives.
	 */
	public void activity() {
		this.timeOuts.activity();
	}

	/**
	 * Takes a message that came in, before it is handled. Called for one message at a
	 * time. A peer that has been too fast for too long is closed with 1008.
	 * @param size its bytes
	 * @return whether it is to be handled
	 */
	public boolean received(int size) {
		if (this.pace == null || this.pace.take(size, this.registry.now())) {
			return true;
		}
		logger.debug(LogMessage.format("%s: too fast for too long", this.session));
		close(ReceivePace.TOO_FAST);
		return false;
	}

	/**
	 * Stops reading after a message that was handled, if it is too early for the next
	 * one. {@link Session#readOn} follows when its time has come.
	 * @param stop stops reading
	 * @return whether reading was stopped
	 */
	public boolean pauses(Runnable stop) {
		if (this.pace == null || !this.pace.isWaiting(this.registry.now())) {
			return false;
		}
		stop.run();
		this.paused = true;
		return true;
	}

	private void readOn(long now) {
		if (this.paused && this.pace != null && !this.pace.isWaiting(now)) {
			this.paused = false;
			activity();
			this.session.readOn();
		}
	}

	/**
	 * Tells that the closing handshake has begun: the wait for its end is bounded by the
	 * close time-out.
	 */
	public void closing() {
		this.timeOuts.closing(this.registry.now());
	}

	/**
	 * Tells why the wire is going, before {@link #ended}. Only the first reason counts.
	 * @param reason the reason
	 */
	public void ending(CloseReason reason) {
		this.reason.compareAndSet(null, reason);
	}

	/**
	 * Tells that the wire is going since the time of whatever was awaited is over. That
	 * is no reason if it is closing already: what began that is one.
	 */
	public void timedOut() {
		if (!this.timeOuts.isClosing()) {
			ending(CloseReason.TIMEOUT);
		}
	}

	/**
	 * Tells that the wire is gone, and that the handler knows.
	 */
	public void ended() {
		if (this.ended.compareAndSet(false, true)) {
			this.registry.index().remove(this);
			this.reservation.close();
			CloseReason reason = this.reason.get();
			TrafficCount.ended(this.meter, (reason != null) ? reason : CloseReason.LOST,
					this.registry.now() - this.created);
		}
	}

	/** What is known of it. */
	ConnectionInfo info() {
		return this.session.info();
	}

	@Nullable String user() {
		return this.user;
	}

	/** Whether it is open or about to open, and nobody has asked for its end. */
	boolean isLive() {
		return !this.ended.get() && this.asked == null && (!this.opened || this.session.isOpen());
	}

	/** What is told of this session. */
	ConnectionMeter meter() {
		return this.meter;
	}

	/** Waits for the wire, without which the peer could not be told. */
	void close(CloseStatus status) {
		this.asked = status;
		if (this.opened) {
			this.session.close(status);
		}
	}

	/** Drops the wire, without telling the peer. */
	void abort(CloseStatus status) {
		ending(CloseReason.closedHere(status));
		drop();
	}

	/**
	 * Runs what the handler does about the end, for as long as it takes, where nobody
	 * waits for it but a shutdown.
	 * @param callback what to run; must not throw
	 */
	public void callBack(Runnable callback) {
		this.registry.threads().callBackAtEnd(callback);
	}

	void drop() {
		try {
			this.session.abort();
		}
		catch (RuntimeException ex) {
			FailureLog.error(logger, this.session + ": abort failed", ex);
		}
		finally {
			ended();
		}
	}

	/** Looks at all time-outs. Runs on the timer: whatever may wait is handed over. */
	void tick(long now) {
		readOn(now);
		if (this.timeOuts.isResting(now)) {
			return;
		}
		switch (this.timeOuts.look(now, this.session.isOpen(), true, Long.MAX_VALUE)) {
			case DROP -> this.tickWork.drop(() -> {
				timedOut();
				drop();
			});
			case CLOSE_IDLE -> this.tickWork.run(() -> close(TimeOuts.IDLE));
			case PING -> this.tickWork.run(() -> {
				this.timeOuts.pinged(this.registry.now(), true);
				this.session.ping();
			});
			case NOTHING -> {
			}
		}
	}

	/**
	 * A session that is watched over. No method waits for the peer.
	 *
	 * @since 0.1
	 */
	public interface Session {

		/**
		 * Returns what is known of the session from its handshake on.
		 * @return always the same
		 */
		ConnectionInfo info();

		/**
		 * Whether messages are taken.
		 * @return {@code true} from its opening until somebody asks for its end
		 */
		boolean isOpen();

		/**
		 * Whether nothing is read at the moment, so that a silent peer is not to blame.
		 * @return whether a handler is at work
		 */
		boolean isBusy();

		/**
		 * Reads on after {@link SessionWatch#pauses}, on any thread.
		 */
		default void readOn() {
		}

		/**
		 * Whether a message is on its way out, which a ping would have to wait for.
		 * @return whether somebody sends
		 */
		boolean isSending();

		/**
		 * Sends a ping, whose answer counts as activity.
		 */
		void ping();

		/**
		 * Starts the closing handshake. Does nothing if it has begun.
		 * @param status the status for the peer
		 */
		void close(CloseStatus status);

		/**
		 * Drops the connection now, whatever it is doing.
		 */
		void abort();

	}

	/** Who sends waits for it, and no longer than the session's own time-out. */
	private record SessionTraffic(SessionWatch watch) implements TimeOuts.Traffic {

		@Override
		public boolean isBusy() {
			return this.watch.paused || this.watch.session.isBusy();
		}

		@Override
		public boolean isAtWork() {
			return isBusy();
		}

		@Override
		public boolean isSending() {
			return this.watch.session.isSending();
		}

		@Override
		public long stuckSince() {
			return OutboundState.NOT_WAITING;
		}

		@Override
		public long lastWrite() {
			return this.watch.registry.now();
		}

	}

}

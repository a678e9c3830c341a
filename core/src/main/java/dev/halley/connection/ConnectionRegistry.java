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

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import org.springframework.web.socket.CloseStatus;

import dev.halley.CallContext;
import dev.halley.ContextCapture;
import dev.halley.StackReserve;

/**
 * The live connections of an application, over all transports: who is there, how many
 * more may come, what time it is for them, and how they all end. Auto-configuration
 * provides one as a bean.
 * <p>
 * Thread-safe.
 *
 * @since 0.1
 */
public final class ConnectionRegistry {

	/** Who is there. */
	private final ConnectionIndex index;

	private final Agenda agenda = new Agenda();

	private final WorkThreads threads;

	private final Admission admission;

	private final LongSupplier ticker;

	private final ContextCapture contexts;

	private final GuardedObserver observer;

	private volatile ConnectionTracer tracer = ConnectionTracer.NONE;

	private volatile @Nullable ConnectionLogging logging;

	private volatile @Nullable TrafficLog trafficLog;

	/**
	 * Creates a registry.
	 * @param executor runs what time-outs make of connections; must not be the timer's
	 * own thread
	 * @param callbacks runs the application's code that may take for ever: what it does
	 * when a connection ends, and sources that have much to send. Another than
	 * {@code executor}, and one in which a task that blocks keeps no other from being run
	 * @param limits how many connections are accepted
	 * @param ticker nanoseconds from any origin, such as {@code System::nanoTime}
	 */
	public ConnectionRegistry(Executor executor, Executor callbacks, ConnectionLimits limits, LongSupplier ticker) {
		this(executor, callbacks, limits, ticker, ContextCapture.NONE, ConnectionObserver.NONE);
	}

	/**
	 * Creates a registry whose connections carry something along, and that is watched.
	 * @param executor as in the other constructor
	 * @param callbacks as in the other constructor
	 * @param limits how many connections are accepted
	 * @param ticker nanoseconds from any origin, such as {@code System::nanoTime}
	 * @param contexts takes what the application's code shall find on its threads from
	 * the thread that makes a connection
	 * @param observer is told of handshakes and connections
	 */
	public ConnectionRegistry(Executor executor, Executor callbacks, ConnectionLimits limits, LongSupplier ticker,
			ContextCapture contexts, ConnectionObserver observer) {
		Assert.notNull(executor, "'executor' must not be null");
		Assert.notNull(callbacks, "'callbacks' must not be null");
		Assert.notNull(limits, "'limits' must not be null");
		Assert.notNull(ticker, "'ticker' must not be null");
		Assert.notNull(contexts, "'contexts' must not be null");
		Assert.notNull(observer, "'observer' must not be null");
		this.threads = new WorkThreads(executor, callbacks, () -> index().signalIfEmpty());
		this.admission = new Admission(limits, ticker);
		this.index = new ConnectionIndex(this.threads, this.admission);
		this.ticker = ticker;
		this.contexts = contexts;
		this.observer = new GuardedObserver(observer);
	}

	/**
	 * Takes what a connection that the current thread makes is to carry along.
	 * @return the context of the handshake
	 */
	public CallContext captureContext() {
		return this.contexts.capture();
	}

	/** The same, with what its logs are to name. */
	CallContext captureContext(ConnectionInfo info) {
		return LoggingContext.addTo(this.contexts, this.logging, info).capture();
	}

	/**
	 * Says what logs tell of connections. Called once, before the first connection;
	 * without it they tell nothing.
	 * @param logging what they tell; its context only where SLF4J is
	 */
	public void logWith(ConnectionLogging logging) {
		this.logging = logging;
		this.trafficLog = new TrafficLog(logging);
	}

	/**
	 * Returns the log of what goes over connections.
	 * @return the log, or {@code null} if there is none
	 */
	public @Nullable TrafficLog trafficLog() {
		return this.trafficLog;
	}

	/**
	 * Returns the connections of pairs that are open, closing or about to open.
	 * @return a live view
	 */
	public Collection<Connection> all() {
		return this.index.all();
	}

	/**
	 * Returns a connection.
	 * @param id its id
	 * @return the connection, or {@code null} if it is gone
	 */
	public @Nullable Connection find(String id) {
		return this.index.find(id);
	}

	/**
	 * Returns who is told of handshakes and connections.
	 * @return the observer
	 */
	public ConnectionObserver observer() {
		return this.observer.observer();
	}

	/**
	 * Tells the same observer for whoever must go on: what it throws is logged, and a
	 * connection that it has failed to take note of is measured by nobody.
	 * @return an observer that does not throw
	 */
	public ConnectionObserver guardedObserver() {
		return this.observer;
	}

	/**
	 * Traces handshakes and messages from now on. Called once, before the first
	 * handshake.
	 * @param tracer goes along with them
	 */
	public void traceWith(ConnectionTracer tracer) {
		Assert.notNull(tracer, "'tracer' must not be null");
		this.tracer = tracer;
	}

	/**
	 * Returns what goes along with handshakes and messages.
	 * @return the tracer, {@link ConnectionTracer#NONE} if nothing does
	 */
	public ConnectionTracer tracer() {
		return this.tracer;
	}

	/**
	 * Shows what the observer has made for connections and sessions that are registered.
	 * @param action gets each of them, on this thread
	 */
	public void meters(Consumer<? super ConnectionMeter> action) {
		this.index.meters(action);
	}

	/**
	 * Returns how many connections are open, closing or about to open: those of pairs,
	 * and the sessions that are watched besides.
	 * @return the number
	 */
	public int size() {
		return this.index.size();
	}

	/**
	 * Returns how many connections are gone with which the application is still busy: all
	 * those whose end it is told of at the moment, and after {@link #stopAccepting} also
	 * those whose handler has not come to an end.
	 * @return the number, in which some may count twice
	 */
	public int finishing() {
		return this.index.finishing();
	}

	/**
	 * Takes a place for one more connection.
	 * @param address the remote address, or {@code null} if unknown; those of a /64 of
	 * IPv6 count as one
	 * @param user the name of the authenticated user, or {@code null} if there is none
	 * @return the place, to be closed when the connection is gone or was not made
	 * @throws TooManyConnectionsException if there is none, or too many came within a
	 * second
	 */
	public Reservation reserve(@Nullable String address, @Nullable String user) {
		StackReserve.require();
		return this.admission.reserve(address, user);
	}

	/**
	 * Ends connections with the logins that they begin with. Called once, before the
	 * first connection.
	 * @param logins the logins
	 */
	public void endWith(Logins logins) {
		this.admission.endWith(logins);
		logins.start(this);
	}

	/**
	 * Returns how many places are taken: by connections, and by handshakes that may
	 * become some.
	 * @return the number
	 */
	public int reserved() {
		return this.admission.reserved();
	}

	/**
	 * Returns how many connections are accepted.
	 * @return the limits
	 */
	public ConnectionLimits limits() {
		return this.admission.limits();
	}

	/**
	 * Whether new connections are accepted.
	 * @return {@code false} once the application shuts down
	 */
	public boolean isAccepting() {
		return this.admission.isOpen();
	}

	/**
	 * Accepts connections again, after {@link #stopAccepting}: for an application context
	 * that is restarted.
	 */
	public void startAccepting() {
		this.index.forgetFinishing();
		this.admission.open();
	}

	/**
	 * Accepts no more connections: handshakes are answered with 503.
	 */
	public void stopAccepting() {
		this.admission.close();
	}

	/**
	 * Accepts no more connections.
	 * @param status the status for the peers of those whose handshake is under way
	 */
	public void stopAccepting(CloseStatus status) {
		this.admission.close(status);
	}

	/** What a connection is told that comes when no more are accepted. */
	CloseStatus farewell() {
		return this.admission.farewell();
	}

	/**
	 * Closes all connections, each after what it has still to send.
	 * @param status the status for the peers
	 */
	public void closeAll(CloseStatus status) {
		StackReserve.require();
		this.index.forEach((connection) -> connection.close(status), (session) -> session.close(status));
	}

	/**
	 * Accepts no more connections, and closes all in batches, in no particular order,
	 * each connection after what it has still to send: a hundred of them every 100 ms at
	 * least, and all of them within a time. Waits until the last batch is told to close,
	 * or all connections have gone.
	 * @param status the status for the peers
	 * @param over within which time all are told; zero for all at once
	 * @throws InterruptedException if the waiting thread is interrupted; those that are
	 * left are not closed then
	 */
	public void drain(CloseStatus status, Duration over) throws InterruptedException {
		StackReserve.require();
		stopAccepting(status);
		Drain.run(this.index, status, over);
	}

	/**
	 * Drops all connections, without waiting for what the application does then.
	 * @param status what is reported as the reason
	 */
	public void abortAll(CloseStatus status) {
		StackReserve.require();
		this.index.forEach((connection) -> this.threads.handOver(() -> connection.abort(status)),
				(session) -> this.threads.handOver(() -> session.abort(status)));
	}

	/**
	 * Waits until there is no connection any more, and the application has finished with
	 * those that have ended.
	 * @param timeout how long to wait at most
	 * @return whether there is none
	 * @throws InterruptedException if the waiting thread is interrupted
	 */
	public boolean awaitEmpty(Duration timeout) throws InterruptedException {
		return this.index.awaitEmpty(timeout);
	}

	/**
	 * Lets time pass for all connections: pings, idle, pong, send and close time-outs.
	 * Called by one {@link ConnectionTimer}.
	 */
	public void tick() {
		long now = now();
		this.agenda.runDue(now, this.threads::handOver);
		this.index.forEach((connection) -> connection.tick(now), (session) -> session.tick(now));
	}

	long now() {
		return this.ticker.getAsLong();
	}

	/**
	 * Runs work on a wire later, on {@link #executor()}: at the first {@link #tick} after
	 * the delay, and not at all if the application ends before. Whoever the work is for
	 * may be gone then, and should not be held until then.
	 * @param delay how long to wait at least
	 * @param work what to run
	 */
	public void runLater(Duration delay, Runnable work) {
		this.agenda.add(now() + delay.toNanos(), work);
	}

	/**
	 * Whether there is work to be run by a {@linkplain #tick() tick} to come, though no
	 * connection may be left.
	 * @return whether there is some
	 */
	public boolean hasWorkLater() {
		return !this.agenda.isEmpty();
	}

	/**
	 * Returns what runs work on a wire that may wait and belongs to no other thread.
	 * @return the executor
	 */
	public Executor executor() {
		return this.threads.wires();
	}

	/** Where the connections run what belongs to no thread at hand. */
	WorkThreads threads() {
		return this.threads;
	}

	/** Who is there, for those who come and go, and for those who look for them. */
	ConnectionIndex index() {
		return this.index;
	}

}

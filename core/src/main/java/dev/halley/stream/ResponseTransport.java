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

package dev.halley.stream;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import org.springframework.web.socket.CloseStatus;

import dev.halley.codec.Payload;
import dev.halley.connection.Connection;
import dev.halley.connection.FailureLog;
import dev.halley.connection.Transport;

/**
 * The wire over an asynchronous response.
 * <p>
 * The container recycles the response as soon as its listeners have returned, and then
 * gives it to another request. So the lock is held while the response is touched, which
 * never waits for the peer, and nothing is touched after it was completed. An error or a
 * time-out, after which the container completes it by itself, waits for that lock.
 * <p>
 * {@link #recycled} must not: Tomcat calls it within the monitor of its asynchronous
 * state, which a write that fails, a completion and a drop take. There is nothing to wait
 * for either, since by then the response was completed, under the lock.
 */
final class ResponseTransport implements Transport {

	private static final Log logger = LogFactory.getLog(ResponseTransport.class);

	private final Connection connection;

	private final HttpServletRequest request;

	private final HttpServletResponse response;

	private final Function<HttpServletResponse, StreamFormat> formats;

	private final ResponseDeparture departure;

	private final ReentrantLock lock = new ReentrantLock();

	private final ContainerTurn turn;

	private final ResponseEnd end;

	/** There from the first call of the container on. Set within the lock. */
	private volatile @Nullable StreamBody body;

	private @Nullable Runnable sent;

	/** Nothing more is to be written. */
	private volatile boolean closed;

	ResponseTransport(Connection connection, AsyncContext async, HttpServletRequest request,
			HttpServletResponse response, StreamingResponse stream) {
		this.connection = connection;
		this.request = request;
		this.response = response;
		this.formats = stream.format();
		this.departure = new ResponseDeparture(connection, stream.departures(), stream.timeout());
		this.turn = new ContainerTurn(ResponseEnd.TOMCAT ? TomcatRequests.lockOf(request) : null, connection::handOver);
		this.end = new ResponseEnd(connection, async, request, this.turn);
	}

	/** The container can take more, for the first time or after it could not. */
	void writePossible() {
		this.turn.callBegins();
		try {
			writeOrStart();
		}
		finally {
			callEnds();
		}
	}

	/** From here on the container looks for failures once more, and then no more. */
	private void callEnds() {
		this.lock.lock();
		try {
			this.turn.callEnds();
			if (this.end.isDropDue()) {
				dropUnlessEnded();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void writeOrStart() {
		if (this.body != null) {
			this.connection.progress();
			pump();
		}
		else if (start()) {
			pump();
			if (!this.departure.isDue()) {
				this.connection.open(this);
			}
		}
	}

	private boolean start() {
		try {
			return prepare();
		}
		catch (IOException | RuntimeException ex) {
			failed(ex);
			return false;
		}
	}

	private boolean prepare() throws IOException {
		this.lock.lock();
		try {
			if (!this.closed) {
				StreamFormat format = this.formats.apply(this.response);
				StreamBody body = new StreamBody(format, this.response.getOutputStream(), WriteShare.of(this.request));
				this.body = body;
				begin(body);
			}
			if (this.end.isRecycled()) {
				writeNoMore();
			}
			return !this.closed;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** What leaves writes no more than the head here. */
	private void begin(StreamBody body) {
		if (this.departure.prepare(this.request, this.response)) {
			this.sent = () -> depart(body.format());
			body.addHead();
		}
		else {
			body.addStart();
		}
	}

	/** The head is out, on a thread of the container. */
	private void depart(StreamFormat format) {
		try {
			this.departure.leave(format);
		}
		finally {
			complete();
		}
	}

	@Override
	public void send(List<Payload> batch, Runnable sent) {
		this.lock.lock();
		try {
			StreamBody body = this.body;
			Assert.state(body != null, "The wire is ready before messages come");
			body.add(batch);
			this.sent = sent;
		}
		finally {
			this.lock.unlock();
		}
		pump();
	}

	/** Writes as long as the container takes it without waiting. */
	private void pump() {
		if (this.lock.isHeldByCurrentThread()) {
			// Called back from within a write, whose loop goes on
			return;
		}
		Runnable sent = null;
		Exception failure = null;
		boolean later = false;
		this.lock.lock();
		try {
			later = !this.turn.take();
			if (!later && write()) {
				sent = this.sent;
				this.sent = null;
			}
		}
		catch (IOException | RuntimeException ex) {
			failure = ex;
		}
		finally {
			this.lock.unlock();
		}
		if (later) {
			this.turn.later(this::pump);
		}
		else if (failure != null) {
			failed(failure);
		}
		else if (sent != null) {
			sent.run();
		}
	}

	/** With the turn taken, which is given back. */
	private boolean write() throws IOException {
		try {
			StreamBody body = this.body;
			return !this.closed && body != null && body.write();
		}
		finally {
			this.turn.giveBack();
		}
	}

	/**
	 * A write has failed: the peer is gone. After an {@link IOException} the container
	 * calls the listeners, and to complete the response before them would race that.
	 */
	private void failed(Exception ex) {
		FailureLog.debug(logger, this.connection, "write failed", ex);
		if (!(ex instanceof IOException)) {
			drop();
		}
		writeNoMore();
		ended(CloseStatus.NO_CLOSE_FRAME);
	}

	private void ended(CloseStatus status) {
		if (!this.departure.isDone()) {
			this.connection.ended(status);
		}
	}

	private void writeNoMore() {
		this.closed = true;
		StreamBody body = this.body;
		if (body != null) {
			body.close();
		}
	}

	/** There is nothing to read, hence nothing to stop. */
	@Override
	public void suspend() {
	}

	@Override
	public void resume() {
	}

	/**
	 * Completes when all is written: what is completed before could not be dropped any
	 * more.
	 */
	@Override
	public void close(CloseStatus status) {
		this.lock.lock();
		try {
			StreamBody body = this.body;
			if (body == null) {
				complete();
				return;
			}
			body.addEnd(status, this.connection.isEndAsked());
			this.sent = this::complete;
		}
		finally {
			this.lock.unlock();
		}
		pump();
	}

	/** Ends the response in good order, unless it has ended. */
	private void complete() {
		this.lock.lock();
		try {
			writeNoMore();
			this.end.complete();
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void abort(CloseStatus status) {
		drop();
	}

	/**
	 * Ends the response without waiting for the peer, as far as the container can. Does
	 * nothing when the response was completed: all was written then, and it may be in the
	 * course of being recycled. Nor does it wait for that, since Jetty runs all listeners
	 * of the response, and the application's are among them, on the thread that completes
	 * it.
	 */
	private void drop() {
		if (!this.end.isEnded()) {
			dropUnlessEnded();
		}
	}

	private void dropUnlessEnded() {
		boolean later;
		this.lock.lock();
		try {
			writeNoMore();
			later = !this.end.drop();
		}
		finally {
			this.lock.unlock();
		}
		if (later) {
			this.turn.later(this::drop);
		}
	}

	@Override
	public boolean answersPings() {
		return false;
	}

	@Override
	public boolean outlivesOut() {
		return false;
	}

	/** The time limit of the stream: the end was to come, so it is in good order. */
	void timedOut() {
		if (!isIdle()) {
			drop();
		}
		complete();
		ended(CloseStatus.NORMAL);
	}

	private boolean isIdle() {
		this.lock.lock();
		try {
			StreamBody body = this.body;
			return body == null || body.isIdle();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** The container has failed, and the response has not ended by that. */
	void failedInContainer(@Nullable Throwable ex) {
		this.lock.lock();
		try {
			writeNoMore();
			this.end.completeAgain();
		}
		finally {
			this.lock.unlock();
		}
		gone(ex);
	}

	/** The peer is gone. */
	void gone(@Nullable Throwable ex) {
		FailureLog.debug(logger, this.connection, "the peer is gone", ex);
		complete();
		ended(CloseStatus.NO_CLOSE_FRAME);
	}

	/** Never waits for the lock, whose holder may wait for the container. */
	void recycled() {
		this.end.recycled();
		writeNoMore();
		ended(CloseStatus.NORMAL);
	}

}

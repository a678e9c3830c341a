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

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.util.ClassUtils;

import dev.halley.connection.Connection;
import dev.halley.connection.FailureLog;

/**
 * How the asynchronous response of a stream ends: it is completed once all is written, or
 * dropped without waiting for the peer. The container is asked for that once, and never
 * after it has ended the response by itself: it may give it to another request then.
 * <p>
 * Used under the lock of the {@link ResponseTransport}, but for {@link #isEnded} and
 * {@link #recycled}.
 */
final class ResponseEnd {

	private static final Log logger = LogFactory.getLog(ResponseTransport.class);

	static final boolean TOMCAT = ClassUtils.isPresent("org.apache.catalina.connector.RequestFacade",
			ResponseEnd.class.getClassLoader());

	private final Connection connection;

	private final AsyncContext async;

	private final HttpServletRequest request;

	private final ContainerTurn turn;

	/** To be dropped by the thread of the container that is in a call. */
	private boolean dropDue;

	/** The container was asked to end the response. */
	private volatile boolean completed;

	/** The container has recycled the response, or is about to. */
	private volatile boolean recycled;

	/**
	 * Creates the end of a response that has not begun.
	 * @param connection whose response it is, for the log
	 * @param async completes it
	 * @param request what it answers
	 * @param turn which threads may touch it
	 */
	ResponseEnd(Connection connection, AsyncContext async, HttpServletRequest request, ContainerTurn turn) {
		this.connection = connection;
		this.async = async;
		this.request = request;
		this.turn = turn;
	}

	/** Whether nothing may touch the response any more. */
	boolean isEnded() {
		return this.completed || this.recycled;
	}

	/** Whether the container has recycled the response, or is about to. */
	boolean isRecycled() {
		return this.recycled;
	}

	/** The container has recycled the response, or is about to. */
	void recycled() {
		this.recycled = true;
	}

	/** Ends the response in good order, unless it has ended. */
	void complete() {
		try {
			if (!isEnded()) {
				this.completed = true;
				this.async.complete();
			}
		}
		catch (RuntimeException ex) {
			FailureLog.debug(logger, this.connection, "nothing left to complete", ex);
		}
	}

	/**
	 * Completes once more: Tomcat takes back what was completed before an error, and
	 * renders an error page into the stream unless the listener that is told completes
	 * it.
	 */
	void completeAgain() {
		this.completed = false;
		complete();
	}

	/**
	 * Ends the response without waiting for the peer, as far as the container can, unless
	 * it has ended. A thread of Tomcat that is in a call has to do so after it, since it
	 * tells nobody of what others did meanwhile.
	 * @return {@code false} if the container is at work, so that it cannot be done yet
	 */
	boolean drop() {
		try {
			if (!isEnded()) {
				this.dropDue = this.turn.isCallElsewhere();
				return this.dropDue || dropNow();
			}
		}
		catch (RuntimeException ex) {
			FailureLog.debug(logger, this.connection, "nothing left to drop", ex);
		}
		return true;
	}

	/** Whether the thread that was in a call is to {@link #drop} now. */
	boolean isDropDue() {
		return this.dropDue;
	}

	/**
	 * Where the container has nothing to tell either, the response is completed.
	 * @return whether the turn could be taken for it
	 */
	private boolean dropNow() {
		boolean ours = this.turn.isOurs();
		if (!this.turn.tryTake()) {
			return false;
		}
		try {
			if (!(TOMCAT && TomcatRequests.drop(this.request)) || ours) {
				complete();
			}
			return true;
		}
		finally {
			this.turn.giveBack();
		}
	}

}

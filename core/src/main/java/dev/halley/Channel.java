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

package dev.halley;

/**
 * The imperative end of {@link Out#unicast}: what is pushed goes to the one connection
 * that the channel was made for.
 * <p>
 * Thread-safe: any thread may call any method at any time, and no method waits for the
 * peer. Messages go out in the order in which {@code push} was called; a full send buffer
 * meets the connection's {@link Overflow}. After the connection or the channel has ended,
 * all methods do nothing.
 *
 * @param <T> the type of the messages
 * @since 0.1
 */
public interface Channel<T> {

	/**
	 * Sends a message.
	 * @param message the message, not {@code null}
	 * @return {@code false} if the channel or its connection has ended, or ends because
	 * this message finds the send buffer full under {@link Overflow#CLOSE}
	 */
	boolean push(T message);

	/**
	 * Ends the channel. A WebSocket stays open, a Comet or event stream ends.
	 */
	void end();

	/**
	 * Ends the channel and, once all that was pushed is written, the connection with
	 * 1000.
	 */
	void eofAndEnd();

	/**
	 * Fails the channel: once all that was pushed is written, the connection is closed
	 * with 1011 and the error is logged.
	 * @param error the reason, never shown to the peer
	 */
	void error(Throwable error);

	/**
	 * Whether messages are still taken.
	 * @return {@code false} once the channel or its connection has ended
	 */
	boolean isOpen();

	/**
	 * Calls back once when the connection no longer takes messages from this channel: to
	 * remove a listener, or to stop a producer. Calls back at once if that has happened.
	 * After {@link #end} and its like that is when all that was pushed has been taken.
	 * @param callback may block: it runs on a thread that nobody waits for, before
	 * {@code whenDone}, unless the end has come already
	 */
	void onEnd(Runnable callback);

}

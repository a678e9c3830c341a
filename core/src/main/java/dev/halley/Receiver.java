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

import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.web.socket.CloseStatus;

/**
 * One run of an {@link In}, made anew for each connection by {@link InOut#run()}. For
 * those who run pairs over a wire of their own; applications have no use for it.
 * <p>
 * Calls are serial: {@link #start} first, {@link #open} once, then {@link #receive} for
 * one message after the other, the next only when the publisher of the one before has
 * terminated, then {@link #done(CloseStatus, Runnable) done} exactly once. For a
 * connection that was gone before it opened there is nothing but {@code done}.
 *
 * @param <T> the type of the messages
 * @since 0.1
 */
public interface Receiver<T> {

	/**
	 * Starts the run, before the first message.
	 * @param finished to call when no further message is wanted
	 * @param failed to call when the run has failed outside of a call of {@code receive}
	 */
	default void start(Runnable finished, Consumer<Throwable> failed) {
	}

	/**
	 * Tells that the connection is open and all is started, before the first message. A
	 * failure is treated as a handler's.
	 */
	default void open() {
	}

	/**
	 * Handles one message.
	 * @param message the message
	 * @return {@code null} if the message is handled and the next one may come, otherwise
	 * a publisher whose termination says so; its elements are ignored, its error is the
	 * handler's
	 * @throws Exception what the handler threw
	 */
	@Nullable Publisher<?> receive(T message) throws Exception;

	/**
	 * Ends the run: the connection is gone, and no message is being handled.
	 * @param status how the connection ended: the peer's or our close status, 1005 if the
	 * peer gave none, 1006 if there was no closing handshake
	 */
	default void done(CloseStatus status) {
	}

	/**
	 * Ends the run and goes on when it has: a pipeline may need longer to finish than
	 * this call.
	 * @param status as for {@link #done(CloseStatus)}
	 * @param then to run exactly once, on any thread
	 */
	default void done(CloseStatus status, Runnable then) {
		try {
			done(status);
		}
		finally {
			then.run();
		}
	}

	/**
	 * Whether messages are dropped unseen, so that they need not be decoded.
	 * @return whether messages are ignored
	 */
	default boolean isIgnoring() {
		return false;
	}

	/**
	 * Whether the publisher that {@code receive} returns waits for demand rather than for
	 * a handler, so that {@code done} does not wait for it.
	 * @return whether this is one pipeline rather than a handler for each message
	 */
	default boolean isPipeline() {
		return false;
	}

}

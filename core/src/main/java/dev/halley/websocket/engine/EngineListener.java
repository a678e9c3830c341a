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

import org.springframework.web.socket.CloseStatus;

/**
 * What a session tells: a pair's transport, or the bridge to Spring's handlers. Calls
 * about messages come one at a time, on a thread of the container.
 */
interface EngineListener {

	/** The handshake is done; messages follow. */
	void opened();

	/**
	 * Messages that came in one read follow on this thread, until {@link #batchEnded}.
	 */
	default void batchStarted() {
	}

	/** Ends what {@link #batchStarted} began. */
	default void batchEnded() {
	}

	/** A whole text message, valid UTF-8. */
	void text(byte[] utf8);

	/** A whole binary message. */
	void binary(byte[] bytes);

	/** A pong. Pings are answered by the session. */
	void pong(byte[] data);

	/** Bytes came in, perhaps only a part of a message. */
	void activity();

	/** A write that was held up got on. */
	void progress();

	/**
	 * Wakes the thread that waits until a write is out, which then goes on with it. Must
	 * not wait itself.
	 * @return whether there is such a thread
	 */
	default boolean wakesSender() {
		return false;
	}

	/** The peer broke the protocol or a limit; the listener closes the session. */
	void violated(CloseStatus status);

	/** The peer has begun the closing handshake; {@link #closed} follows. */
	void closing(CloseStatus status);

	/**
	 * The connection is gone. Called exactly once, on any thread, and perhaps while a
	 * message is handled.
	 */
	void closed(CloseStatus status);

}

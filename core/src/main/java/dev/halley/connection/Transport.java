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
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

import dev.halley.codec.Payload;

/**
 * The wire under a {@link Connection}: a WebSocket, a Comet stream or an event stream.
 * The connection calls {@link #send} and {@link #close} one at a time; the transport
 * calls the connection's {@code received}, {@code pong} and {@code ended}, one message at
 * a time.
 * <p>
 * No method waits for the peer.
 *
 * @since 0.1
 */
public interface Transport {

	/**
	 * Writes messages in order, if it can in one write.
	 * @param batch at least one payload; may be used again once {@code sent} was called
	 * @param sent to call exactly once, from any thread and possibly before this returns,
	 * when all is handed to the network; not called when the write failed: then the
	 * transport ends the connection
	 */
	void send(List<Payload> batch, Runnable sent);

	/**
	 * Stops reading: when the current call of {@code received} has returned, no other
	 * comes until {@link #resume}. Called only on the thread that is in {@code received},
	 * when as much waits as may be read ahead of a handler. A transport that cannot stop
	 * blocks its reading thread in the next {@code received}'s place.
	 */
	void suspend();

	/**
	 * Reads on. Called on any thread, after {@link #suspend}.
	 */
	void resume();

	/**
	 * Runs the handling of messages that were read ahead, on such a thread as calls
	 * {@code received}. Called on any thread, also when the wire is gone.
	 * @param handling what to run; may block
	 * @return whether it will run; if not it is run elsewhere, where fewer threads are
	 */
	default boolean execute(Runnable handling) {
		return false;
	}

	/**
	 * Starts the closing handshake, or ends the stream. No call of {@code send} follows.
	 * A transport that is suspended reads on, for the peer's answer; messages that come
	 * are dropped by the connection. The transport calls {@code ended} when the peer has
	 * answered; the connection bounds the wait and then calls {@link #abort}.
	 * @param status the status for the peer; one that may be sent, its reason at most 123
	 * bytes
	 */
	void close(CloseStatus status);

	/**
	 * Drops the underlying connection now, also while a write is in progress. Calls
	 * {@code ended} or not. If a status is given the transport may try to tell the peer,
	 * as far as that needs no wait.
	 * @param status the reason
	 */
	void abort(CloseStatus status);

	/**
	 * What the next message is to be handled on, if not on the thread that calls
	 * {@code received}: since that one serves others too, and the handlers of this
	 * connection's endpoint have lately taken long. The wire is suspended meanwhile.
	 * @return the workers, or {@code null} to handle it on the spot
	 */
	default @Nullable Executor workers() {
		return null;
	}

	/**
	 * Returns how long the wire may last yet. When that is over the connection is closed,
	 * by 1000. Asked on the timer now and then while the connection is open, and when the
	 * time is over; returns at once.
	 * @param now nanoseconds from any origin
	 * @return nanoseconds, or 0 or less if the time is over; for ever, unless a transport
	 * says otherwise
	 */
	default long timeLeft(long now) {
		return Long.MAX_VALUE;
	}

	/**
	 * Whether the wire has pings: then the connection sends {@link Payload.Kind#PING} as
	 * a heartbeat and expects {@code pong} calls. A stream sends its own filler for a
	 * ping and expects no answer.
	 * @return whether the peer answers pings
	 */
	boolean answersPings();

	/**
	 * Whether the wire stays open when {@code out} has ended without asking for an end of
	 * the connection.
	 * @return {@code true} for a WebSocket, {@code false} for a stream
	 */
	boolean outlivesOut();

}

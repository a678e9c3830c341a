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

import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

import dev.halley.CallContext;

/**
 * Goes along with handshakes and messages while they are under way, such as to make them
 * parts of traces. Given to {@link ConnectionRegistry#traceWith}; without one there is
 * nothing to go along, and a message costs nothing more.
 * <p>
 * Called on the threads that carry connections: returns at once, and does not throw. Any
 * number of threads call at the same time.
 *
 * @since 0.1
 */
public interface ConnectionTracer {

	/** Traces nothing. */
	ConnectionTracer NONE = new ConnectionTracer() {
	};

	/**
	 * A request for an endpoint's wire is about to be checked, on this thread.
	 * @param wire the endpoint and its kind of wire
	 * @return goes along with the handshake
	 */
	default HandshakeTrace handshake(ConnectionObserver.Wire wire) {
		return HandshakeTrace.NONE;
	}

	/**
	 * A connection is made, on this thread, for a handshake that is about to be answered.
	 * @param info what is known of the connection
	 * @return goes along with its messages, or {@code null} if nothing does
	 */
	default @Nullable MessageTracer messages(ConnectionInfo info) {
		return null;
	}

	/**
	 * What goes along with something that is under way.
	 */
	interface Trace {

		/**
		 * Puts this onto the current thread, which is about to work on it, after all that
		 * the connection carries along.
		 * @return takes it away again, to be closed by the same thread
		 */
		default CallContext.Scope enter() {
			return CallContext.Scope.NONE;
		}

		/**
		 * It has failed, or some of it.
		 * @param failure what was thrown
		 */
		default void failed(Throwable failure) {
		}

	}

	/**
	 * Goes along with one handshake.
	 */
	interface HandshakeTrace extends Trace {

		/** Goes nowhere. */
		HandshakeTrace NONE = new HandshakeTrace() {
		};

		/**
		 * The handshake is answered. Called once, maybe on a thread that is still in the
		 * scope of {@link #enter}.
		 * @param outcome what became of it
		 * @param status as told to {@link ConnectionObserver#handshake}
		 */
		default void ended(ConnectionObserver.Outcome outcome, int status) {
		}

	}

	/**
	 * Goes along with the messages of one connection.
	 */
	@FunctionalInterface
	interface MessageTracer {

		/**
		 * A message has come and is about to be decoded and handled. The one before it
		 * has ended.
		 * @return goes along with it
		 */
		MessageTrace begin();

	}

	/**
	 * Goes along with one message: until its handler is done, with the asynchronous rest
	 * that it may have.
	 */
	interface MessageTrace extends Trace {

		/**
		 * Adds this to what the asynchronous rest of the handler finds in its Reactor
		 * context.
		 * @param context what the connection carries along
		 * @return the context with this
		 */
		default Context addTo(Context context) {
			return context;
		}

		/**
		 * The message is handled. Called once, maybe while another thread is still in the
		 * scope of {@link #enter}.
		 */
		void ended();

	}

}

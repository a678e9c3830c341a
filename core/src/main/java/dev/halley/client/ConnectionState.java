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

package dev.halley.client;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/**
 * What a client does at the moment about one connection or event stream.
 *
 * @since 0.1
 */
public sealed interface ConnectionState {

	/**
	 * An attempt is under way.
	 *
	 * @param attempt counts from 1, over the whole life
	 */
	record Connecting(int attempt) implements ConnectionState {
	}

	/**
	 * The server has accepted.
	 *
	 * @param subprotocol the subprotocol that it has chosen, or {@code null}
	 */
	record Open(@Nullable String subprotocol) implements ConnectionState {
	}

	/**
	 * The connection is lost, and the next attempt waits.
	 *
	 * @param delay how long it waits
	 * @param loss why the connection is lost
	 */
	record Waiting(Duration delay, ConnectionLoss loss) implements ConnectionState {
	}

	/**
	 * It is over: nothing follows.
	 *
	 * @param status how the last connection ended, or {@code null} if a failure ended it
	 * or it was a stream
	 * @param failure why it is over, or {@code null} if it was meant to be
	 */
	record Closed(@Nullable CloseStatus status, @Nullable Throwable failure) implements ConnectionState {
	}

}

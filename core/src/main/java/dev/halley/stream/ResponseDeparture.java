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

import java.time.Duration;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import dev.halley.connection.Connection;
import dev.halley.stream.StreamDepartures.Departure;

/**
 * Whether a stream leaves the container when the head of its response is written, and
 * whether it has: the end of the response is none of the stream's then.
 * <p>
 * Decided under the lock of the {@link ResponseTransport}; used on the container's
 * thread, but for {@link #isDone}, which any thread may ask.
 */
final class ResponseDeparture {

	private final Connection connection;

	private final @Nullable StreamDepartures departures;

	private final Duration timeout;

	/** How the stream leaves; {@code null} if it stays. */
	private @Nullable Departure departure;

	private volatile boolean done;

	/**
	 * Creates one that is not decided.
	 * @param connection the connection, not opened yet
	 * @param departures lets streams leave, if there is such a thing
	 * @param timeout after which the stream ends
	 */
	ResponseDeparture(Connection connection, @Nullable StreamDepartures departures, Duration timeout) {
		this.connection = connection;
		this.departures = departures;
		this.timeout = timeout;
	}

	/**
	 * Decides it, and prepares the response.
	 * @return whether the stream leaves, so that no more than the head is to be written
	 */
	boolean prepare(HttpServletRequest request, HttpServletResponse response) {
		this.departure = (this.departures != null) ? this.departures.prepare(request, response) : null;
		return this.departure != null;
	}

	/** Whether the stream leaves, or has left. */
	boolean isDue() {
		return this.departure != null;
	}

	/** Whether the stream has left. */
	boolean isDone() {
		return this.done;
	}

	/** The head is out: the stream leaves. */
	void leave(StreamFormat format) {
		Departure departure = this.departure;
		if (departure != null) {
			this.done = true;
			departure.leave(this.connection, format, this.timeout);
		}
	}

}

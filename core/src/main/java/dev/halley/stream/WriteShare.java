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

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * How much a stream hands to the container at once. The container copies what the network
 * does not take yet, and tells of progress only when all of that is out.
 * <p>
 * All streams of an HTTP/2 connection share its flow-control window. Up to 11.0.24 Tomcat
 * loses count of that window for good once the streams together wait for more than a
 * client gives back at a time, and in the end all of them stand still. Most clients give
 * back half a window, and the least window is 64 KB. So there the streams of a connection
 * wait for a quarter of it at most, and leave as much again to other responses.
 * <p>
 * Used under the lock of its stream. To be closed when the stream ends, any number of
 * times and by any thread.
 */
final class WriteShare implements AutoCloseable {

	private static final int MOST = 8 * 1024;

	private static final int LEAST = 128;

	private static final int ALL_STREAMS = 16 * 1024;

	/** How many streams there are on each HTTP/2 connection. */
	private static final Map<String, Integer> STREAMS = new ConcurrentHashMap<>();

	private final @Nullable String connection;

	private final AtomicBoolean closed = new AtomicBoolean();

	private WriteShare(@Nullable String connection) {
		this.connection = connection;
		if (connection != null) {
			STREAMS.merge(connection, 1, Integer::sum);
		}
	}

	/**
	 * Returns the share of a stream.
	 * @param request the request that the stream answers
	 * @return its share, which varies with the number of others
	 */
	static WriteShare of(HttpServletRequest request) {
		boolean shared = ResponseEnd.TOMCAT && "HTTP/2.0".equals(request.getProtocol())
				&& TomcatRequests.isTomcat(request);
		return new WriteShare(shared ? request.getServletConnection().getConnectionId() : null);
	}

	/**
	 * Returns how much to write next.
	 * @param unflushed what was written since the last flush
	 * @return the number of bytes, more than 0
	 */
	int next(int unflushed) {
		String connection = this.connection;
		return (connection != null) ? Math.max(1, most(connection) - unflushed) : MOST;
	}

	/**
	 * Whether what was written has to be flushed before there is more.
	 * @param unflushed what was written since the last flush
	 * @return whether it is all that may wait
	 */
	boolean isUsedUp(int unflushed) {
		String connection = this.connection;
		return connection != null && unflushed >= most(connection);
	}

	private static int most(String connection) {
		int streams = STREAMS.getOrDefault(connection, 1);
		return Math.max(LEAST, Math.min(MOST, ALL_STREAMS / streams));
	}

	@Override
	public void close() {
		if (this.connection != null && this.closed.compareAndSet(false, true)) {
			STREAMS.computeIfPresent(this.connection, (id, streams) -> (streams > 1) ? streams - 1 : null);
		}
	}

}

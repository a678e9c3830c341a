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

import java.io.IOException;
import java.time.Duration;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

import dev.halley.connection.Connection;
import dev.halley.stream.StreamDepartures;
import dev.halley.stream.StreamFormat;
import dev.halley.websocket.engine.DetachableChannel.Detached;

/**
 * Lets streams leave Tomcat for {@link EventLoops}: the answers to GET over HTTP/1.1 that
 * is not encrypted, on connections of {@link DetachingNioProtocol}, where nobody changes
 * the bytes of the body on their way. All others stay. Thread-safe.
 * <p>
 * A connection that has left does not come back, so its response says
 * {@code Connection: close}.
 *
 * @since 0.1
 */
public final class LoopDepartures implements StreamDepartures {

	private static final Log logger = LogFactory.getLog(LoopDepartures.class);

	private final EventLoops loops;

	/**
	 * Creates departures to event loops.
	 * @param loops where streams go, to be closed by whoever made them
	 */
	public LoopDepartures(EventLoops loops) {
		Assert.notNull(loops, "'loops' must not be null");
		this.loops = loops;
	}

	@Override
	public @Nullable Departure prepare(HttpServletRequest request, HttpServletResponse response) {
		if (!"GET".equals(request.getMethod()) || !NativeUpgradeStrategy.supports(request)) {
			return null;
		}
		NioSocketWrapper leaving = LeavingResponse.prepare(request, response);
		return (leaving != null)
				? (connection, format, timeout) -> leave(leaving, this.loops, connection, format, timeout) : null;
	}

	private static void leave(NioSocketWrapper leaving, EventLoops loops, Connection connection, StreamFormat format,
			Duration timeout) {
		LoopStream stream = new LoopStream(connection, format, timeout);
		boolean done = false;
		try {
			Detached detached = ((DetachableChannel) leaving.getSocket()).detach(leaving);
			if (detached != null) {
				LoopSocket socket = new LoopSocket(detached.socket(), detached.early(), stream,
						loops.policy(connection.info().handler()));
				stream.attach(socket);
				if (loops.register(socket)) {
					stream.start();
					done = true;
				}
			}
		}
		catch (IOException ex) {
			logger.debug("Tomcat does not let the connection go", ex);
		}
		finally {
			if (!done) {
				stream.lost();
			}
		}
	}

}

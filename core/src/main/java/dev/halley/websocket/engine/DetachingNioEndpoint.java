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
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;

import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketBufferHandler;

/**
 * Tomcat's endpoint, which lets connections go without closing their sockets. Those that
 * are encrypted stay: their bytes make sense to Tomcat alone.
 */
final class DetachingNioEndpoint extends NioEndpoint {

	/** In place of a socket that is gone. */
	private final SocketChannel closed;

	DetachingNioEndpoint() {
		try {
			this.closed = SocketChannel.open();
			this.closed.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	protected NioChannel createChannel(SocketBufferHandler buffer) {
		return isSSLEnabled() ? super.createChannel(buffer) : new DetachableChannel(buffer, this);
	}

	SocketChannel closedSocket() {
		return this.closed;
	}

	/** Tomcat closes what it finds there when it stops. */
	void forget(SocketChannel socket) {
		this.connections.remove(socket);
	}

}

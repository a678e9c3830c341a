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
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.jspecify.annotations.Nullable;

/**
 * One of Tomcat's channels, which can give its socket away. Tomcat uses it again for
 * other connections, as it does with its own.
 */
final class DetachableChannel extends NioChannel {

	private final DetachingNioEndpoint endpoint;

	DetachableChannel(SocketBufferHandler buffers, DetachingNioEndpoint endpoint) {
		super(buffers);
		this.endpoint = endpoint;
	}

	/**
	 * Takes the socket away from Tomcat, which thinks of the connection as closed from
	 * then on. Called within a dispatch, under Tomcat's lock of the connection, which is
	 * told afterwards that the connection is closed: so it takes back what is its own,
	 * such as buffers and the place in {@code max-connections}.
	 * @param wrapper the connection
	 * @return the socket and what Tomcat has read of it, or {@code null} if Tomcat has
	 * closed the connection meanwhile
	 * @throws IOException if Tomcat's channel refuses
	 */
	@Nullable Detached detach(NioSocketWrapper wrapper) throws IOException {
		SocketChannel socket = getIOChannel();
		if (socket == null || !socket.isOpen() || wrapper.isClosed()) {
			return null;
		}
		byte[] early = early(wrapper.getSocketBufferHandler());
		reset(this.endpoint.closedSocket(), wrapper);
		this.endpoint.forget(socket);
		SelectionKey key = socket.keyFor(wrapper.getPoller().getSelector());
		if (key != null) {
			key.cancel();
			key.attach(null);
		}
		return new Detached(socket, early);
	}

	/** What came in one packet with the handshake. */
	private static byte[] early(SocketBufferHandler buffers) {
		buffers.configureReadBufferForRead();
		ByteBuffer read = buffers.getReadBuffer();
		byte[] early = new byte[read.remaining()];
		read.get(early);
		return early;
	}

	/** A socket that is Tomcat's no more, and the bytes that were read already. */
	record Detached(SocketChannel socket, byte[] early) {
	}

}

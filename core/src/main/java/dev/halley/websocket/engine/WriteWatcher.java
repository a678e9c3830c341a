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
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Tells when there is room again for writes that a network did not take whole: with a
 * selector and a daemon thread of its own, which there are from the first such write on.
 * <p>
 * A container that tells so itself does it as a dispatch, and such a one waits until the
 * dispatch under way has ended: for as long as a handler blocks.
 */
final class WriteWatcher implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(WriteWatcher.class);

	private volatile @Nullable Selector selector;

	private boolean closed;

	/**
	 * Watches a connection once.
	 * @param channel the connection, which does not block
	 * @param room what to call when there is room, or the connection broke; must neither
	 * wait nor call the application's code. For each connection the same
	 * @return whether it will be called; not after {@link #close}
	 * @throws IOException if the connection is closed, or there is no selector to be had
	 */
	boolean watch(SocketChannel channel, Runnable room) throws IOException {
		Selector selector = selector();
		if (selector == null) {
			return false;
		}
		try {
			SelectionKey key = channel.keyFor(selector);
			if (key == null) {
				channel.register(selector, SelectionKey.OP_WRITE, room);
			}
			else {
				key.interestOps(SelectionKey.OP_WRITE);
			}
			selector.wakeup();
			return true;
		}
		catch (ClosedSelectorException | CancelledKeyException ex) {
			return false;
		}
	}

	/**
	 * Lets go of a connection that will not be watched again. While the selector knows
	 * it, closing it does not give its descriptor back.
	 * @param channel the connection
	 */
	void forget(SocketChannel channel) {
		Selector selector = this.selector;
		if (selector == null) {
			return;
		}
		SelectionKey key = channel.keyFor(selector);
		if (key != null) {
			key.cancel();
			key.selector().wakeup();
		}
	}

	private @Nullable Selector selector() throws IOException {
		Selector selector = this.selector;
		return (selector != null) ? selector : start();
	}

	private synchronized @Nullable Selector start() throws IOException {
		if (this.selector == null && !this.closed) {
			Selector selector = Selector.open();
			boolean started = false;
			try {
				Thread thread = new Thread(() -> run(selector), "halley-writes");
				thread.setDaemon(true);
				thread.start();
				started = true;
			}
			finally {
				if (!started) {
					selector.close();
				}
			}
			this.selector = selector;
		}
		return this.selector;
	}

	private static void run(Selector selector) {
		while (selector.isOpen()) {
			try {
				selector.select();
				selector.selectedKeys().forEach(WriteWatcher::tell);
				selector.selectedKeys().clear();
			}
			catch (ClosedSelectorException ex) {
				return;
			}
			catch (IOException | OutOfMemoryError ex) {
				logger.error("Watching writes failed", ex);
			}
		}
	}

	private static void tell(SelectionKey key) {
		try {
			key.interestOps(0);
			((Runnable) key.attachment()).run();
		}
		catch (RuntimeException ex) {
			logger.debug("A connection has gone meanwhile, or nobody takes its room", ex);
		}
	}

	/** Ends the thread. Nobody who is watched hears anything more. */
	@Override
	public synchronized void close() {
		this.closed = true;
		Selector selector = this.selector;
		try {
			if (selector != null) {
				selector.close();
			}
		}
		catch (IOException ex) {
			logger.debug("Close failed", ex);
		}
	}

}

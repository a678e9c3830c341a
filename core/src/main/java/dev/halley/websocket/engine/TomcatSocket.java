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

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * One of Tomcat's connections. When it is closed, Tomcat gives its buffers to the next
 * one; so nobody may be reading or writing then, or bytes would get into foreign hands.
 * Reading happens only within a dispatch, under Tomcat's lock of the connection; closing
 * takes that lock, or is left to the dispatch that has it. Writing has a lock of its own,
 * held while bytes are handed over and never while anything waits. Encrypted bytes are
 * read under it too.
 */
final class TomcatSocket implements EngineSocket {

	private static final Log logger = LogFactory.getLog(TomcatSocket.class);

	private final ReentrantLock writing = new ReentrantLock();

	private @Nullable SocketWrapperBase<?> wrapper;

	private boolean encrypted;

	private boolean over;

	/** Whether a write is not all out. */
	private boolean pending;

	private volatile boolean dispatching;

	private @Nullable WriteWatcher watcher;

	/** Known to the watcher, which is to be told of the end. */
	private @Nullable SocketChannel watched;

	private Runnable room = () -> {
	};

	private @Nullable ClassLoader applicationClassLoader;

	/**
	 * Called on the request's thread, which has the application's class loader.
	 * @param watcher tells when there is room to write
	 * @param room what to call then
	 */
	void serve(WriteWatcher watcher, Runnable room) {
		this.watcher = watcher;
		this.room = room;
		this.applicationClassLoader = Thread.currentThread().getContextClassLoader();
	}

	void attach(SocketWrapperBase<?> wrapper) {
		this.wrapper = wrapper;
		this.encrypted = wrapper.getSslSupport() != null;
	}

	private SocketWrapperBase<?> wrapper() {
		Assert.state(this.wrapper != null, "The connection is not upgraded yet");
		return this.wrapper;
	}

	/** The container begins a dispatch, under its lock. */
	void enter() {
		this.dispatching = true;
	}

	/** The dispatch ends; only after this the session is asked whether it is closed. */
	void leave() {
		this.dispatching = false;
	}

	/**
	 * Who reads what is encrypted may have to answer it, such as a change of keys.
	 */
	@Override
	public int read(ByteBuffer buffer) throws IOException {
		if (!this.encrypted) {
			return readNow(buffer);
		}
		this.writing.lock();
		try {
			return readNow(buffer);
		}
		finally {
			this.writing.unlock();
		}
	}

	private int readNow(ByteBuffer buffer) throws IOException {
		try {
			return wrapper().read(false, buffer);
		}
		catch (EOFException ex) {
			return -1;
		}
	}

	@Override
	public boolean write(byte[] bytes, int length) throws IOException {
		return transfer(bytes, length);
	}

	@Override
	public boolean flush() throws IOException {
		return transfer(null, 0);
	}

	/**
	 * An interrupt is meant for something else that this thread does; it would cost the
	 * connection.
	 */
	private boolean transfer(byte @Nullable [] bytes, int length) throws IOException {
		boolean interrupted = Thread.interrupted();
		this.writing.lock();
		try {
			if (this.over) {
				throw new ClosedChannelException();
			}
			return transferNow(bytes, length);
		}
		finally {
			this.writing.unlock();
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private boolean transferNow(byte @Nullable [] bytes, int length) throws IOException {
		if (bytes != null) {
			wrapper().write(false, bytes, 0, length);
		}
		else if (!this.pending) {
			return false;
		}
		this.pending = wrapper().flush(false);
		if (this.pending && !isWatched()) {
			wrapper().registerWriteInterest();
		}
		return !this.pending;
	}

	/** Tomcat itself would tell only when no dispatch is under way. */
	private boolean isWatched() throws IOException {
		SocketChannel channel = channel();
		if (this.watcher == null || channel == null || !this.watcher.watch(channel, this.room)) {
			return false;
		}
		this.watched = channel;
		return true;
	}

	/**
	 * There is none if Tomcat has closed the connection by itself, which it does not
	 * tell.
	 */
	private @Nullable SocketChannel channel() {
		return (wrapper().getSocket() instanceof NioChannel channel) ? channel.getIOChannel() : null;
	}

	@Override
	public void resumeReading() {
		wrapper().processSocket(SocketEvent.OPEN_READ, true);
	}

	@Override
	public boolean execute(Runnable work) {
		try {
			wrapper().execute(() -> inApplication(() -> {
				work.run();
				return true;
			}));
			return true;
		}
		catch (RejectedExecutionException ex) {
			return false;
		}
	}

	/** Application code runs in it, and may look for its classes. */
	boolean inApplication(BooleanSupplier work) {
		Thread thread = Thread.currentThread();
		ClassLoader containers = thread.getContextClassLoader();
		thread.setContextClassLoader(this.applicationClassLoader);
		try {
			return work.getAsBoolean();
		}
		finally {
			thread.setContextClassLoader(containers);
		}
	}

	@Override
	public boolean isBuffered() {
		return this.encrypted;
	}

	/** From now on nobody writes. */
	void stopWriting() {
		this.writing.lock();
		this.over = true;
		SocketChannel watched = this.watched;
		this.watched = null;
		this.writing.unlock();
		if (watched != null && this.watcher != null) {
			this.watcher.forget(watched);
		}
	}

	/**
	 * Who is dispatched sees when it leaves that the session is closed, and Tomcat cleans
	 * up. Otherwise the lock is free, or soon will be.
	 */
	@Override
	public void close() {
		stopWriting();
		if (this.dispatching || this.wrapper == null) {
			return;
		}
		this.wrapper.getLock().lock();
		try {
			this.wrapper.close();
		}
		finally {
			this.wrapper.getLock().unlock();
		}
	}

	/** Until writing is over, the channel is no other connection's. */
	@Override
	public void cut() {
		this.writing.lock();
		try {
			SocketChannel channel = (this.over || this.wrapper == null) ? null : channel();
			if (channel != null) {
				channel.close();
			}
		}
		catch (IOException ex) {
			logger.debug("Close failed", ex);
		}
		finally {
			this.writing.unlock();
		}
	}

}

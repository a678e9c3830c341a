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
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * The event loops of an application's WebSockets and streams: few threads that wait for
 * the network and handle what comes, on the spot as long as handlers are quick. A handler
 * that blocks keeps its thread, another thread goes on with the loop, and the messages of
 * its endpoint are handled by workers for a while.
 * <p>
 * Connections come here from a Tomcat whose protocol is {@link DetachingNioProtocol}; no
 * thread is started before the first one. Thread-safe. To be closed with the application,
 * which drops the connections that are left and ends the threads.
 *
 * @since 0.1
 */
public final class EventLoops implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(EventLoops.class);

	/** The most threads that may be kept by handlers at one time. */
	private static final int MOST_BLOCKED = 256;

	private static final int SECONDS_TO_KEEP_THREADS = 5;

	/** For what the application does when its connections end. */
	private static final long LAST_WAIT = TimeUnit.SECONDS.toNanos(2);

	private final int count;

	private final Executor workers;

	private final Map<String, OffloadPolicy> policies = new ConcurrentHashMap<>();

	private final AtomicInteger threads = new AtomicInteger();

	private final AtomicLong takeovers = new AtomicLong();

	private volatile List<EventLoop> loops = Collections.emptyList();

	private volatile @Nullable LoopMonitor monitor;

	private @Nullable ThreadPoolExecutor drivers;

	private boolean closed;

	/**
	 * Creates loops, which start with the first connection.
	 * @param count how many
	 * @param workers what handles the messages of endpoints whose handlers block
	 */
	public EventLoops(int count, Executor workers) {
		Assert.isTrue(count > 0, () -> "count: " + count + " (expected: > 0)");
		Assert.notNull(workers, "'workers' must not be null");
		this.count = count;
		this.workers = workers;
	}

	/**
	 * Returns how many connections the loops have.
	 * @return the number, which may count such as have just ended
	 */
	public int connections() {
		return this.loops.stream().mapToInt(EventLoop::size).sum();
	}

	/**
	 * Returns how often a handler blocked, so that its loop was taken over by another
	 * thread.
	 * @return the number since the start
	 */
	public long takeovers() {
		return this.takeovers.get();
	}

	OffloadPolicy policy(String endpoint) {
		return this.policies.computeIfAbsent(endpoint, (name) -> new OffloadPolicy(name, this.workers));
	}

	/**
	 * Takes on a connection, on the loop that has the fewest.
	 * @return whether it does; not after the end
	 */
	boolean register(LoopSocket socket) {
		List<EventLoop> loops = this.loops;
		if (loops.isEmpty()) {
			loops = start();
		}
		return !loops.isEmpty() && socket.register(Collections.min(loops, Comparator.comparingInt(EventLoop::size)));
	}

	/** Called on a request's thread, which has the application's class loader. */
	private synchronized List<EventLoop> start() {
		if (!this.closed && this.loops.isEmpty()) {
			try {
				ClassLoader classLoader = Thread.currentThread().getContextClassLoader();
				start(open(classLoader), classLoader);
			}
			catch (IOException ex) {
				logger.error("No event loop can be started", ex);
			}
		}
		return this.loops;
	}

	private List<EventLoop> open(@Nullable ClassLoader classLoader) throws IOException {
		List<EventLoop> opened = new ArrayList<>(this.count);
		try {
			for (int i = 0; i < this.count; i++) {
				opened.add(new EventLoop(Selector.open(), this::wakeMonitor, classLoader));
			}
			return List.copyOf(opened);
		}
		catch (IOException ex) {
			opened.forEach(EventLoop::closeSelector);
			throw ex;
		}
	}

	private void start(List<EventLoop> opened, @Nullable ClassLoader classLoader) {
		ThreadPoolExecutor drivers = new ThreadPoolExecutor(0, this.count + 1 + MOST_BLOCKED, SECONDS_TO_KEEP_THREADS,
				TimeUnit.SECONDS, new SynchronousQueue<>(), (task) -> thread(task, classLoader));
		LoopMonitor monitor = new LoopMonitor(opened,
				(loop, turn) -> takeOver(loop, opened.indexOf(loop) + 1, turn, drivers));
		this.drivers = drivers;
		this.monitor = monitor;
		opened.forEach((loop) -> drivers.execute(loop::drive));
		drivers.execute(monitor);
		this.loops = opened;
	}

	private Thread thread(Runnable task, @Nullable ClassLoader classLoader) {
		Thread thread = new Thread(task, "halley-loop-" + this.threads.incrementAndGet());
		thread.setDaemon(true);
		thread.setContextClassLoader(classLoader);
		return thread;
	}

	private void wakeMonitor() {
		LoopMonitor monitor = this.monitor;
		if (monitor != null) {
			monitor.wake();
		}
	}

	/** Without a thread left the loop has to wait for its handler. */
	private boolean takeOver(EventLoop loop, int number, long turn, Executor drivers) {
		try {
			Takeover takeover = new Takeover(number, this.takeovers);
			drivers.execute(() -> loop.takeOver(turn, takeover));
			return true;
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			logger.trace("Not taken over", ex);
			return false;
		}
	}

	@Override
	public void close() {
		ThreadPoolExecutor drivers;
		synchronized (this) {
			this.closed = true;
			drivers = this.drivers;
		}
		LoopMonitor monitor = this.monitor;
		this.loops.forEach(EventLoop::end);
		awaitEnd(this.loops);
		if (monitor != null && drivers != null) {
			monitor.end();
			drivers.shutdown();
		}
	}

	private static void awaitEnd(List<EventLoop> loops) {
		long deadline = System.nanoTime() + LAST_WAIT;
		try {
			for (EventLoop loop : loops) {
				if (!loop.awaitEnd(deadline - System.nanoTime())) {
					logger.info("An event loop has not ended, since the application is busy with its connections");
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}

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

package dev.halley.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;
import org.springframework.util.Assert;

import dev.halley.hub.broker.BrokerException;

/**
 * The connections of a node. When one of them is lost, or the node does not hear what it
 * says to itself, both are closed and opened anew, at growing intervals. One thread does
 * all that waits.
 */
final class RedisLink {

	private static final Log logger = LogFactory.getLog(RedisHubBroker.class);

	private static final int FIRST_RETRY_MILLIS = 100;

	private static final int LAST_RETRY_MILLIS = 2000;

	private static final String CLOSED = "it is closed";

	private final RedisConnector connector;

	private final RedisBrokerSettings settings;

	private final Owner owner;

	private final byte[] ownChannel;

	private final Counters counters;

	private final ScheduledExecutorService thread;

	private volatile @Nullable Up up;

	private volatile String server;

	/** Why there is no link, or why there was none before this one. */
	private volatile String problem = "not connected yet";

	private volatile boolean closed;

	/** How often in a row it could not connect. Of the thread. */
	private int attempts;

	RedisLink(RedisConnector connector, RedisBrokerSettings settings, Owner owner, Counters counters) {
		this.connector = connector;
		this.settings = settings;
		this.owner = owner;
		this.counters = counters;
		this.server = "Redis at " + connector.target();
		this.ownChannel = new HubKeys(settings.prefix()).nodeChannel(UUID.randomUUID().toString());
		ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread created = new Thread(task, "halley-redis");
			created.setDaemon(true);
			return created;
		});
		thread.setRemoveOnCancelPolicy(true);
		this.thread = thread;
	}

	/** Tries to connect, and goes on trying. Waits for the first time to be over. */
	void start() {
		Assert.state(!this.closed,
				() -> "The link to " + this.server + " is closed (expected: start() before close())");
		Future<?> first = this.thread.submit(this::connect);
		long most = 4 * this.settings.timeout().toMillis();
		try {
			first.get(most, TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.debug("The first connection takes long", ex);
		}
		this.thread.scheduleWithFixedDelay(this::probe, this.settings.probeInterval().toMillis(),
				this.settings.probeInterval().toMillis(), TimeUnit.MILLISECONDS);
	}

	RedisConnector.@Nullable Connections connections() {
		Up up = this.up;
		return (up != null) ? up.connections : null;
	}

	String server() {
		return this.server;
	}

	String problem() {
		return this.problem;
	}

	private void connect() {
		if (this.closed || this.up != null) {
			return;
		}
		RedisConnector.Connections connections = null;
		try {
			connections = this.connector.connect();
			Up up = new Up(connections);
			up.prepare();
			this.up = up;
			up.watch();
			if (this.closed) {
				throw new BrokerException(CLOSED, false, null);
			}
			if (this.attempts > 0 || this.counters.get("disconnects") > 0) {
				logger.info("Hubs are linked to " + this.server + " again (before: " + this.problem + ")");
			}
			this.attempts = 0;
			this.counters.add("connects");
			this.owner.onUp(connections);
		}
		catch (RuntimeException | Error ex) {
			failed(ex);
			this.up = null;
			if (connections != null) {
				connections.close();
			}
		}
	}

	private void failed(Throwable failure) {
		if (this.closed) {
			return;
		}
		String reason = reason(failure);
		if (this.attempts == 0 && this.counters.get("connects") == 0) {
			logger.warn("Hubs have no link to " + this.server + ": " + reason
					+ ". What is published fails until there is one; connections stay open");
		}
		else {
			logger.debug(LogMessage.format("Hubs have no link to %s: %s", this.server, reason));
		}
		this.problem = reason;
		int attempt = this.attempts++;
		later(Math.min(LAST_RETRY_MILLIS, FIRST_RETRY_MILLIS << Math.min(attempt, 6)));
	}

	/** Half of the time at least, and somewhat more than all of it at most. */
	private void later(long millis) {
		schedule(this::connect, millis / 2 + ThreadLocalRandom.current().nextLong(millis));
	}

	private void schedule(Runnable task, long millis) {
		try {
			this.thread.schedule(task, millis, TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			logger.trace("Closed", ex);
		}
	}

	private static String reason(Throwable failure) {
		Throwable cause = failure;
		while (cause.getCause() != null && !(cause instanceof BrokerException)) {
			cause = cause.getCause();
		}
		String message = cause.getMessage();
		return (message != null) ? message : cause.getClass().getName();
	}

	/** Whatever is wrong with these connections, they are of no use any more. */
	void suspect(RedisConnector.Connections connections, String reason) {
		schedule(() -> lose(connections, reason), 0);
	}

	private void lose(RedisConnector.Connections connections, String reason) {
		Up up = this.up;
		if (up == null || up.connections != connections) {
			return;
		}
		this.problem = reason;
		this.up = null;
		connections.close();
		if (this.closed) {
			return;
		}
		this.counters.add("disconnects");
		logger.warn("Hubs have lost the link to " + this.server + ": " + reason
				+ ". What is published fails until it is back; connections stay open");
		later(FIRST_RETRY_MILLIS);
		this.owner.onDown();
	}

	private void probe() {
		Up up = this.up;
		if (up == null) {
			return;
		}
		try {
			up.probe();
		}
		catch (RuntimeException | Error ex) {
			this.counters.add("probes.missed");
			lose(up.connections, "it did not hear what it sent to itself (" + reason(ex) + ")");
		}
	}

	void close() {
		this.closed = true;
		this.problem = CLOSED;
		Up up = this.up;
		this.up = null;
		this.thread.shutdownNow();
		if (up != null) {
			up.connections.close();
		}
		this.connector.close();
	}

	private <T> T await(Future<T> future) {
		try {
			return future.get(this.settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new BrokerException("interrupted", true, ex);
		}
		catch (ExecutionException ex) {
			throw new BrokerException(reason(ex), true, ex.getCause());
		}
		catch (TimeoutException ex) {
			throw new BrokerException("no answer within " + this.settings.timeout(), true, ex);
		}
	}

	/**
	 * Who uses the link.
	 */
	interface Owner {

		/** There is a link. Called on the thread of the link. */
		void onUp(RedisConnector.Connections connections);

		/** There is none any more. Called on the thread of the link. */
		void onDown();

	}

	/** Connections that work. */
	private final class Up extends RedisPubSubAdapter<byte[], byte[]> {

		private final RedisConnector.Connections connections;

		private volatile CompletableFuture<Void> heard = new CompletableFuture<>();

		private volatile byte[] said = {};

		Up(RedisConnector.Connections connections) {
			this.connections = connections;
		}

		void prepare() {
			try {
				String info = await(this.connections.commands().info("server"));
				RedisLink.this.server = ServerVersion.of(info).name() + " at " + RedisLink.this.connector.target();
			}
			catch (BrokerException ex) {
				if (!(ex.getCause() instanceof RedisCommandExecutionException)) {
					throw ex;
				}
				logger.debug("The server does not tell its version", ex);
			}
			for (Script script : new Script[] { Script.PUBLISH, Script.READ }) {
				await(this.connections.commands().scriptLoad(script.text().getBytes(StandardCharsets.UTF_8)));
			}
			this.connections.pubSub().addListener(this);
			await(this.connections.pubSub().async().subscribe(RedisLink.this.ownChannel));
			probe();
		}

		void watch() {
			RedisConnectionStateListener listener = new RedisConnectionStateListener() {
				@Override
				public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
					suspect(Up.this.connections, "the connection was lost");
				}
			};
			this.connections.main().addListener(listener);
			this.connections.pubSub().addListener(listener);
			if (!this.connections.main().isOpen() || !this.connections.pubSub().isOpen()) {
				throw new BrokerException("the connection was lost at once", false, null);
			}
		}

		/** Says something to itself, and waits until it has heard it. */
		void probe() {
			long start = System.nanoTime();
			this.heard = new CompletableFuture<>();
			this.said = HubKeys.bytes(Long.toString(start));
			await(this.connections.commands().publish(RedisLink.this.ownChannel, this.said));
			await(this.heard);
			RedisLink.this.counters.set("probe.micros", Duration.ofNanos(System.nanoTime() - start).toNanos() / 1000);
		}

		@Override
		public void message(byte[] channel, byte[] message) {
			if (Arrays.equals(message, this.said) && Arrays.equals(channel, RedisLink.this.ownChannel)) {
				this.heard.complete(null);
			}
		}

	}

}

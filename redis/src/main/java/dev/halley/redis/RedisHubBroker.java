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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

import dev.halley.hub.broker.BrokerException;
import dev.halley.hub.broker.BrokerPayload;
import dev.halley.hub.broker.BrokerState;
import dev.halley.hub.broker.HistoryRange;
import dev.halley.hub.broker.HistorySlice;
import dev.halley.hub.broker.HubBroker;
import dev.halley.hub.broker.Retention;

/**
 * Brings the messages of hubs to other processes over Redis 6.2 or later, or Valkey: one
 * server, one that sentinels name, or a cluster. Histories are streams there; they go
 * when they are too old, and all that is known of a hub an hour later, or ten minutes
 * after the last use of one without a history.
 * <p>
 * Thread-safe. It has two connections of its own, which are opened anew when they are
 * lost. {@link #start} connects, {@link #close} ends it.
 *
 * @since 0.1
 */
public final class RedisHubBroker implements HubBroker, AutoCloseable {

	private static final Duration KNOWN_AFTER_HISTORY = Duration.ofHours(1);

	private static final Duration KNOWN_WITHOUT_HISTORY = Duration.ofMinutes(10);

	private final RedisBrokerSettings settings;

	private final HubKeys keys;

	private final Counters counters = new Counters();

	private final RedisSubscriptions subscriptions;

	private final RedisLink link;

	private RedisHubBroker(RedisConnector connector, RedisBrokerSettings settings) {
		this.settings = settings;
		this.keys = new HubKeys(settings.prefix());
		this.subscriptions = new RedisSubscriptions(this.keys, this.counters);
		this.link = new RedisLink(connector, settings, new RedisLink.Owner() {
			@Override
			public void onUp(RedisConnector.Connections connections) {
				RedisHubBroker.this.subscriptions.onUp(connections.pubSub());
			}

			@Override
			public void onDown() {
				RedisHubBroker.this.subscriptions.onDown();
			}
		}, this.counters);
	}

	/**
	 * Returns a broker on one server, or on the one that the sentinels of an URI name.
	 * @param uri where it is, with user, password, database, TLS and client name
	 * @param ssl how TLS is done, or {@code null} for Lettuce's defaults
	 * @param settings how it works
	 * @return a broker that is not started
	 */
	public static RedisHubBroker standalone(RedisURI uri, @Nullable SslOptions ssl, RedisBrokerSettings settings) {
		Assert.notNull(uri, "'uri' must not be null");
		uri.setTimeout(settings.timeout());
		RedisClient client = RedisClient.create(uri);
		client.setOptions(options(ClientOptions.builder(), ssl, settings).build());
		return new RedisHubBroker(new SingleConnector(client, uri), settings);
	}

	/**
	 * Returns a broker on a cluster.
	 * @param uris some of its nodes, with user, password, TLS and client name
	 * @param ssl how TLS is done, or {@code null} for Lettuce's defaults
	 * @param settings how it works
	 * @return a broker that is not started
	 */
	public static RedisHubBroker cluster(List<RedisURI> uris, @Nullable SslOptions ssl, RedisBrokerSettings settings) {
		Assert.notEmpty(uris, "'uris' must not be empty");
		uris.forEach((uri) -> uri.setTimeout(settings.timeout()));
		RedisClusterClient client = RedisClusterClient.create(uris);
		ClusterClientOptions.Builder builder = ClusterClientOptions.builder();
		options(builder, ssl, settings);
		builder
			.topologyRefreshOptions(ClusterTopologyRefreshOptions.builder().enableAllAdaptiveRefreshTriggers().build());
		client.setOptions(builder.build());
		return new RedisHubBroker(new ClusterConnector(client, uris), settings);
	}

	/** What was sent and not answered must not be sent again, and nothing waits. */
	private static ClientOptions.Builder options(ClientOptions.Builder builder, @Nullable SslOptions ssl,
			RedisBrokerSettings settings) {
		builder.autoReconnect(false)
			.disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
			.socketOptions(SocketOptions.builder().connectTimeout(settings.timeout()).keepAlive(true).build())
			.timeoutOptions(TimeoutOptions.enabled(settings.timeout()));
		return (ssl != null) ? builder.sslOptions(ssl) : builder;
	}

	/**
	 * Connects. Waits for the first attempt to succeed or to fail, for some seconds at
	 * most, and does not fail itself: there will be others.
	 * @return this
	 */
	public RedisHubBroker start() {
		this.link.start();
		return this;
	}

	@Override
	public CompletionStage<Placement> publish(String hub, BrokerPayload payload, Retention retention,
			@Nullable String key) {
		byte[][] arguments = { this.keys.channel(hub), number(epoch()),
				number(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE)), ScriptValues.kind(payload),
				payload.bytes(), number(retention.messages()), number(retention.age().toMillis()),
				number((retention.bytes() == Long.MAX_VALUE) ? 0 : retention.bytes()), number(knownFor(retention)),
				HubKeys.bytes((key != null) ? key : "") };
		this.counters.add("published");
		return run(Script.PUBLISH, hub, arguments, ScriptValues::placement, "publish.failures");
	}

	private static long epoch() {
		return ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
	}

	private static long knownFor(Retention retention) {
		return retention.isNothing() ? KNOWN_WITHOUT_HISTORY.toMillis()
				: retention.age().plus(KNOWN_AFTER_HISTORY).toMillis();
	}

	private static byte[] number(long number) {
		return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
	}

	@Override
	public CompletionStage<HistorySlice> read(String hub, HistoryRange range, Retention retention) {
		byte[][] arguments = { number(epoch()), HubKeys.bytes(range.last() ? "l" : "f"), number(range.epoch()),
				number(range.offset()), number(range.tag()), number(range.limit()), number(retention.messages()),
				number(retention.age().toMillis()), number(knownFor(retention)) };
		this.counters.add("reads");
		return run(Script.READ, hub, arguments, ScriptValues::slice, "read.failures");
	}

	private <T> CompletionStage<T> run(Script script, String hub, byte[][] arguments, Function<List<?>, T> result,
			String failures) {
		RedisConnector.Connections connections = this.link.connections();
		if (connections == null) {
			this.counters.add(failures);
			return CompletableFuture.failedStage(
					new BrokerException("no link to " + this.link.server() + ": " + this.link.problem(), false, null));
		}
		byte[][] keys = this.keys.of(hub);
		CompletableFuture<T> done = new CompletableFuture<>();
		evaluate(connections, script, keys, arguments).whenComplete((list, failure) -> {
			if (failure != null) {
				this.counters.add(failures);
				done.completeExceptionally(failed(connections, causeOf(failure)));
				return;
			}
			try {
				done.complete(result.apply(list));
			}
			catch (RuntimeException ex) {
				done.completeExceptionally(
						new BrokerException(this.link.server() + " returned what was not expected", true, ex));
			}
		});
		return done;
	}

	/** A server that has forgotten the script gets it again. */
	private static CompletionStage<List<?>> evaluate(RedisConnector.Connections connections, Script script,
			byte[][] keys, byte[][] arguments) {
		RedisClusterAsyncCommands<byte[], byte[]> commands = connections.commands();
		try {
			return commands.<List<?>>evalsha(script.digest(), ScriptOutputType.MULTI, keys, arguments)
				.exceptionallyCompose((failure) -> (causeOf(failure) instanceof RedisNoScriptException) ? commands
					.eval(script.text().getBytes(StandardCharsets.UTF_8), ScriptOutputType.MULTI, keys, arguments)
						: CompletableFuture.failedStage(failure));
		}
		catch (RuntimeException ex) {
			return CompletableFuture.failedStage(ex);
		}
	}

	private static Throwable causeOf(Throwable failure) {
		return (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause() : failure;
	}

	/**
	 * What a server answers is certain; all else may have come before or after. One that
	 * has become a replica, so that nothing can be written, has to be looked up anew.
	 */
	private BrokerException failed(RedisConnector.Connections connections, Throwable failure) {
		boolean answered = failure instanceof RedisCommandExecutionException;
		String message = String.valueOf(failure.getMessage());
		if (!answered || message.contains("READONLY") || !connections.main().isOpen()) {
			this.link.suspect(connections, message);
		}
		return new BrokerException(this.link.server() + ": " + message, !answered, failure);
	}

	@Override
	public Registration subscribe(String hub, Listener listener) {
		return this.subscriptions.add(hub, listener);
	}

	@Override
	public int maxPayloadSize() {
		return this.settings.maxMessageSize();
	}

	@Override
	public BrokerState state() {
		boolean up = this.link.connections() != null;
		Map<String, Long> counters = this.counters.all();
		counters.put("subscriptions", (long) this.subscriptions.size());
		return new BrokerState(up, this.link.server(), up ? null : this.link.problem(), counters);
	}

	/**
	 * Closes the connections. What is under way may not come to its end.
	 */
	@Override
	public void close() {
		// First: a client that is shut down takes no commands
		this.subscriptions.close();
		this.link.close();
	}

}

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

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import io.lettuce.core.RedisURI;
import org.awaitility.Awaitility;

import dev.halley.Hubs;
import dev.halley.TestHubs;
import dev.halley.hub.broker.BreakableNodes;

/**
 * Two nodes and a server, which the second one reaches through a proxy.
 */
final class RedisNodes implements BreakableNodes {

	private final RedisProcess server;

	private final TcpProxy proxy;

	private final Duration lease;

	private final RedisBrokerSettings settings = new RedisBrokerSettings("test-" + UUID.randomUUID(),
			Duration.ofSeconds(2), Duration.ofSeconds(1), 1 << 20);

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private final RedisHubBroker firstBroker;

	private final Hubs first;

	private RedisHubBroker secondBroker;

	private Hubs second;

	RedisNodes(RedisProcess server) {
		this(server, TestHubs.LEASE);
	}

	RedisNodes(RedisProcess server, Duration lease) {
		this.lease = lease;
		this.server = server;
		this.proxy = new TcpProxy(server.port());
		this.firstBroker = broker(server.port());
		this.first = hubs(this.firstBroker);
		this.secondBroker = broker(this.proxy.port());
		this.second = hubs(this.secondBroker);
	}

	private RedisHubBroker broker(int port) {
		return RedisHubBroker.standalone(RedisURI.create("127.0.0.1", port), null, this.settings).start();
	}

	private Hubs hubs(RedisHubBroker broker) {
		return TestHubs.of(broker, this.executor, this.lease);
	}

	RedisHubBroker firstBroker() {
		return this.firstBroker;
	}

	RedisHubBroker secondBroker() {
		return this.secondBroker;
	}

	TcpProxy proxy() {
		return this.proxy;
	}

	@Override
	public Hubs first() {
		return this.first;
	}

	@Override
	public Hubs second() {
		return this.second;
	}

	@Override
	public void cut() {
		this.proxy.set(TcpProxy.Mode.CUT);
		Awaitility.await()
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(5))
			.until(() -> !this.secondBroker.state().up());
	}

	@Override
	public void heal() {
		this.proxy.set(TcpProxy.Mode.PASS);
	}

	@Override
	public void restart(boolean withData) {
		this.server.kill();
		Awaitility.await()
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(5))
			.until(() -> !this.firstBroker.state().up() && !this.secondBroker.state().up());
		this.server.startAgain(withData);
	}

	@Override
	public void replaceSecond() {
		this.secondBroker.close();
		this.secondBroker = broker(this.proxy.port());
		this.second = hubs(this.secondBroker);
	}

	@Override
	public void loseAnswers() {
		this.proxy.set(TcpProxy.Mode.DEAF);
	}

	@Override
	public void close() {
		this.firstBroker.close();
		this.secondBroker.close();
		this.proxy.close();
		this.executor.shutdownNow();
	}

}

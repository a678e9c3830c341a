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

package dev.halley.hub.broker;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import dev.halley.Hubs;
import dev.halley.TestHubs;

/**
 * Two nodes and a server in memory.
 */
final class MemoryNodes implements BreakableNodes {

	private final MemoryServer server = new MemoryServer();

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private final MemoryBroker firstBroker = new MemoryBroker(this.server);

	private final Duration lease;

	private final Hubs first;

	private MemoryBroker secondBroker = new MemoryBroker(this.server);

	private Hubs second;

	MemoryNodes() {
		this(TestHubs.LEASE);
	}

	MemoryNodes(Duration lease) {
		this.lease = lease;
		this.first = hubs(this.firstBroker);
		this.second = hubs(this.secondBroker);
	}

	private Hubs hubs(MemoryBroker broker) {
		return TestHubs.of(broker, this.executor, this.lease);
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
		this.secondBroker.setUp(false);
	}

	@Override
	public void heal() {
		this.secondBroker.setUp(true);
	}

	@Override
	public void restart(boolean withData) {
		this.firstBroker.setUp(false);
		this.secondBroker.setUp(false);
		if (!withData) {
			this.server.lose(Integer.MAX_VALUE);
		}
		this.firstBroker.setUp(true);
		this.secondBroker.setUp(true);
	}

	@Override
	public void replaceSecond() {
		this.secondBroker.close();
		this.secondBroker = new MemoryBroker(this.server);
		this.second = hubs(this.secondBroker);
	}

	@Override
	public void loseAnswers() {
		this.secondBroker.setMute(true);
	}

	@Override
	public void close() {
		this.firstBroker.close();
		this.secondBroker.close();
		this.executor.shutdownNow();
	}

}

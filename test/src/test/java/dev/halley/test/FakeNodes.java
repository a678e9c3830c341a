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

package dev.halley.test;

import dev.halley.Hubs;
import dev.halley.hub.broker.BreakableNodes;

/**
 * Two nodes of a server in memory.
 */
final class FakeNodes implements BreakableNodes {

	private final FakeHubBroker first = new FakeHubBroker();

	private FakeHubBroker second = this.first.another();

	@Override
	public Hubs first() {
		return this.first.hubs();
	}

	@Override
	public Hubs second() {
		return this.second.hubs();
	}

	@Override
	public void cut() {
		this.second.down();
	}

	@Override
	public void heal() {
		this.second.up();
	}

	@Override
	public void restart(boolean withData) {
		if (withData) {
			this.first.restart();
		}
		else {
			this.first.restartWithoutData();
		}
	}

	@Override
	public void replaceSecond() {
		this.second.close();
		this.second = this.first.another();
	}

	@Override
	public void loseAnswers() {
		this.second.loseAnswers();
	}

	@Override
	public void close() {
		this.first.close();
		this.second.close();
	}

}

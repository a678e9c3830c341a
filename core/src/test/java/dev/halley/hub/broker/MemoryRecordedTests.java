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
import java.util.List;

import org.junit.jupiter.api.Timeout;

import dev.halley.RecordedContract;

/**
 * Recorded sources over nodes and a server in memory.
 */
@Timeout(300)
class MemoryRecordedTests extends RecordedContract {

	static List<Long> seeds() {
		return seeds(8);
	}

	@Override
	protected BreakableNodes open(Duration lease) {
		return new MemoryNodes(lease);
	}

}

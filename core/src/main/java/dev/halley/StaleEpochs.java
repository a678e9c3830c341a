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

package dev.halley;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The epochs of a hub that are over: what still comes of them is dropped. Not
 * thread-safe.
 */
final class StaleEpochs {

	private static final int MOST = 16;

	private final Set<Long> epochs = new LinkedHashSet<>();

	private long foreign;

	boolean contains(long epoch) {
		return this.epochs.contains(epoch);
	}

	/** A message of an epoch came that may be a new one, or one that was never seen. */
	void meet(long epoch) {
		this.foreign = epoch;
	}

	/** The hub was asked since for its epoch. */
	void settle(long epoch) {
		if (this.foreign != 0 && this.foreign != epoch) {
			add(this.foreign);
		}
		this.foreign = 0;
	}

	/** The hub has another epoch than before. */
	void change(long before, long now) {
		add(before);
		this.epochs.remove(now);
	}

	private void add(long epoch) {
		if (this.epochs.size() == MOST) {
			this.epochs.remove(this.epochs.iterator().next());
		}
		this.epochs.add(epoch);
	}

	void clear() {
		this.epochs.clear();
		this.foreign = 0;
	}

}

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

import java.util.HashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Which runs of a recorded source somebody here wants to stop. Belongs to the lane of the
 * record.
 */
final class RecordStops {

	private boolean whichever;

	/** The numbers of those that are meant alone. */
	private final Set<Long> only = new HashSet<>();

	/** Stops a run, or the one there is if {@code null}. */
	void add(@Nullable RecordLog<?> only) {
		if (only != null) {
			this.only.add(only.epoch());
		}
		else {
			this.whichever = true;
		}
	}

	boolean isEmpty() {
		return !this.whichever && this.only.isEmpty();
	}

	boolean isWanted(RecordLog<?> log) {
		return this.whichever || this.only.contains(log.epoch());
	}

	void clear() {
		this.whichever = false;
		this.only.clear();
	}

}

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

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers that tell the lives of hubs apart: each differs from all others of this
 * process, and from those of another with near certainty.
 */
final class Epochs {

	private static final AtomicLong LAST = new AtomicLong(UUID.randomUUID().getLeastSignificantBits());

	/** Odd, so that the steps come back to where they began after all others only. */
	private static final long STEP = 0x9E3779B97F4A7C15L;

	private Epochs() {
	}

	static long next() {
		return LAST.addAndGet(STEP);
	}

}

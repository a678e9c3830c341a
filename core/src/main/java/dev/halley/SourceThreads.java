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

import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Threads for sources that may block, and for what publishers leave where nothing else is
 * said. Reactor's own are few, and those who block would keep them from all others. Made
 * when the first is needed.
 */
final class SourceThreads {

	private static final int MOST_THREADS = 4096;

	private static final int SECONDS_TO_KEEP_THREADS = 10;

	static final Scheduler SCHEDULER = Schedulers.newBoundedElastic(MOST_THREADS, Integer.MAX_VALUE, "halley-generate",
			SECONDS_TO_KEEP_THREADS, true);

	private SourceThreads() {
	}

}

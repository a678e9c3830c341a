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

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Threads for sources that may block, and for what publishers leave where nothing else is
 * said: each has one of its own, up to a number that only they can reach. Reactor's own
 * scheduler has few, which those who block would keep from all others.
 */
final class SourceThreads {

	private static final int MOST = 4096;

	private static final int SECONDS_TO_KEEP = 10;

	static final Scheduler SCHEDULER = create();

	private SourceThreads() {
	}

	/** Not of Reactor's present factory: a test may have made time virtual. */
	private static Scheduler create() {
		CustomizableThreadFactory threads = new CustomizableThreadFactory("halley-source-");
		threads.setDaemon(true);
		Scheduler scheduler = new Schedulers.Factory() {
		}.newBoundedElastic(MOST, Integer.MAX_VALUE, threads, SECONDS_TO_KEEP);
		scheduler.init();
		return scheduler;
	}

}

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

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * One thread for all that hubs with a broker do later, which waits for nothing: what is
 * to be done takes a thread of its own when its time has come.
 */
final class BrokerTimer {

	private static final ScheduledThreadPoolExecutor TIMER = new ScheduledThreadPoolExecutor(1, (task) -> {
		Thread thread = new Thread(task, "halley-hub-timer");
		thread.setDaemon(true);
		return thread;
	});

	private BrokerTimer() {
	}

	static void schedule(Runnable task, long millis) {
		TIMER.schedule(task, millis, TimeUnit.MILLISECONDS);
	}

}

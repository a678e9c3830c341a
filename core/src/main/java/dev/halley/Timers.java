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
import reactor.util.context.ContextView;

/**
 * Whose time an out has.
 */
final class Timers {

	private Timers() {
	}

	/**
	 * Returns the timer of the connection that a pipeline runs for.
	 * @param context the Reactor context of its subscriber
	 * @return the {@link Scheduler} that is there under its class, so that a test may
	 * have a time of its own; else the one that all outs share
	 */
	static Scheduler of(ContextView context) {
		return context.<Scheduler>getOrEmpty(Scheduler.class).orElseGet(Schedulers::parallel);
	}

}

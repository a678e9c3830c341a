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

package dev.halley.websocket.engine;

import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/**
 * One takeover of a loop, from when its thread is found blocked until that thread comes
 * back: is counted, and recorded where there is a JDK Flight Recorder that wants it.
 */
final class Takeover {

	/** Runtime images may be without it. */
	private static final boolean RECORDABLE = ClassUtils.isPresent("jdk.jfr.Event", Takeover.class.getClassLoader());

	private final AtomicLong count;

	private final @Nullable LoopTakeoverEvent event;

	/**
	 * Begins one, which comes to nothing if the turn ends before another thread is there.
	 * @param loop the number of the loop
	 * @param count where those are counted that come to something
	 */
	Takeover(int loop, AtomicLong count) {
		this.count = count;
		this.event = RECORDABLE ? LoopTakeoverEvent.started(loop) : null;
	}

	/** Another thread has the loop. Called by that one. */
	void done(LoopSocket blocked) {
		this.count.incrementAndGet();
		blocked.policy().slow();
	}

	/** The thread that was blocked is back. Called by that one. */
	void over(LoopSocket blocked) {
		if (this.event != null) {
			this.event.ended(blocked.policy().endpoint());
		}
	}

}

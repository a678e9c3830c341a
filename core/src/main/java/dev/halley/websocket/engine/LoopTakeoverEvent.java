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

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/**
 * Tells JDK Flight Recorder of a takeover. It lasts from when the loop's thread is found
 * blocked, within 2 ms where handlers wait, until that thread comes back, and is written
 * by that thread then: what else is recorded of the thread meanwhile shows what it waits
 * for. There is none before the handler returns.
 */
@Name("dev.halley.LoopTakeover")
@Label("Event Loop Takeover")
@Category({ "Halley", "WebSocket" })
@Description("A handler blocked its event loop, which another thread took over")
@StackTrace(false)
final class LoopTakeoverEvent extends Event {

	@Label("Loop")
	@Description("Number of the event loop, from 1")
	int loop;

	@Label("Endpoint")
	@Description("Method or handler class that blocked")
	@Nullable String endpoint;

	/**
	 * Begins one if it is recorded.
	 * @param loop the number of the loop
	 * @return the event, or {@code null}
	 */
	static @Nullable LoopTakeoverEvent started(int loop) {
		LoopTakeoverEvent event = new LoopTakeoverEvent();
		if (!event.isEnabled()) {
			return null;
		}
		event.loop = loop;
		event.begin();
		return event;
	}

	void ended(String endpoint) {
		this.endpoint = endpoint;
		commit();
	}

}

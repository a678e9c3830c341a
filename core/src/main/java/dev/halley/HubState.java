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

import java.lang.reflect.Type;

import org.jspecify.annotations.Nullable;

/**
 * How a hub is in this process, for operators.
 *
 * @param name its name
 * @param type the type of its messages
 * @param subscribers how many are subscribed here
 * @param history how much it keeps, or {@code null} if it keeps nothing
 * @param kept how many messages of its history are here; of a hub that is carried by a
 * broker, there may be more
 * @param members how many are present as far as this process knows. To ask for them here
 * does not make it listen to other nodes
 * @since 0.1
 */
public record HubState(String name, Type type, int subscribers, @Nullable History history, int kept, int members) {

	static HubState of(InMemoryHub<?> hub) {
		History limits;
		int kept;
		synchronized (hub.order) {
			HubHistory history = hub.history();
			limits = (history != null) ? history.limits() : null;
			kept = (history != null) ? (int) (history.next() - history.first()) : 0;
		}
		return new HubState(hub.name(), hub.type(), hub.subscribers(), limits, kept, hub.present());
	}

}

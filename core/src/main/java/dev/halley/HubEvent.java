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

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

import org.springframework.util.Assert;

/**
 * What a subscriber of {@link Hub#events} or {@link Hub#presence} is told: of the first a
 * {@link Message} or {@link Reset}, of the second who is {@linkplain OfPresence present}.
 * Others than these may come, so leave out those that you do not know.
 *
 * @param <T> the type of the messages
 * @since 0.1
 */
public sealed interface HubEvent<T> {

	/**
	 * Returns where in its order this is. Messages have the order of the hub: whoever
	 * comes back with the position gets what comes after. What tells of presence has one
	 * of its own, in which nobody can come back: {@link Hub#presence} always begins with
	 * who is there.
	 * @return the position
	 */
	Position position();

	/**
	 * A message.
	 *
	 * @param position its place in the order of the hub
	 * @param payload what was published
	 * @param <T> the type of the messages
	 * @since 0.1
	 */
	record Message<T>(Position position, T payload) implements HubEvent<T> {

		public Message {
			Assert.notNull(position, "'position' must not be null");
			Assert.notNull(payload, "'payload' must not be null");
		}

	}

	/**
	 * The history has not all that came after the position which the subscriber gave, or
	 * does not know that position: what the subscriber holds may be out of date. The
	 * first event, if there is one; of a hub with a broker it may come later too, where
	 * that has lost what it carried. What comes after it has no gaps.
	 *
	 * @param position the one after which the subscriber goes on
	 * @param <T> the type of the messages
	 * @since 0.1
	 */
	record Reset<T>(Position position) implements HubEvent<T> {

		public Reset {
			Assert.notNull(position, "'position' must not be null");
		}

	}

	/**
	 * Tells who is present. A reader that begins with the {@link Presence} and applies
	 * what follows, in order, holds what {@link Hub#members()} returns at that moment.
	 *
	 * @param <T> the type of the messages
	 */
	sealed interface OfPresence<T> extends HubEvent<T> {

	}

	/**
	 * All who are present: the first event of all, and later one that replaces very many
	 * changes or those for which a reader was too slow. Who is not among them has left.
	 *
	 * @param position up to which changes are contained
	 * @param members the members and their data, in the order in which they came
	 * @param <T> the type of the messages
	 * @since 0.1
	 */
	record Presence<T>(Position position, Map<String, Object> members) implements OfPresence<T> {

		public Presence {
			Assert.notNull(position, "'position' must not be null");
			members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
		}

	}

	/**
	 * Some are present who were not.
	 *
	 * @param position of the change
	 * @param members who came, and their data
	 * @param <T> the type of the messages
	 * @since 0.1
	 */
	record Joined<T>(Position position, Map<String, Object> members) implements OfPresence<T> {

		public Joined {
			Assert.notNull(position, "'position' must not be null");
			members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
		}

	}

	/**
	 * Some who are present have other data.
	 *
	 * @param position of the change
	 * @param members whose data has changed, and their new data
	 * @param <T> the type of the messages
	 * @since 0.1
	 */
	record Changed<T>(Position position, Map<String, Object> members) implements OfPresence<T> {

		public Changed {
			Assert.notNull(position, "'position' must not be null");
			members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
		}

	}

	/**
	 * Some are not present any more.
	 *
	 * @param position of the change
	 * @param members who left
	 * @param <T> the type of the messages
	 * @since 0.1
	 */
	record Left<T>(Position position, Set<String> members) implements OfPresence<T> {

		public Left {
			Assert.notNull(position, "'position' must not be null");
			members = Collections.unmodifiableSet(new LinkedHashSet<>(members));
		}

	}

}

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

import org.springframework.util.Assert;

/**
 * What a subscriber of {@link Hub#events} is told. Others than these may come, so leave
 * out those that you do not know.
 *
 * @param <T> the type of the messages
 * @since 0.1
 */
public sealed interface HubEvent<T> {

	/**
	 * Returns where in the order of the hub this is: whoever comes back with it gets what
	 * comes after.
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

}

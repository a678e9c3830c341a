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

package dev.halley.hub.broker;

import dev.halley.Hubs;

/**
 * Two processes that share their hubs, as far as a test can tell.
 */
public interface Nodes extends AutoCloseable {

	/** The hubs of the first one. */
	Hubs first();

	/** The hubs of the second one. */
	Hubs second();

	/** Cuts the second one off. Returns when that has been noticed. */
	default void cut() {
		throw new UnsupportedOperationException();
	}

	/** Lets the second one come back. Does not wait for it. */
	default void heal() {
		throw new UnsupportedOperationException();
	}

	/** The server between them goes and comes back. Does not wait for the nodes. */
	default void restart(boolean withData) {
		throw new UnsupportedOperationException();
	}

	/** The second one dies, and another one takes its place. */
	default void replaceSecond() {
		throw new UnsupportedOperationException();
	}

	/** What is published next by the second one is done, but it gets no answer. */
	default void loseAnswers() {
		throw new UnsupportedOperationException();
	}

	@Override
	void close();

}

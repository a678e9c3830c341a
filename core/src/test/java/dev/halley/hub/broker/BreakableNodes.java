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

/**
 * Two processes that share their hubs through a server, with all that may happen to them
 * and to it.
 */
public interface BreakableNodes extends Nodes {

	/** Cuts the second one off. Returns when that has been noticed. */
	void cut();

	/** Lets the second one come back. Does not wait for it. */
	void heal();

	/** The server between them goes and comes back. Does not wait for the nodes. */
	void restart(boolean withData);

	/** The second one dies, and another one takes its place. */
	void replaceSecond();

	/** What is published next by the second one is done, but it gets no answer. */
	void loseAnswers();

}

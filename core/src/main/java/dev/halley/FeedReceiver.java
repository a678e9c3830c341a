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

import java.util.List;

import dev.halley.hub.broker.BrokerMessage;
import dev.halley.hub.broker.Retention;

/**
 * What a {@link BrokerFeed} feeds. Called in its lane.
 */
interface FeedReceiver {

	/** The name at the broker. */
	String name();

	/** How much of what was published is kept there. */
	Retention retention();

	/** Whether nothing is wanted any more. */
	boolean isClosed();

	/** Whether nothing is wanted for now. */
	boolean isDeserted();

	/** Whether the history is wanted. */
	boolean needsHistory();

	/** Nothing is known any more. */
	void forget();

	/** Lets nobody begin in the history, or lets them again. */
	void suspend(boolean suspended);

	/** Goes on after an offset, with what came before in the history. */
	void restart(long epoch, long offset, List<BrokerMessage> earlier);

	/** What came before, after all. */
	void complete(List<BrokerMessage> earlier);

	/** The next message. */
	void deliver(BrokerMessage message);

	/**
	 * The subscription is in place, or cannot be for now.
	 * @param complete whether the history is here
	 */
	void settled(boolean complete);

}

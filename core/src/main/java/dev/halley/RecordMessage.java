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

import dev.halley.hub.broker.BrokerPayload;

/**
 * What nodes tell each other about a recorded source, over the broker, in one order for
 * all. All that they know of it follows from these.
 *
 * @see RecordCodec
 */
sealed interface RecordMessage {

	/**
	 * The node wants to read the source, which it has found to be recorded nowhere. The
	 * first one begins the record, and its node has the source; others change nothing.
	 *
	 * @param node the node
	 * @param id the number of the record, which no other has
	 * @param after the offset of the last message that the node had seen
	 * @param recording how the source is kept
	 */
	record Claim(long node, long id, long after, Recording recording) implements RecordMessage {
	}

	/**
	 * The source has emitted something. Another one than the next is no news.
	 *
	 * @param id the number of the record
	 * @param index how many came before
	 * @param payload what it has emitted
	 */
	record Item(long id, int index, BrokerPayload payload) implements RecordMessage {
	}

	/**
	 * Nothing more comes.
	 *
	 * @param id the number of the record
	 * @param kind how it ended
	 * @param detail the class of the exception with which it has failed, or empty
	 */
	record End(long id, Kind kind, String detail) implements RecordMessage {
	}

	/**
	 * The node with the source is to cancel it.
	 *
	 * @param id the number of the record
	 */
	record Stop(long id) implements RecordMessage {
	}

	/**
	 * Somebody reads on a node, or nobody does any more, which is told where it matters.
	 *
	 * @param node the node
	 * @param id the number of the record
	 * @param reading whether somebody reads
	 */
	record Reading(long node, long id, boolean reading) implements RecordMessage {
	}

	/**
	 * The record is no more: the next claim begins another one.
	 *
	 * @param id the number of the record
	 */
	record Forgotten(long id) implements RecordMessage {
	}

	/**
	 * How a source ends. In the order in which messages count them.
	 */
	enum Kind {

		/** It has completed, or was stopped. */
		COMPLETE,

		/** It has failed. */
		FAILED,

		/** It has emitted more than is kept. */
		FULL,

		/** The node that had it is lost. */
		LOST

	}

}

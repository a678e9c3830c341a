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

import org.jspecify.annotations.Nullable;

import dev.halley.hub.broker.BrokerPayload;

/**
 * What nodes tell each other about who is present in a hub, over the broker.
 *
 * @see PresenceCodec
 */
sealed interface PresenceMessage {

	/** The node that says so. */
	long node();

	/**
	 * The node is alive.
	 *
	 * @param node the node
	 */
	record Beat(long node) implements PresenceMessage {
	}

	/**
	 * The node wants to know who is present: each other one that listens answers with a
	 * {@link State}.
	 *
	 * @param node the node
	 */
	record Ask(long node) implements PresenceMessage {
	}

	/**
	 * Something has changed on the node.
	 *
	 * @param node the node
	 * @param entries what is so now
	 */
	record Changes(long node, List<Entry> entries) implements PresenceMessage {
	}

	/**
	 * All who are present on the node, or a part of them: those parts follow each other.
	 *
	 * @param node the node
	 * @param number one more than that of the part before, of this or an earlier one
	 * @param first whether this is the first part
	 * @param last whether this is the last part
	 * @param entries those who are present
	 */
	record State(long node, long number, boolean first, boolean last, List<Entry> entries) implements PresenceMessage {
	}

	/**
	 * A member.
	 *
	 * @param kind what is so
	 * @param name the name
	 * @param clock of the {@linkplain MemberData data}
	 * @param setter the node that has set it
	 * @param data the encoded data, {@code null} of one who is gone
	 */
	record Entry(Kind kind, String name, long clock, long setter, @Nullable BrokerPayload data) {

		static Entry gone(String name) {
			return new Entry(Kind.GONE, name, 0, 0, null);
		}

	}

	/**
	 * What is so of a member. In the order in which messages count them.
	 */
	enum Kind {

		/** Not present on the node. */
		GONE,

		/** Present on the node. */
		HERE,

		/** Has data, which is no word about whether it is present on the node. */
		ELSEWHERE

	}

}

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

package dev.halley.redis;

import java.nio.charset.StandardCharsets;

import io.lettuce.core.cluster.SlotHash;
import org.jspecify.annotations.Nullable;

/**
 * The keys of hubs. Those of one hub have a hash tag in common, so that a cluster has
 * them on one node. There are as many tags as parts, each with a slot of its own part of
 * all slots: however a cluster has divided the slots, each node has its share of the
 * hubs.
 */
final class HubKeys {

	static final int PARTS = 128;

	private static final String[] TAGS = tags();

	private final String prefix;

	HubKeys(String prefix) {
		this.prefix = prefix;
	}

	private static String[] tags() {
		String[] tags = new String[PARTS];
		int slots = SlotHash.SLOT_COUNT / PARTS;
		int found = 0;
		for (int i = 0; found < PARTS; i++) {
			String tag = Integer.toString(i, 36);
			int part = SlotHash.getSlot(tag) / slots;
			if (tags[part] == null) {
				tags[part] = tag;
				found++;
			}
		}
		return tags;
	}

	/** The tag of a hub, the same in every process and version. */
	static String tag(String hub) {
		int hash = hub.hashCode();
		hash = (hash ^ (hash >>> 16)) * 0x45d9f3b;
		return TAGS[((hash ^ (hash >>> 16)) & 0x7fffffff) % PARTS];
	}

	/** Meta, stream and keys, in the order in which the scripts take them. */
	byte[][] of(String hub) {
		String start = this.prefix + ":{" + tag(hub) + "}:" + hub;
		return new byte[][] { bytes(start + ":m"), bytes(start + ":s"), bytes(start + ":k") };
	}

	byte[] channel(String hub) {
		return bytes(this.prefix + ":hub:" + hub);
	}

	byte[] nodeChannel(String node) {
		return bytes(this.prefix + ":node:" + node);
	}

	/** The hub of a channel, or {@code null} if it is the one of a node. */
	@Nullable String hub(byte[] channel) {
		String start = this.prefix + ":hub:";
		String name = new String(channel, StandardCharsets.UTF_8);
		return name.startsWith(start) ? name.substring(start.length()) : null;
	}

	static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}

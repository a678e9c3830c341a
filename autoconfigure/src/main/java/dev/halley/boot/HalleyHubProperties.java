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

package dev.halley.boot;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

import dev.halley.History;

/**
 * Configuration of hubs.
 * <p>
 * Values that cannot work, zero and negative ones among them, stop the application at its
 * start.
 *
 * @param broker What brings the messages of hubs to other machines. By default a bean of
 * type HubBroker if there is one, or else nothing: hubs live in the memory of one process
 * then.
 * @param history Which hubs keep what was published, and how much of it. Each entry has
 * the 'name' of a hub, or a pattern such as 'room.*', and at least one of 'count', 'age'
 * and 'size'. Of several that fit a hub, the one with the most characters other than '*'
 * counts.
 * @param presence Who is present.
 * @since 0.1
 */
@ConfigurationProperties("halley.hub")
public record HalleyHubProperties(@Nullable Broker broker, @DefaultValue List<Kept> history,
		@DefaultValue Presence presence) {

	Duration checkedPresenceGrace() {
		return PropertyChecks.timeOrZero("halley.hub.presence.grace", this.presence.grace, "none");
	}

	Map<String, History> checkedHistories() {
		Map<String, History> histories = new LinkedHashMap<>();
		for (int i = 0; i < this.history.size(); i++) {
			String property = "halley.hub.history[" + i + "]";
			Kept kept = this.history.get(i);
			String name = kept.checkedName(property + ".name");
			if (histories.put(name, kept.checked(property)) != null) {
				throw new InvalidConfigurationPropertyValueException(property + ".name", name,
						"Expected: each name or pattern once");
			}
		}
		return histories;
	}

	/**
	 * Who is present in hubs.
	 *
	 * @param grace Time for which a member is present whose last connection was lost. One
	 * that was closed on purpose ends at once, as all do with 0.
	 */
	public record Presence(@DefaultValue("15s") Duration grace) {
	}

	/**
	 * What brings the messages of hubs to other machines.
	 */
	public enum Broker {

		/**
		 * Nothing: hubs live in the memory of one process.
		 */
		MEMORY,

		/**
		 * Redis or Valkey, by the module halley-redis.
		 */
		REDIS

	}

	/**
	 * What the hubs of a name keep.
	 *
	 * @param name Name of a hub, or a pattern in which '*' stands for any characters.
	 * @param count Most messages that are kept. As many as fit if it is not set.
	 * @param age How long a message is kept. A day if it is not set.
	 * @param size Most bytes of messages that are kept, encoded. Any size if it is not
	 * set.
	 */
	public record Kept(@Nullable String name, @Nullable Integer count, @Nullable Duration age,
			@Nullable DataSize size) {

		private String checkedName(String property) {
			if (this.name == null || !StringUtils.hasText(this.name)) {
				throw new InvalidConfigurationPropertyValueException(property, this.name,
						"Expected: the name of a hub, or a pattern such as room.*");
			}
			return this.name;
		}

		private History checked(String property) {
			if (this.count == null && this.age == null && this.size == null) {
				throw new InvalidConfigurationPropertyValueException(property, this,
						"Expected: at least one of count, age and size");
			}
			int count = (this.count != null) ? PropertyChecks.count(property + ".count", this.count)
					: Integer.MAX_VALUE;
			Duration age = (this.age != null) ? PropertyChecks.time(property + ".age", this.age) : History.DEFAULT_AGE;
			long size = (this.size != null) ? PropertyChecks.size(property + ".size", this.size) : Long.MAX_VALUE;
			return new History(count, age, size);
		}

	}

}

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

package dev.halley.connection;

import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * What an application notes of a connection, to find it by: short strings by name, such
 * as the tenant. An argument of this type gives a mapped method those of the connection
 * that it makes; they may be set there, and later from anywhere.
 * <p>
 * Thread-safe. Each change is seen at once. They are shown to operators, so that no
 * secret belongs here.
 *
 * @since 0.1
 */
public final class ConnectionAttributes {

	/**
	 * How many a connection has at most.
	 */
	public static final int MOST = 16;

	/**
	 * How many characters a name or a value has at most.
	 */
	public static final int LONGEST = 256;

	private volatile Map<String, String> values = Map.of();

	/**
	 * Sets an attribute.
	 * @param name its name, of 1 to 256 characters
	 * @param value its value, of at most 256 characters
	 * @return this
	 * @throws IllegalArgumentException if one is too long
	 * @throws IllegalStateException if there are 16 others
	 */
	public ConnectionAttributes set(String name, String value) {
		Assert.hasLength(name, "'name' must not be empty");
		Assert.notNull(value, "'value' must not be null");
		checkLength("name of an attribute", name);
		checkLength("attribute '" + name + "'", value);
		synchronized (this) {
			Map<String, String> changed = new TreeMap<>(this.values);
			changed.put(name, value);
			Assert.state(changed.size() <= MOST,
					() -> "attributes: " + changed.size() + " (expected: <= " + MOST + ")");
			this.values = Map.copyOf(changed);
		}
		return this;
	}

	private static void checkLength(String what, String text) {
		Assert.isTrue(text.length() <= LONGEST,
				() -> what + ": " + text.length() + " characters (expected: <= " + LONGEST + ")");
	}

	/**
	 * Removes an attribute, if it is set.
	 * @param name its name
	 * @return this
	 */
	public synchronized ConnectionAttributes remove(String name) {
		Map<String, String> changed = new TreeMap<>(this.values);
		changed.remove(name);
		this.values = Map.copyOf(changed);
		return this;
	}

	/**
	 * Returns an attribute.
	 * @param name its name
	 * @return its value, or {@code null} if it is not set
	 */
	public @Nullable String get(String name) {
		return this.values.get(name);
	}

	/**
	 * Returns all attributes.
	 * @return a snapshot
	 */
	public Map<String, String> all() {
		return this.values;
	}

	@Override
	public String toString() {
		return new TreeMap<>(this.values).toString();
	}

}

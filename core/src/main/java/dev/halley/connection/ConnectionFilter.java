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

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * Which connections are meant: those of which all holds that is said.
 *
 * @param user the name of their authenticated user, or {@code null} for any and for none
 * @param endpoint the path template of their mapping, such as {@code /rooms/{room}}, or
 * {@code null} for any
 * @param transport their wire, {@code websocket}, {@code comet} or {@code sse}, or
 * {@code null} for any
 * @param attributes the {@linkplain ConnectionAttributes attributes} that they have, with
 * other ones or without
 * @since 0.1
 */
public record ConnectionFilter(@Nullable String user, @Nullable String endpoint, @Nullable String transport,
		Map<String, String> attributes) {

	/**
	 * All connections.
	 */
	public static final ConnectionFilter ALL = new ConnectionFilter(null, null, null, Map.of());

	private static final String USER = "user";

	private static final String ENDPOINT = "endpoint";

	private static final String TRANSPORT = "transport";

	private static final String ATTRIBUTE = "attribute.";

	public ConnectionFilter {
		attributes = Map.copyOf(attributes);
	}

	/**
	 * Returns the filter of the connections of one user.
	 * @param user the name of the user, as the principal tells it
	 * @return a filter
	 */
	public static ConnectionFilter ofUser(String user) {
		Assert.notNull(user, "'user' must not be null");
		return new ConnectionFilter(user, null, null, Map.of());
	}

	/**
	 * Returns this filter for the connections of one endpoint.
	 * @param endpoint the path template of its mapping, such as {@code /rooms/{room}}
	 * @return a filter
	 */
	public ConnectionFilter endpoint(String endpoint) {
		Assert.notNull(endpoint, "'endpoint' must not be null");
		return new ConnectionFilter(this.user, endpoint, this.transport, this.attributes);
	}

	/**
	 * Returns this filter for the connections of one kind of wire.
	 * @param transport the wire: {@code websocket}, {@code comet} or {@code sse}
	 * @return a filter
	 */
	public ConnectionFilter transport(String transport) {
		Assert.notNull(transport, "'transport' must not be null");
		return new ConnectionFilter(this.user, this.endpoint, transport, this.attributes);
	}

	/**
	 * Returns this filter for the connections with an attribute.
	 * @param name the name of the attribute
	 * @param value the value that it has
	 * @return a filter
	 */
	public ConnectionFilter attribute(String name, String value) {
		Assert.notNull(name, "'name' must not be null");
		Assert.notNull(value, "'value' must not be null");
		Map<String, String> attributes = new HashMap<>(this.attributes);
		attributes.put(name, value);
		return new ConnectionFilter(this.user, this.endpoint, this.transport, attributes);
	}

	/** Whether all holds but what is said of the user. */
	boolean matches(ConnectionInfo info) {
		return (this.endpoint == null || this.endpoint.equals(info.endpoint()))
				&& (this.transport == null || this.transport.equals(info.transport())) && (this.attributes.isEmpty()
						|| info.attributes().all().entrySet().containsAll(this.attributes.entrySet()));
	}

	/** As one node tells it another. */
	Map<String, String> toMap() {
		Map<String, String> map = new HashMap<>();
		put(map, USER, this.user);
		put(map, ENDPOINT, this.endpoint);
		put(map, TRANSPORT, this.transport);
		this.attributes.forEach((name, value) -> map.put(ATTRIBUTE + name, value));
		return map;
	}

	private static void put(Map<String, String> map, String name, @Nullable String value) {
		if (value != null) {
			map.put(name, value);
		}
	}

	/**
	 * Returns what another node has told. What this version does not know would select
	 * fewer connections, so that it must not be left out.
	 * @throws IllegalArgumentException if there is something that it does not know
	 */
	static ConnectionFilter of(Map<String, String> map) {
		Map<String, String> attributes = new HashMap<>();
		map.forEach((name, value) -> {
			if (name.startsWith(ATTRIBUTE)) {
				attributes.put(name.substring(ATTRIBUTE.length()), value);
			}
			else {
				Assert.isTrue(name.equals(USER) || name.equals(ENDPOINT) || name.equals(TRANSPORT),
						() -> "selection of connections by '" + name + "' (expected: one that this version knows)");
			}
		});
		return new ConnectionFilter(map.get(USER), map.get(ENDPOINT), map.get(TRANSPORT), attributes);
	}

}

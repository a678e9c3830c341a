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
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SanitizableData;

import dev.halley.History;
import dev.halley.HubState;
import dev.halley.Hubs;
import dev.halley.connection.ConnectionFilter;
import dev.halley.connection.ConnectionInfo;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.ConnectionSettings;
import dev.halley.connection.ConnectionTraffic;
import dev.halley.connection.Connections;
import dev.halley.connection.LiveConnection;
import dev.halley.web.EndpointDescription;

/**
 * What operators see. What says who somebody is can be left out.
 */
final class OperatorViews {

	private static final Comparator<LiveConnection> OLDEST_FIRST = Comparator
		.<LiveConnection, Instant>comparing((live) -> live.info().opened())
		.thenComparing((live) -> live.info().id());

	private final ConnectionRegistry registry;

	private final Connections connections;

	private final Hubs hubs;

	private final Supplier<List<EndpointDescription>> endpoints;

	OperatorViews(ConnectionRegistry registry, Connections connections, Hubs hubs,
			Supplier<List<EndpointDescription>> endpoints) {
		this.registry = registry;
		this.connections = connections;
		this.hubs = hubs;
		this.endpoints = endpoints;
	}

	Overview overview() {
		Map<String, Integer> transports = new TreeMap<>();
		this.connections.find(ConnectionFilter.ALL)
			.forEach((live) -> transports.merge(live.info().transport(), 1, Integer::sum));
		return new Overview(this.registry.isAccepting(), this.registry.size(), transports, this.endpoints.get().size(),
				this.hubs.names().size());
	}

	/** How many endpoints there are of each kind. */
	Map<String, Integer> endpointsByTransport() {
		Map<String, Integer> transports = new TreeMap<>();
		this.endpoints.get().forEach((endpoint) -> transports.merge(endpoint.transport(), 1, Integer::sum));
		return transports;
	}

	Page<EndpointView> endpoints(Part part) {
		return part.of(this.endpoints.get()
			.stream()
			.sorted(Comparator.comparing(EndpointDescription::path).thenComparing(EndpointDescription::transport))
			.toList(), EndpointView::of);
	}

	Page<ConnectionView> connections(ConnectionFilter filter, Part part, boolean shown) {
		Instant now = Instant.now();
		return part.of(this.connections.find(filter).stream().sorted(OLDEST_FIRST).toList(),
				(live) -> ConnectionView.of(live, now, shown));
	}

	@Nullable ConnectionView connection(String id, boolean shown) {
		return this.connections.find(id).map((live) -> ConnectionView.of(live, Instant.now(), shown)).orElse(null);
	}

	/** One may be gone by the time that it is looked at. */
	Page<HubView> hubs(Part part) {
		Page<String> names = part.of(this.hubs.names().stream().sorted().toList(), (name) -> name);
		return new Page<>(names.total(), names.page(), names.size(),
				names.content().stream().flatMap((name) -> this.hubs.state(name).stream()).map(HubView::of).toList());
	}

	@Nullable HubView hub(String name) {
		return this.hubs.state(name).map(HubView::of).orElse(null);
	}

	/**
	 * A part of many.
	 *
	 * @param page its number, from 0 on
	 * @param size how many are in it at most
	 */
	record Part(int page, int size) {

		<S, T> Page<T> of(List<S> all, Function<S, T> view) {
			List<T> content = all.stream().skip((long) this.page * this.size).limit(this.size).map(view).toList();
			return new Page<>(all.size(), this.page, this.size, content);
		}

	}

	/**
	 * A part of many, with how many there are.
	 *
	 * @param total how many there are
	 * @param page the number of the part, from 0 on
	 * @param size how many are in a part at most
	 * @param content those of this part
	 * @param <T> what they are
	 */
	record Page<T>(int total, int page, int size, List<T> content) {
	}

	/**
	 * All at a glance.
	 *
	 * @param accepting whether new connections are accepted
	 * @param connections how many there are, those that close included
	 * @param transports how many are open over each wire
	 * @param endpoints how many paths are mapped
	 * @param hubs how many hubs are in use here
	 */
	record Overview(boolean accepting, int connections, Map<String, Integer> transports, int endpoints, int hubs) {
	}

	/**
	 * A mapped path.
	 */
	record EndpointView(String path, String transport, String handler, String in, String out, List<String> subprotocols,
			List<String> allowedOrigins, Limits limits) {

		static EndpointView of(EndpointDescription endpoint) {
			return new EndpointView(endpoint.path(), endpoint.transport(), endpoint.handler(), endpoint.in(),
					endpoint.out(), endpoint.subprotocols(), endpoint.allowedOrigins(), Limits.of(endpoint));
		}

	}

	/**
	 * What bounds each connection of an endpoint.
	 */
	record Limits(int maxMessageSize, int sendBufferMessages, long sendBufferBytes, String overflow,
			Duration idleTimeout, Duration pingInterval, Duration pongTimeout, Duration closeTimeout,
			Duration sendTimeout, int messagesPerSecond, int bytesPerSecond) {

		static Limits of(EndpointDescription endpoint) {
			ConnectionSettings settings = endpoint.settings();
			return new Limits(settings.maxMessageSize(), settings.sendBufferMessages(), settings.sendBufferBytes(),
					settings.overflow().name(), settings.idleTimeout(), settings.pingInterval(), settings.pongTimeout(),
					settings.closeTimeout(), settings.sendTimeout(), settings.receiveLimit().messagesPerSecond(),
					settings.receiveLimit().bytesPerSecond());
		}

	}

	/**
	 * A connection.
	 */
	record ConnectionView(String id, @Nullable String user, String endpoint, String transport, String handler,
			@Nullable String address, @Nullable String subprotocol, Instant opened, Duration age,
			Map<String, String> attributes, @Nullable TrafficView traffic) {

		static ConnectionView of(LiveConnection live, Instant now, boolean shown) {
			ConnectionInfo info = live.info();
			Map<String, String> attributes = new TreeMap<>(info.attributes().all());
			attributes.replaceAll((name, value) -> String.valueOf(sanitize(value, shown)));
			ConnectionTraffic traffic = live.traffic();
			return new ConnectionView(info.id(), sanitize(info.userName(), shown), info.endpoint(), info.transport(),
					info.handler(), sanitize(info.remoteAddress(), shown), info.subprotocol(), info.opened(),
					Duration.between(info.opened(), now).truncatedTo(ChronoUnit.MILLIS), attributes,
					(traffic != null) ? TrafficView.of(traffic) : null);
		}

		private static @Nullable String sanitize(@Nullable String value, boolean shown) {
			return (value == null || shown) ? value : SanitizableData.SANITIZED_VALUE;
		}

	}

	/**
	 * What has gone over a connection, and what waits.
	 */
	record TrafficView(long messagesReceived, long bytesReceived, long messagesSent, long bytesSent,
			long messagesDropped, int queuedMessages, long queuedBytes, Instant lastActivity,
			@Nullable Duration pingRoundTrip) {

		static TrafficView of(ConnectionTraffic traffic) {
			return new TrafficView(traffic.messagesReceived(), traffic.bytesReceived(), traffic.messagesSent(),
					traffic.bytesSent(), traffic.messagesDropped(), traffic.queuedMessages(), traffic.queuedBytes(),
					traffic.lastActivity(), traffic.pingRoundTrip());
		}

	}

	/**
	 * A hub of this process.
	 */
	record HubView(String name, String type, int subscribers, int members, @Nullable HistoryView history) {

		static HubView of(HubState hub) {
			History limits = hub.history();
			return new HubView(hub.name(), hub.type().getTypeName(), hub.subscribers(), hub.members(),
					(limits != null) ? HistoryView.of(limits, hub.kept()) : null);
		}

	}

	/**
	 * What a hub keeps.
	 *
	 * @param kept how many messages are here
	 * @param count how many are kept at most, or {@code null} for any number
	 * @param age for how long each is kept at most
	 * @param bytes how many bytes are kept at most, or {@code null} for any number
	 */
	record HistoryView(int kept, @Nullable Integer count, Duration age, @Nullable Long bytes) {

		static HistoryView of(History limits, int kept) {
			return new HistoryView(kept, (limits.messages() != Integer.MAX_VALUE) ? limits.messages() : null,
					limits.age(), (limits.bytes() != Long.MAX_VALUE) ? limits.bytes() : null);
		}

	}

	/**
	 * That the application accepts no more connections, and closes those that it has.
	 *
	 * @param begun whether that has begun now, and not before
	 * @param connections how many there are still
	 */
	record Drained(boolean begun, int connections) {
	}

	/**
	 * What was closed.
	 *
	 * @param closed how many connections of this node
	 * @param problem why other nodes may not have been told, or {@code null}
	 */
	record Closed(int closed, @Nullable String problem) {
	}

}

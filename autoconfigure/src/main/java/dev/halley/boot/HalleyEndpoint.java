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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.web.socket.CloseStatus;

import dev.halley.CloseStatuses;
import dev.halley.connection.ConnectionFilter;
import dev.halley.connection.Connections;

/**
 * What operators see of live connections, and how they end some. Over HTTP
 * {@code /actuator/halley}, with {@code /connections}, {@code /endpoints} and
 * {@code /hubs} below; over JMX the same operations.
 */
@Endpoint(id = "halley")
final class HalleyEndpoint {

	private static final String CONNECTIONS = "connections";

	private static final int DEFAULT_SIZE = 50;

	private static final int LARGEST_SIZE = 1000;

	private static final Duration LONGEST_DRAIN = Duration.ofDays(1);

	/** The answer of a broker comes soon, or not at all. */
	private static final long PATIENCE_SECONDS = 5;

	private final OperatorViews views;

	private final Connections connections;

	private final ConnectionLifecycle lifecycle;

	private final Show show;

	HalleyEndpoint(OperatorViews views, Connections connections, ConnectionLifecycle lifecycle, Show show) {
		this.lifecycle = lifecycle;
		this.views = views;
		this.connections = connections;
		this.show = show;
	}

	@ReadOperation
	OperatorViews.Overview overview() {
		return this.views.overview();
	}

	@ReadOperation
	@Nullable Object list(@Selector String what, @Nullable String user, @Nullable String endpoint, @Nullable String transport,
			@Nullable Integer page, @Nullable Integer size) {
		return list(what, new ConnectionFilter(user, endpoint, transport, Map.of()), page, size, isShownToAll());
	}

	@Nullable Object list(String what, ConnectionFilter filter, @Nullable Integer page, @Nullable Integer size, boolean shown) {
		OperatorViews.Part part = part(page, size);
		return switch (what) {
			case CONNECTIONS -> this.views.connections(filter, part, shown);
			case "endpoints" -> this.views.endpoints(part);
			case "hubs" -> this.views.hubs(part);
			default -> null;
		};
	}

	private static OperatorViews.Part part(@Nullable Integer page, @Nullable Integer size) {
		int number = (page != null) ? page : 0;
		int most = (size != null) ? size : DEFAULT_SIZE;
		if (number < 0 || most < 1 || most > LARGEST_SIZE) {
			throw invalid("page: " + number + ", size: " + most + " (expected: >= 0, and 1 to " + LARGEST_SIZE + ")");
		}
		return new OperatorViews.Part(number, most);
	}

	@ReadOperation
	@Nullable Object one(@Selector String what, @Selector String id) {
		return one(what, id, isShownToAll());
	}

	@Nullable Object one(String what, String id, boolean shown) {
		return switch (what) {
			case CONNECTIONS -> this.views.connection(id, shown);
			case "hubs" -> this.views.hub(id);
			default -> null;
		};
	}

	@DeleteOperation
	OperatorViews.Closed close(@Selector String what, @Selector String id, @Nullable Integer code,
			@Nullable String reason) {
		checkConnections(what);
		CloseStatus status = status(code, reason);
		int closed = this.connections.find(id).map((live) -> {
			live.close(status);
			return 1;
		}).orElse(0);
		return new OperatorViews.Closed(closed, null);
	}

	@DeleteOperation
	OperatorViews.Closed closeUser(@Selector String what, String user, @Nullable Integer code,
			@Nullable String reason) {
		checkConnections(what);
		Connections.Closed closed = this.connections.close(user, status(code, reason));
		return new OperatorViews.Closed(closed.closed(), problem(closed));
	}

	/** Nothing undoes it: a node that is drained is to be stopped. */
	@WriteOperation
	OperatorViews.Drained drain(@Selector String what, @Nullable Duration over) {
		if (!what.equals("drain")) {
			throw invalid("to be started: drain only");
		}
		if (over != null && (over.isNegative() || over.compareTo(LONGEST_DRAIN) > 0)) {
			throw invalid("over: " + over + " (expected: >= 0, and a day at most)");
		}
		return new OperatorViews.Drained(this.lifecycle.drain(over), this.views.overview().connections());
	}

	private static void checkConnections(String what) {
		if (!what.equals(CONNECTIONS)) {
			throw invalid("to be closed: " + CONNECTIONS + " only");
		}
	}

	/** What an operator ends is not to come back by itself. */
	private static CloseStatus status(@Nullable Integer code, @Nullable String reason) {
		int known = (code != null) ? code : CloseStatus.POLICY_VIOLATION.getCode();
		try {
			return CloseStatuses.sendable(new CloseStatus(known, reason));
		}
		catch (IllegalArgumentException ex) {
			throw invalid("code: " + known + " (expected: one that may be sent, such as 1000, 1008, 1012 or 4000)");
		}
	}

	private static InvalidEndpointRequestException invalid(String reason) {
		return new InvalidEndpointRequestException(reason, reason);
	}

	/** Why other nodes were not told, {@code null} if they were or there are none. */
	private static @Nullable String problem(Connections.Closed closed) {
		try {
			closed.elsewhere().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
			return null;
		}
		catch (ExecutionException ex) {
			return String.valueOf((ex.getCause() != null) ? ex.getCause().getMessage() : ex.getMessage());
		}
		catch (TimeoutException ex) {
			return "The broker has not answered";
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return "Interrupted";
		}
	}

	private boolean isShownToAll() {
		return this.show.isShown(SecurityContext.NONE, Set.of());
	}

}

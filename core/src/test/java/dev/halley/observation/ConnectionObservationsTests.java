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

package dev.halley.observation;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.micrometer.observation.NullObservation;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.ObservationView;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.halley.CallContext;
import dev.halley.connection.ConnectionInfo;
import dev.halley.connection.ConnectionObserver.Outcome;
import dev.halley.connection.ConnectionObserver.Wire;
import dev.halley.connection.ConnectionTracer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link ConnectionObservations} without a connection.
 */
class ConnectionObservationsTests {

	private static final ConnectionInfo INFO = new ConnectionInfo("1", "websocket", "/a", "A.a", URI.create("/a"), null,
			null, null, Instant.EPOCH);

	private final ObservationRegistry registry = ObservationRegistry.create();

	private final List<String> events = new ArrayList<>();

	private final List<Observation.Context> stopped = new ArrayList<>();

	ConnectionObservationsTests() {
		this.registry.observationConfig().observationHandler(new ObservationHandler<Observation.Context>() {

			@Override
			public void onStart(Observation.Context context) {
				ConnectionObservationsTests.this.events.add("start " + context.getName());
			}

			@Override
			public void onScopeClosed(Observation.Context context) {
				ConnectionObservationsTests.this.events.add("left " + context.getName());
			}

			@Override
			public void onStop(Observation.Context context) {
				ConnectionObservationsTests.this.events.add("stop " + context.getName());
				ConnectionObservationsTests.this.stopped.add(context);
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return context instanceof HandshakeObservationContext || context instanceof MessageObservationContext;
			}

		});
	}

	private static ConnectionTracer.MessageTracer messages(ConnectionObservations observations) {
		ConnectionTracer.MessageTracer messages = observations.messages(INFO);
		assertThat(messages).isNotNull();
		return messages;
	}

	private static @Nullable String parentOf(Observation.Context context) {
		ObservationView parent = context.getParentObservation();
		return (parent != null) ? parent.getContextView().getName() : null;
	}

	@Test
	void nothingIsMadeOfMessagesUnlessTheyAreToBeObserved() {
		assertThat(new ConnectionObservations(this.registry, MessageTracing.OFF).messages(INFO)).isNull();
		assertThat(new ConnectionObservations(ObservationRegistry.NOOP, MessageTracing.CHILD).messages(INFO)).isNull();
		assertThat(new ConnectionObservations(ObservationRegistry.create(), MessageTracing.CHILD).messages(INFO))
			.as("a registry without handlers")
			.isNull();
	}

	@Test
	void aRegistryWithoutHandlersCostsNothing() {
		ConnectionObservations observations = new ConnectionObservations(ObservationRegistry.create(),
				MessageTracing.OFF);
		assertThat(observations.handshake(new Wire("sse", "/a"))).isSameAs(ConnectionTracer.HandshakeTrace.NONE);
	}

	@Test
	void anObservationStopsWhenTheLastThreadHasLeftItsScope() {
		ConnectionTracer.HandshakeTrace handshake = new ConnectionObservations(this.registry, MessageTracing.OFF)
			.handshake(new Wire("sse", "/a"));
		CallContext.Scope scope = handshake.enter();
		handshake.ended(Outcome.ACCEPTED, 0);
		scope.close();
		assertThat(this.events).containsExactly("start halley.handshake", "left halley.handshake",
				"stop halley.handshake");
		assertThat(this.registry.getCurrentObservation()).isNull();
		assertThat(handshake.enter()).as("after its end").isSameAs(CallContext.Scope.NONE);
	}

	@Test
	void aLinkedMessageHasNoParentAndKnowsTheHandshake() {
		ConnectionObservations observations = new ConnectionObservations(this.registry, MessageTracing.LINK);
		Observation around = Observation.start("around", this.registry);
		ConnectionTracer.MessageTracer messages;
		try (Observation.Scope scope = around.openScope()) {
			messages = messages(observations);
			messages.begin().ended();
			assertThat(this.registry.getCurrentObservation()).isSameAs(around);
		}
		assertThat(this.stopped).singleElement().isInstanceOfSatisfying(MessageObservationContext.class, (message) -> {
			assertThat(parentOf(message)).isNull();
			assertThat(message.handshake()).isSameAs(around);
		});
	}

	@Test
	void aMessageIsTheChildOfWhatWasCurrentWhenItsConnectionWasMade() {
		ConnectionObservations observations = new ConnectionObservations(this.registry, MessageTracing.CHILD);
		ConnectionTracer.MessageTracer messages;
		try (Observation.Scope scope = Observation.start("around", this.registry).openScope()) {
			messages = messages(observations);
		}
		try (Observation.Scope scope = Observation.start("of another", this.registry).openScope()) {
			messages.begin().ended();
		}
		assertThat(this.stopped).singleElement().extracting(ConnectionObservationsTests::parentOf).isEqualTo("around");
	}

	/** Which fails whenever a scope of such a context closes. */
	private void failWhenScopesClose(Class<? extends Observation.Context> type) {
		this.registry.observationConfig().observationHandler(new ObservationHandler<Observation.Context>() {

			@Override
			public void onScopeClosed(Observation.Context context) {
				throw new IllegalStateException("A handler of observations that fails in a test");
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return type.isInstance(context);
			}

		});
	}

	@Test
	void aScopeThatFailsToCloseDoesNotStayOnTheThread() {
		failWhenScopesClose(MessageObservationContext.class);
		ConnectionTracer.MessageTracer messages = messages(
				new ConnectionObservations(this.registry, MessageTracing.CHILD));
		Observation around = Observation.start("around", this.registry);
		try (Observation.Scope scope = around.openScope()) {
			ConnectionTracer.MessageTrace message = messages.begin();
			message.enter().close();
			assertThat(this.registry.getCurrentObservationScope()).isSameAs(scope);
			message.ended();
		}
		ConnectionTracer.MessageTrace message = messages.begin();
		message.enter().close();
		assertThat(this.registry.getCurrentObservation()).isNull();
		message.ended();
		assertThat(this.stopped).hasSize(2);
	}

	@Test
	void aMessageOfItsOwnEndsAlsoIfWhatWasAroundItsBeginFails() {
		failWhenScopesClose(NullObservation.NullContext.class);
		messages(new ConnectionObservations(this.registry, MessageTracing.LINK)).begin().ended();
		assertThat(this.events).containsExactly("start halley.message", "stop halley.message");
		assertThat(this.registry.getCurrentObservation()).isNull();
	}

	@Test
	void beyondSomeHundredTemplatesTheyAreAllOthers() {
		ConnectionObservations observations = new ConnectionObservations(this.registry, MessageTracing.OFF);
		for (int i = 0; i <= 500; i++) {
			observations.handshake(new Wire("sse", "/" + i)).ended(Outcome.ACCEPTED, 0);
		}
		observations.handshake(new Wire("sse", "/7")).ended(Outcome.ACCEPTED, 0);
		assertThat(endpointOf(499)).isEqualTo("/499");
		assertThat(endpointOf(500)).isEqualTo("other");
		assertThat(endpointOf(501)).isEqualTo("/7");
	}

	private @Nullable String endpointOf(int index) {
		return this.stopped.get(index).getLowCardinalityKeyValues().stream().findFirst().orElseThrow().getValue();
	}

	@Test
	void aConventionReplacesNames() {
		ConnectionObservations observations = new ConnectionObservations(this.registry, MessageTracing.CHILD,
				new HandshakeObservationConvention() {

					@Override
					public String getName() {
						return "my.handshake";
					}

				}, new MessageObservationConvention() {

					@Override
					public String getName() {
						return "my.message";
					}

				});
		observations.handshake(new Wire("sse", "/a")).ended(Outcome.ACCEPTED, 0);
		messages(observations).begin().ended();
		assertThat(this.stopped).extracting(Observation.Context::getName).containsExactly("my.handshake", "my.message");
	}

}

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

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

import dev.halley.connection.ConnectionInfo;
import dev.halley.connection.ConnectionObserver.Wire;
import dev.halley.connection.ConnectionTracer;

/**
 * Observes handshakes, and messages if they are to be. Thread-safe.
 *
 * @since 0.1
 */
public final class ConnectionObservations implements ConnectionTracer {

	/** Beyond it there is no telling what the templates are. */
	private static final int MOST_WIRES = 500;

	private static final HandshakeObservationConvention HANDSHAKES = new HandshakeObservationConvention() {
	};

	private static final MessageObservationConvention MESSAGES = new MessageObservationConvention() {
	};

	private final ObservationRegistry registry;

	private final MessageTracing messages;

	private final @Nullable HandshakeObservationConvention handshakeConvention;

	private final @Nullable MessageObservationConvention messageConvention;

	private final Set<Wire> wires = ConcurrentHashMap.newKeySet();

	/**
	 * Creates observations with the default names.
	 * @param registry where they go
	 * @param messages whether messages are observed
	 */
	public ConnectionObservations(ObservationRegistry registry, MessageTracing messages) {
		this(registry, messages, null, null);
	}

	/**
	 * Creates observations.
	 * @param registry where they go
	 * @param messages whether messages are observed
	 * @param handshakeConvention names handshakes, or {@code null} for the default
	 * @param messageConvention names messages, or {@code null} for the default
	 */
	public ConnectionObservations(ObservationRegistry registry, MessageTracing messages,
			@Nullable HandshakeObservationConvention handshakeConvention,
			@Nullable MessageObservationConvention messageConvention) {
		Assert.notNull(registry, "'registry' must not be null");
		Assert.notNull(messages, "'messages' must not be null");
		this.registry = registry;
		this.messages = messages;
		this.handshakeConvention = handshakeConvention;
		this.messageConvention = messageConvention;
	}

	@Override
	public HandshakeTrace handshake(Wire wire) {
		if (this.registry.isNoop()) {
			return HandshakeTrace.NONE;
		}
		HandshakeObservationContext context = new HandshakeObservationContext(bounded(wire));
		ObservedStep step = ObservedStep.start(this.registry,
				() -> Observation.createNotStarted(this.handshakeConvention, HANDSHAKES, () -> context, this.registry));
		return (step != null) ? new ObservedHandshake(step, context) : HandshakeTrace.NONE;
	}

	@Override
	public @Nullable MessageTracer messages(ConnectionInfo info) {
		if (this.messages == MessageTracing.OFF || this.registry.isNoop()) {
			return null;
		}
		Wire wire = bounded(new Wire(info.transport(), info.endpoint()));
		Observation handshake = this.registry.getCurrentObservation();
		return () -> message(new MessageObservationContext(wire, info, handshake), handshake);
	}

	private MessageTrace message(MessageObservationContext context, @Nullable Observation handshake) {
		Observation parent = (this.messages == MessageTracing.CHILD) ? handshake : null;
		return new ObservedMessage(
				(parent != null) ? ObservedStep.start(this.registry, () -> create(context).parentObservation(parent))
						: ObservedStep.startAlone(this.registry, () -> create(context)));
	}

	private Observation create(MessageObservationContext context) {
		return Observation.createNotStarted(this.messageConvention, MESSAGES, () -> context, this.registry);
	}

	private Wire bounded(Wire wire) {
		boolean known = this.wires.contains(wire) || (this.wires.size() < MOST_WIRES && this.wires.add(wire));
		return known ? wire : new Wire(wire.transport(), "other");
	}

}

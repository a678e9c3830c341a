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

import java.lang.reflect.Type;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

import org.reactivestreams.Publisher;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.util.Assert;

import dev.halley.hub.broker.HubBroker;
import dev.halley.hub.broker.PayloadCodec;

/**
 * Hubs of all nodes, by name.
 */
final class BrokeredHubs extends InMemoryHubs {

	private final HubBroker broker;

	private final Function<Type, PayloadCodec> codecs;

	private final PayloadCodec memberData;

	private final BrokerTimes times;

	private final PresenceNodes nodes;

	private volatile HubTracer tracer = HubTracer.NONE;

	private final BrokeredRecords sources = new BrokeredRecords(this);

	BrokeredHubs(HubBroker broker, Function<Type, PayloadCodec> codecs, PayloadCodec memberData, Executor others,
			HistoryPatterns histories, BrokerTimes times, HubTimes hubTimes) {
		super(others, histories, (message) -> HubHistory.UNKNOWN_SIZE, System::nanoTime, hubTimes);
		Assert.notNull(broker, "'broker' must not be null");
		Assert.notNull(codecs, "'codecs' must not be null");
		Assert.notNull(memberData, "'memberData' must not be null");
		this.broker = broker;
		this.codecs = codecs;
		this.memberData = memberData;
		this.times = times;
		this.nodes = new PresenceNodes(this, hubTimes.timer());
	}

	HubBroker broker() {
		return this.broker;
	}

	@Override
	public void traceWith(HubTracer tracer) {
		Assert.notNull(tracer, "'tracer' must not be null");
		this.tracer = tracer;
	}

	HubTracer tracer() {
		return this.tracer;
	}

	BrokerTimes times() {
		return this.times;
	}

	/** The codec of what is told of members. */
	PayloadCodec memberData() {
		return this.memberData;
	}

	/** Which nodes are alive. */
	PresenceNodes nodes() {
		return this.nodes;
	}

	/**
	 * Returns where nodes tell each other who is present in a hub.
	 * @param name the name of the hub, empty for what concerns the nodes themselves
	 */
	BrokeredHub<PresenceMessage> presenceWire(String name) {
		Hub<PresenceMessage> wire = hub(INTERNAL + "presence " + name, (Type) PresenceMessage.class, null);
		return (BrokeredHub<PresenceMessage>) wire;
	}

	/** Returns where nodes tell each other what to do with their connections. */
	BrokeredHub<NodeMessage> nodeWire() {
		Hub<NodeMessage> wire = hub(INTERNAL + "connections", (Type) NodeMessage.class, null);
		return (BrokeredHub<NodeMessage>) wire;
	}

	/** Finds the codec of a type of messages. */
	PayloadCodec codec(Type type) {
		return this.codecs.apply(type);
	}

	@Override
	<T> InMemoryHub<T> create(String name, Type type, RetainedHubs retained) {
		return new BrokeredHub<>(name, type, this, retained, codecOf(type));
	}

	private PayloadCodec codecOf(Type type) {
		if (type == PresenceMessage.class) {
			return PresenceCodec.INSTANCE;
		}
		return (type == NodeMessage.class) ? NodeMessageCodec.INSTANCE : codec(type);
	}

	@Override
	public <T> Recorded<T> recorded(String name, Class<T> type, Supplier<? extends Publisher<? extends T>> source,
			Recording recording) {
		return new RecordedSource<>(this.sources, name, type, source, recording);
	}

	@Override
	public <T> Recorded<T> recorded(String name, ParameterizedTypeReference<T> type,
			Supplier<? extends Publisher<? extends T>> source, Recording recording) {
		return new RecordedSource<>(this.sources, name, type.getType(), source, recording);
	}

	@Override
	public <T> Optional<Recorded<T>> recorded(String name, Class<T> type) {
		return this.sources.find(name, type);
	}

	@Override
	int recordedNames() {
		return this.sources.size();
	}

}

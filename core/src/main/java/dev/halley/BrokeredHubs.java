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

	private final BrokerTimes times;

	BrokeredHubs(HubBroker broker, Function<Type, PayloadCodec> codecs, Executor others, HistoryPatterns histories,
			BrokerTimes times) {
		super(others, histories, (message) -> HubHistory.UNKNOWN_SIZE, System::nanoTime);
		Assert.notNull(broker, "'broker' must not be null");
		Assert.notNull(codecs, "'codecs' must not be null");
		this.broker = broker;
		this.codecs = codecs;
		this.times = times;
	}

	HubBroker broker() {
		return this.broker;
	}

	BrokerTimes times() {
		return this.times;
	}

	@Override
	<T> InMemoryHub<T> create(String name, Type type, RetainedHubs retained) {
		return new BrokeredHub<>(name, type, this, retained, this.codecs.apply(type));
	}

	/** Each node would subscribe to the source itself. */
	@Override
	public <T> Recorded<T> recorded(String name, Class<T> type, Supplier<? extends Publisher<? extends T>> source,
			Recording recording) {
		throw notCarried(name);
	}

	@Override
	public <T> Recorded<T> recorded(String name, ParameterizedTypeReference<T> type,
			Supplier<? extends Publisher<? extends T>> source, Recording recording) {
		throw notCarried(name);
	}

	@Override
	public <T> Optional<Recorded<T>> recorded(String name, Class<T> type) {
		throw notCarried(name);
	}

	private static UnsupportedOperationException notCarried(String name) {
		return new UnsupportedOperationException("recorded source '" + name
				+ "': hubs that are carried by a broker have none (expected: hubs in memory)");
	}

}

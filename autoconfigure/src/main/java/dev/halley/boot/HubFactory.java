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

import java.util.concurrent.Executor;
import java.util.function.Supplier;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.ResolvableType;
import org.springframework.util.function.SingletonSupplier;

import dev.halley.Hubs;
import dev.halley.codec.MessageCodecs;
import dev.halley.hub.broker.BrokerPayload;
import dev.halley.hub.broker.HubBroker;
import dev.halley.hub.broker.PayloadCodec;

/**
 * Makes hubs: of this process, or with a broker.
 */
final class HubFactory {

	private final HalleyHubProperties properties;

	private final Executor executor;

	private final Supplier<MessageCodecs> codecs;

	HubFactory(HalleyHubProperties properties, Executor executor, Supplier<MessageCodecs> codecs) {
		this.properties = properties;
		this.executor = executor;
		this.codecs = codecs;
	}

	/**
	 * Makes hubs.
	 * @param brokers the one that is there, if it is; not asked where hubs are to be in
	 * memory, so that it is not made for nothing
	 */
	Hubs create(ObjectProvider<HubBroker> brokers) {
		boolean inMemory = this.properties.broker() == HalleyHubProperties.Broker.MEMORY;
		HubBroker broker = inMemory ? null : brokers.getIfAvailable();
		if (broker == null) {
			return Hubs.inMemory(this.executor, this.properties.checkedHistories(), this::encodedSize,
					this.properties.checkedPresenceGrace());
		}
		return Hubs.brokered(broker, (type) -> this.codecs.get().hub(ResolvableType.forType(type)),
				new MemberData(SingletonSupplier.of(() -> this.codecs.get().values())), this.executor,
				this.properties.checkedHistories(), this.properties.checkedPresenceGrace());
	}

	private long encodedSize(Object message) {
		try {
			return this.codecs.get().codecOf(message).encode(message).size();
		}
		catch (RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * The codec of what is told of members, made when the first one joins.
	 *
	 * @param codec makes it
	 */
	private record MemberData(Supplier<PayloadCodec> codec) implements PayloadCodec {

		@Override
		public BrokerPayload encode(Object data) throws Exception {
			return this.codec.get().encode(data);
		}

		@Override
		public Object decode(BrokerPayload payload) throws Exception {
			return this.codec.get().decode(payload);
		}

		@Override
		public Object encoded(BrokerPayload payload) {
			return this.codec.get().encoded(payload);
		}

	}

}

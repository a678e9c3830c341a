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

import io.micrometer.common.KeyValue;
import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * What is observed, under which names, and with which key values. Those of low
 * cardinality have few values, none of which a client could choose.
 *
 * @since 0.1
 */
public enum HalleyObservation implements ObservationDocumentation {

	/**
	 * A request for a connection, from its checks to the answer.
	 * {@link HandshakeObservationConvention} names it.
	 */
	HANDSHAKE("halley.handshake", Key.ENDPOINT, Key.OUTCOME, Key.STATUS, Key.TRANSPORT),

	/**
	 * A message of a client, from its decoding to the end of its handler's asynchronous
	 * rest. {@link MessageObservationConvention} names it.
	 */
	MESSAGE("halley.message", Key.ENDPOINT, Key.TRANSPORT) {

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return new KeyName[] { Key.CONNECTION };
		}

	},

	/**
	 * A message that is published to a hub with a broker, until it has its place.
	 * {@link HubPublishObservationConvention} names it.
	 */
	HUB_PUBLISH("halley.hub.publish") {

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return new KeyName[] { Key.HUB };
		}

	},

	/**
	 * A message that came from the broker, while it is handed to the subscribers of this
	 * process. {@link HubDeliverObservationConvention} names it.
	 */
	HUB_DELIVER("halley.hub.deliver") {

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return new KeyName[] { Key.HUB };
		}

	};

	private final String name;

	private final Key[] keys;

	HalleyObservation(String name, Key... keys) {
		this.name = name;
		this.keys = keys;
	}

	@Override
	public String getName() {
		return this.name;
	}

	@Override
	public KeyName[] getLowCardinalityKeyNames() {
		return this.keys.clone();
	}

	/**
	 * The names of key values.
	 */
	public enum Key implements KeyName {

		/**
		 * The path template of the mapping; {@code other} beyond many hundreds of them.
		 */
		ENDPOINT("endpoint"),

		/**
		 * {@code accepted}, {@code refused} or {@code declined}, as the metrics have it;
		 * {@code pending} until then.
		 */
		OUTCOME("outcome"),

		/** The status of a refusal, or {@code none}. */
		STATUS("status"),

		/** {@code web_sockets}, {@code server_sent_events} or {@code comet}. */
		TRANSPORT("transport"),

		/** The id of the connection, of high cardinality. */
		CONNECTION("connection"),

		/** The name of the hub, of high cardinality. */
		HUB("hub");

		private final String key;

		Key(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

		KeyValue of(String value) {
			return KeyValue.of(this.key, value);
		}

	}

}

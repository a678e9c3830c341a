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

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter.Type;
import io.micrometer.core.instrument.docs.MeterDocumentation;
import org.jspecify.annotations.Nullable;

/**
 * The meters, as docs/operations.md lists them.
 */
enum HalleyMeter implements MeterDocumentation {

	CONNECTIONS_ACTIVE("halley.connections.active", Type.GAUGE, null,
			"Connections that are open, closing or about to open", HalleyTag.ENDPOINT, HalleyTag.TRANSPORT),

	CONNECTION_DURATION("halley.connection.duration", Type.TIMER, "seconds",
			"How long connections were there that have ended", HalleyTag.ENDPOINT, HalleyTag.TRANSPORT,
			HalleyTag.REASON),

	HANDSHAKES("halley.handshakes", Type.COUNTER, "handshakes", "Requests for a connection that were answered",
			HalleyTag.ENDPOINT, HalleyTag.TRANSPORT, HalleyTag.OUTCOME, HalleyTag.STATUS),

	MESSAGES("halley.messages", Type.COUNTER, "messages", "Messages that came in and went out", HalleyTag.ENDPOINT,
			HalleyTag.TRANSPORT, HalleyTag.DIRECTION),

	TRAFFIC("halley.traffic", Type.COUNTER, "bytes", "Bytes of messages that came in and went out", HalleyTag.ENDPOINT,
			HalleyTag.TRANSPORT, HalleyTag.DIRECTION),

	MESSAGES_DROPPED("halley.messages.dropped", Type.COUNTER, null,
			"Messages that were dropped since their peer was too slow", HalleyTag.ENDPOINT, HalleyTag.TRANSPORT),

	QUEUED_MESSAGES("halley.queued.messages", Type.GAUGE, "messages", "Messages that wait for their peers",
			HalleyTag.ENDPOINT, HalleyTag.TRANSPORT),

	QUEUED_BYTES("halley.queued.bytes", Type.GAUGE, "bytes", "Bytes of messages that wait for their peers",
			HalleyTag.ENDPOINT, HalleyTag.TRANSPORT),

	HANDLING("halley.message.handling", Type.TIMER, "seconds", "How long handlers of messages took", HalleyTag.ENDPOINT,
			HalleyTag.TRANSPORT),

	WRITES("halley.write", Type.TIMER, "seconds", "How long writes took until the network had all of them",
			HalleyTag.ENDPOINT, HalleyTag.TRANSPORT),

	PING("halley.ping", Type.TIMER, "seconds", "How long peers took to answer a ping", HalleyTag.ENDPOINT,
			HalleyTag.TRANSPORT),

	HUBS("halley.hubs", Type.GAUGE, "hubs", "Hubs that are used, or have messages in their history"),

	HUB_SUBSCRIBERS("halley.hub.subscribers", Type.GAUGE, "subscribers", "Subscribers of hubs in this process"),

	HUB_MEMBERS("halley.hub.members", Type.GAUGE, "members", "Members that are present by connections of this process"),

	HUB_PUBLISHED("halley.hub.published", Type.COUNTER, "messages", "Messages that this process has published",
			HalleyTag.OUTCOME),

	HUB_DELIVERED("halley.hub.delivered", Type.COUNTER, "messages",
			"Messages that were handed to subscribers of this process, once for each"),

	HUB_LAG("halley.hub.lag", Type.TIMER, "seconds",
			"How old messages were when they came from the broker to be delivered"),

	HUB_RECOVERIES("halley.hub.recoveries", Type.COUNTER, "recoveries",
			"Subscribers that have come back with a position", HalleyTag.RESULT);

	private final String name;

	private final Type type;

	/** Prometheus adds it to the name, unless that ends with it. */
	private final @Nullable String unit;

	private final String description;

	private final HalleyTag[] tags;

	HalleyMeter(String name, Type type, @Nullable String unit, String description, HalleyTag... tags) {
		this.name = name;
		this.type = type;
		this.unit = unit;
		this.description = description;
		this.tags = tags;
	}

	@Override
	public String getName() {
		return this.name;
	}

	@Override
	public Type getType() {
		return this.type;
	}

	@Override
	public @Nullable String getBaseUnit() {
		return this.unit;
	}

	@Override
	public KeyName[] getKeyNames() {
		return this.tags.clone();
	}

	String description() {
		return this.description;
	}

}

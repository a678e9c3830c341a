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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.Overflow;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for connections to a hub whose messages do more than a string does while they are
 * sent.
 */
@Timeout(60)
class HubConnectionTests {

	private final Runs runs = new Runs();

	private final Hubs hubs = Hubs.inMemory();

	private final Hub<String> hub = this.hubs.hub("room", String.class);

	@Test
	void codecMayPublishToTheHubThatItEncodesFor() {
		this.runs.codec.onEncode = (message) -> {
			if (message.equals("hello")) {
				this.hub.publish("encoded");
			}
		};
		List<FakeTransport> transports = open(3);
		this.hub.publish("hello");
		awaitOnEach(transports, "hello", "encoded");
		assertThat(this.runs.codec.encoded).hasValue(2);
	}

	@Test
	void codecMayPublishForThousandsOfConnections() {
		this.runs.codec.onEncode = (message) -> {
			if (message.endsWith("hello")) {
				this.hub.publish("encoded");
			}
		};
		List<FakeTransport> transports = new ArrayList<>();
		for (int i = 0; i < 2000; i++) {
			FakeTransport transport = new FakeTransport();
			transports.add(transport);
			this.runs.with(Overflow.CLOSE, 100_000, 1 << 30)
				.open(this.hub.out().filter((message) -> message.equals("hello")).map((message) -> "mapped " + message),
						transport);
		}
		this.hub.publish("hello");
		Awaitility.await()
			.atMost(Duration.ofSeconds(40))
			.untilAsserted(() -> assertThat(transports)
				.allSatisfy((transport) -> assertThat(transport.wire).containsExactly("mapped hello")));
	}

	@Test
	void codecMayCloseTheHubThatItEncodesFor() {
		this.runs.codec.onEncode = (message) -> this.hub.close();
		List<FakeTransport> transports = open(3);
		this.hub.publish("last");
		awaitOnEach(transports, "last");
		assertThat(this.hub.isClosed()).isTrue();
	}

	@Test
	void entityBehindAMapperIsNeverEncodedForAPeerThatStalls() {
		Hub<Object> entities = this.hubs.hub("entities", Object.class);
		FakeTransport stalled = new FakeTransport().stalled();
		this.runs.with(Overflow.CLOSE, 1000, 1000).open(entities.out().map((entity) -> "x".repeat(100)), stalled);
		IntStream.range(0, 40).forEach((i) -> entities.publish(new Object()));
		assertThat(entities.subscribers()).isZero();
		stalled.finishAllWrites();
		assertThat(stalled.wire).endsWith("<Close 1013>");
	}

	private List<FakeTransport> open(int count) {
		List<FakeTransport> transports = IntStream.range(0, count).mapToObj((i) -> new FakeTransport()).toList();
		transports.forEach((transport) -> this.runs.open(this.hub.out(), transport));
		return transports;
	}

	private static void awaitOnEach(List<FakeTransport> transports, String... messages) {
		Awaitility.await()
			.untilAsserted(() -> assertThat(transports)
				.allSatisfy((transport) -> assertThat(transport.wire).containsExactly(messages)));
	}

}

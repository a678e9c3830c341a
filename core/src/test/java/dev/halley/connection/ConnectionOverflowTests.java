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

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.web.socket.CloseStatus;

import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.Out;
import dev.halley.Overflow;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for connections that are slower than their hub.
 */
class ConnectionOverflowTests {

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	private final Runs runs = new Runs();

	private final FakeTransport transport = new FakeTransport();

	private final Hub<String> hub = Hubs.inMemory().hub("room", String.class);

	@Test
	void closesWith1013AndDiscardsWhatIsQueued() {
		this.runs.with(Overflow.CLOSE, 8, 1 << 20).open(this.hub.out(), this.transport.stalled());
		publish(0, 20);
		assertThat(this.hub.subscribers()).isZero();
		this.transport.finishAllWrites();
		assertThat(this.transport.wire).containsExactly("m0", "<Close 1013>");
		assertThat(this.runs.done).containsExactly(CloseStatus.SERVICE_OVERLOAD);
	}

	@ParameterizedTest
	@EnumSource(names = { "CLOSE", "DROP_LATEST", "DROP_OLDEST" })
	void keepsAllThatFitsTheBuffer(Overflow overflow) {
		this.runs.with(overflow, 8, 1 << 20).open(this.hub.out(), this.transport.stalled());
		publish(0, 8);
		this.transport.finishAllWrites();
		assertThat(this.transport.wire).containsExactlyElementsOf(messages(0, 8));
	}

	@Test
	void dropsTheOldest() {
		this.runs.with(Overflow.DROP_OLDEST, 8, 1 << 20).open(this.hub.out(), this.transport.stalled());
		publish(0, 100);
		this.transport.finishAllWrites();
		assertThat(this.transport.wire).startsWith("m0").hasSize(9);
		assertThat(this.transport.wire.subList(1, 9)).containsExactlyElementsOf(messages(92, 100));
	}

	@Test
	void dropsTheOldestTimeAndAgain() {
		this.runs.with(Overflow.DROP_OLDEST, 4, 1 << 20).open(this.hub.out(), this.transport.stalled());
		publish(0, 10);
		this.transport.finishWrite();
		publish(10, 30);
		this.transport.finishAllWrites();
		assertThat(this.transport.wire).containsExactly("m0", "m6", "m7", "m8", "m9", "m26", "m27", "m28", "m29");
	}

	@Test
	void writesWhatDidNotHaveToBeDroppedAtOnce() {
		this.runs.with(Overflow.DROP_OLDEST, 8, 1 << 20).open(this.hub.out(), this.transport.stalled());
		publish(0, 100);
		this.transport.finishAllWrites();
		assertThat(this.transport.batches).hasSize(2);
	}

	@Test
	void dropsTheLatest() {
		this.runs.with(Overflow.DROP_LATEST, 8, 1 << 20).open(this.hub.out(), this.transport.stalled());
		publish(0, 100);
		this.transport.finishAllWrites();
		assertThat(this.transport.wire).containsExactlyElementsOf(messages(0, 8));
	}

	@Test
	void keepsOnlyTheLatest() {
		this.runs.with(Overflow.LATEST, 8, 1 << 20).open(this.hub.out(), this.transport.stalled());
		publish(0, 100);
		this.transport.finishWrite();
		publish(100, 200);
		this.transport.finishAllWrites();
		assertThat(this.transport.wire).containsExactly("m0", "m99", "m199");
	}

	@ParameterizedTest
	@EnumSource
	void losesNothingOnAFastWire(Overflow overflow) {
		this.runs.with(overflow, 2, 100).open(this.hub.out(), this.transport);
		publish(0, 1000);
		assertThat(this.transport.wire).containsExactlyElementsOf(messages(0, 1000));
	}

	@ParameterizedTest
	@EnumSource
	void goesOnAfterAStall(Overflow overflow) {
		this.runs.with(overflow, 8, 1 << 20).open(this.hub.out(), this.transport.stalled());
		publish(0, 6);
		this.transport.completingOn(Runnable::run).finishWrite();
		publish(6, 50);
		assertThat(this.transport.wire).endsWith("m47", "m48", "m49");
	}

	@Test
	void closesWith1013BeyondTheByteLimit() {
		this.runs.with(Overflow.CLOSE, 100, 1000).open(this.hub.out(), this.transport.stalled());
		for (int i = 0; i < 40; i++) {
			this.hub.publish("x".repeat(300));
		}
		this.transport.finishAllWrites();
		assertThat(this.transport.wire).hasSize(2).endsWith("<Close 1013>");
	}

	@Test
	void dropsTheOldestBeyondTheByteLimit() {
		this.runs.with(Overflow.DROP_OLDEST, 100, 1000).open(this.hub.out(), this.transport.stalled());
		for (int i = 0; i < 40; i++) {
			this.hub.publish(i + "x".repeat(298));
		}
		this.transport.finishAllWrites();
		assertThat(this.transport.wire.stream().map((message) -> message.substring(0, 2))).containsExactly("0x", "37",
				"38", "39");
	}

	@Test
	void encodesAMessageOnceForAThousandConnections() {
		List<FakeTransport> transports = open(1000);
		publish(0, 5);
		assertThat(this.runs.codec.encoded).hasValue(5);
		assertThat(transports).allSatisfy((each) -> assertThat(each.wire).hasSize(5));
		assertThat(transports).allSatisfy(
				(each) -> assertThat(each.batches.get(4).get(0)).isSameAs(transports.get(0).batches.get(4).get(0)));
	}

	@Test
	void disturbsNobodyWithAConnectionThatStallsOrFails() {
		this.runs.with(Overflow.CLOSE, 8, 1 << 20);
		List<FakeTransport> transports = open(3);
		this.runs.open(this.hub.out(), new FakeTransport().stalled());
		this.runs.open(this.hub.out(), new FakeTransport().throwing(new IllegalStateException("recycled")));
		this.runs.open(this.hub.out(), new FakeTransport().broken());
		transports.addAll(open(3));
		publish(0, 100);
		assertThat(transports).allSatisfy((each) -> assertThat(each.wire).containsExactlyElementsOf(messages(0, 100)));
		assertThat(this.hub.subscribers()).isEqualTo(6);
	}

	@Test
	void endsStreamsWhenTheHubIsClosedAndKeepsWebSockets() {
		FakeTransport stream = new FakeTransport().stream();
		this.runs.open(this.hub.out(), stream);
		Connection webSocket = this.runs.open(this.hub.out(), this.transport);
		this.hub.close();
		assertThat(stream.closes).containsExactly(CloseStatus.NORMAL);
		assertThat(webSocket.isOpen()).isTrue();
	}

	private List<FakeTransport> open(int count) {
		List<FakeTransport> transports = new ArrayList<>();
		Out<String> out = this.hub.out();
		for (int i = 0; i < count; i++) {
			FakeTransport each = new FakeTransport();
			transports.add(each);
			this.runs.open(out, each);
		}
		return transports;
	}

	private void publish(int from, int to) {
		messages(from, to).forEach(this.hub::publish);
	}

	private static List<String> messages(int from, int to) {
		return IntStream.range(from, to).mapToObj((i) -> "m" + i).toList();
	}

}

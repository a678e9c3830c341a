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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;

import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.Out;
import dev.halley.Overflow;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what a {@link Connection} counts, in virtual time.
 */
class ConnectionTrafficTests {

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	private final Runs runs = new Runs();

	private final FakeTransport transport = new FakeTransport();

	private final Hub<String> hub = Hubs.inMemory().hub("room", String.class);

	private void publish(int count) {
		IntStream.range(0, count).forEach((i) -> this.hub.publish("m" + i % 10));
	}

	@Test
	void countsWhatComesIn() {
		Connection connection = this.runs.open(Out.never(), this.transport);
		connection.received(Runs.text("ä"));
		connection.received(Runs.text("?"));
		connection.received(Runs.text("abc"));
		connection.pong();
		assertThat(connection.traffic().messagesReceived()).isEqualTo(3);
		assertThat(connection.traffic().bytesReceived()).isEqualTo(6);
		assertThat(connection.traffic().messagesSent()).isZero();
	}

	@Test
	void countsWhatWasWrittenAndTellsWhatWaits() {
		Connection connection = this.runs.open(this.hub.out(), this.transport.stalled());
		this.hub.publish("ä");
		this.hub.publish("bc");
		assertThat(connection.traffic()).extracting(ConnectionTraffic::messagesSent, ConnectionTraffic::bytesSent)
			.containsExactly(0L, 0L);
		assertThat(connection.traffic().queuedMessages()).isEqualTo(2);
		assertThat(connection.traffic().queuedBytes()).isEqualTo(4);
		this.transport.finishAllWrites();
		assertThat(connection.traffic()).extracting(ConnectionTraffic::messagesSent, ConnectionTraffic::bytesSent)
			.containsExactly(2L, 4L);
		assertThat(connection.traffic().queuedMessages()).isZero();
		assertThat(connection.traffic().queuedBytes()).isZero();
	}

	@Test
	void aWriteThatEndsTwiceCountsOnce() {
		Connection connection = this.runs.open(this.hub.out(), this.transport.stalled());
		this.hub.publish("a");
		Runnable written = this.transport.finishedWrite();
		written.run();
		written.run();
		assertThat(connection.traffic().messagesSent()).isOne();
	}

	@Test
	void heartbeatsAreNoMessages() {
		Connection connection = this.runs.open(this.hub.out(), this.transport);
		this.runs.pass(Duration.ofSeconds(30));
		this.hub.publish("a");
		connection.pong();
		this.runs.pass(Duration.ofSeconds(30));
		assertThat(this.transport.wire).containsExactly("<PING>", "a", "<PING>");
		assertThat(connection.traffic().messagesSent()).isOne();
		assertThat(connection.traffic().queuedMessages()).isZero();
	}

	@ParameterizedTest
	@CsvSource({ "DROP_OLDEST, 91, 9", "DROP_LATEST, 92, 8", "LATEST, 98, 2", "CLOSE, 0, 0" })
	void countsWhatWasDropped(Overflow overflow, long dropped, int left) {
		Connection connection = this.runs.with(overflow, 8, 1 << 20).open(this.hub.out(), this.transport.stalled());
		publish(100);
		assertThat(connection.traffic().messagesDropped()).isEqualTo(dropped);
		if (overflow != Overflow.CLOSE) {
			assertThat(connection.traffic().queuedMessages()).isEqualTo(left);
			assertThat(connection.traffic().queuedBytes()).isEqualTo(2 * left);
		}
	}

	@Test
	void whatWasDroppedStillCountsWhenItsSourceHasEnded() {
		Hub<String> second = Hubs.inMemory().hub("second", String.class);
		Out<String> out = this.hub.out().interleave(second.out());
		Connection connection = this.runs.with(Overflow.LATEST, 8, 1 << 20).open(out, this.transport.stalled());
		publish(10);
		long dropped = connection.traffic().messagesDropped();
		assertThat(dropped).isGreaterThan(1);
		connection.abort(CloseStatus.NO_CLOSE_FRAME);
		assertThat(this.hub.subscribers()).isZero();
		assertThat(connection.traffic().messagesDropped()).isEqualTo(dropped);
	}

	@Test
	void tellsAfterTheEndWhatWasBefore() {
		Connection connection = this.runs.open(this.hub.out(), this.transport);
		connection.received(Runs.text("abc"));
		publish(3);
		connection.close(CloseStatus.NORMAL);
		assertThat(this.runs.done).hasSize(1);
		assertThat(connection.traffic().messagesReceived()).isOne();
		assertThat(connection.traffic().messagesSent()).isEqualTo(3);
		assertThat(connection.traffic().queuedMessages()).isZero();
	}

	/**
	 * Beyond five entries a Reactor context is a map, which each connection would have.
	 */
	@Test
	void countingNeedsNoPlaceInTheContextOfTheSource() {
		List<Integer> sizes = new ArrayList<>();
		this.runs.open(Out.from(Flux.<String>deferContextual((context) -> {
			sizes.add(context.size());
			return Flux.never();
		})), this.transport);
		assertThat(sizes).containsExactly(4);
	}

	@Test
	void theLastActivityIsThatOfMessages() {
		Connection connection = this.runs.open(this.hub.out(), this.transport.stream());
		this.runs.pass(Duration.ofMinutes(20));
		assertThat(this.transport.wire).contains("<PING>");
		assertThat(age(connection)).isBetween(Duration.ofMinutes(20), Duration.ofMinutes(25));
		connection.received(Runs.text("a"));
		assertThat(age(connection)).isLessThan(Duration.ofMinutes(5));
		this.runs.pass(Duration.ofMinutes(10));
		assertThat(age(connection)).isBetween(Duration.ofMinutes(9), Duration.ofMinutes(15));
		this.hub.publish("b");
		assertThat(age(connection)).isLessThan(Duration.ofMinutes(5));
	}

	private static Duration age(Connection connection) {
		return Duration.between(connection.traffic().lastActivity(), Instant.now());
	}

	@Test
	void timesTheAnswersToPings() {
		Connection connection = this.runs.open(Out.never(), this.transport);
		connection.pong();
		assertThat(connection.traffic().pingRoundTrip()).isNull();
		this.runs.pass(Duration.ofSeconds(30));
		assertThat(this.transport.wire).containsExactly("<PING>");
		this.runs.nanos.addAndGet(Duration.ofMillis(7).toNanos());
		connection.pong();
		this.runs.nanos.addAndGet(Duration.ofMillis(7).toNanos());
		connection.pong();
		assertThat(connection.traffic().pingRoundTrip()).isEqualTo(Duration.ofMillis(7));
	}

	@Test
	void fillersOfStreamsAreNotAnswered() {
		Connection connection = this.runs.open(Out.never(), this.transport.stream());
		this.runs.pass(Duration.ofSeconds(40));
		assertThat(this.transport.wire).contains("<PING>");
		connection.pong();
		assertThat(connection.traffic().pingRoundTrip()).isNull();
	}

}

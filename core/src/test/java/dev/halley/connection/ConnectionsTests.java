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

import java.net.URI;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.core.ResolvableType;
import org.springframework.web.socket.CloseStatus;

import dev.halley.Channel;
import dev.halley.Hubs;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.Overflow;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.MessageCodecs;
import dev.halley.connection.LiveConnection.Sending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * {@link Connections}, of one node.
 */
class ConnectionsTests {

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog(Connections.class);

	private final Runs runs = new Runs();

	private final FakeTransport wire = new FakeTransport();

	private final MessageCodecs codecs = MessageCodecs.builder().build();

	private final Connections connections = new Connections(this.runs.registry, () -> this.codecs, Hubs.inMemory());

	private Connection open(@Nullable Principal user, Out<?> out, FakeTransport transport) {
		return open(info(user, "websocket", "/rooms/{room}"), out, this.runs.codec, transport);
	}

	private Connection open(ConnectionInfo info, Out<?> out, MessageCodec<?> codec, FakeTransport transport) {
		Connection connection = connection(info, out, codec);
		transport.attach(connection);
		connection.open(transport);
		return connection;
	}

	private Connection connection(ConnectionInfo info, Out<?> out, MessageCodec<?> codec) {
		return new Connection(info, InOut.of(this.runs.in(), out), this.runs.codec, codec, this.runs.failures,
				this.runs.settings, this.runs.registry, this.runs.registry.reserve(null, null));
	}

	private static int ids;

	private static ConnectionInfo info(@Nullable Principal user, String transport, String endpoint) {
		return new ConnectionInfo("id" + ids++, transport, endpoint, "Rooms.room", URI.create("/rooms/1"), "192.0.2.1",
				user, null, Instant.EPOCH);
	}

	private static Principal user(String name) {
		return () -> name;
	}

	@Test
	void areFoundByUserEndpointTransportAttributeAndId() {
		Connection ann = open(user("ann"), Out.never(), this.wire);
		Connection stream = open(info(user("ann"), "sse", "/prices"), Out.never(), this.runs.codec,
				new FakeTransport().stream());
		open(user("bob"), Out.never(), new FakeTransport());
		open(null, Out.never(), new FakeTransport());
		stream.info().attributes().set("tenant", "acme").set("floor", "2");
		assertThat(ids(ConnectionFilter.ofUser("ann"))).containsExactlyInAnyOrder(ann.info().id(), stream.info().id());
		assertThat(ids(ConnectionFilter.ofUser("ann").transport("sse"))).containsExactly(stream.info().id());
		assertThat(ids(ConnectionFilter.ALL.endpoint("/prices"))).containsExactly(stream.info().id());
		assertThat(ids(ConnectionFilter.ALL.attribute("tenant", "acme"))).containsExactly(stream.info().id());
		assertThat(ids(ConnectionFilter.ALL.attribute("tenant", "acme").attribute("floor", "1"))).isEmpty();
		assertThat(ids(ConnectionFilter.ofUser("ann ").transport("sse"))).isEmpty();
		assertThat(this.connections.count(ConnectionFilter.ALL)).isEqualTo(4);
		assertThat(this.connections.find(ann.info().id())).map(LiveConnection::info).contains(ann.info());
		assertThat(this.connections.find("unknown")).isEmpty();
	}

	private List<String> ids(ConnectionFilter filter) {
		return this.connections.find(filter).stream().map((live) -> live.info().id()).toList();
	}

	@Test
	void areForgottenWithTheirUsers() {
		Connection first = open(user("ann"), Out.never(), this.wire);
		Connection second = open(user("ann"), Out.never(), new FakeTransport());
		first.ended(CloseStatus.NORMAL);
		assertThat(ids(ConnectionFilter.ofUser("ann"))).containsExactly(second.info().id());
		second.ended(CloseStatus.NORMAL);
		Connection gone = connection(info(user("ann"), "websocket", "/"), Out.never(), this.runs.codec);
		gone.expect();
		gone.ended(CloseStatus.NO_CLOSE_FRAME);
		gone.open(new FakeTransport());
		assertThat(this.connections.count(ConnectionFilter.ofUser("ann"))).isZero();
		assertThat(this.runs.registry.index().users()).isZero();
	}

	@Test
	void oneThatIsClosingIsNoneAnyMore() {
		Connection ann = open(user("ann"), Out.never(), this.wire.neverAcknowledging());
		LiveConnection live = this.connections.find(ann.info().id()).orElseThrow();
		ann.close(CloseStatus.NORMAL);
		assertThat(this.connections.count(ConnectionFilter.ofUser("ann"))).isZero();
		assertThat(this.connections.find(ann.info().id())).isEmpty();
		assertThat(live.isOpen()).isFalse();
		assertThat(live.send("late")).isEqualTo(Sending.CLOSED);
		assertThat(this.wire.wire).containsExactly("<Close 1000>");
	}

	@Test
	void aUserWhoCannotTellItsNameHarmsNobody() {
		boolean[] broken = { true };
		Principal user = () -> {
			if (broken[0]) {
				throw new IllegalStateException("session closed");
			}
			return "ann";
		};
		Connection nameless = open(user, Out.never(), this.wire);
		broken[0] = false;
		Connection named = open(user, Out.never(), new FakeTransport());
		broken[0] = true;
		assertThat(this.connections.find(nameless.info().id())).isPresent();
		assertThat(ids(ConnectionFilter.ofUser("ann"))).containsExactly(named.info().id());
		named.ended(CloseStatus.NORMAL);
		assertThat(this.runs.registry.index().users()).isZero();
	}

	@Test
	void aMessageIsEncodedOnceByTheCodecOfEachEndpoint() throws Exception {
		FakeTransport other = new FakeTransport();
		open(user("ann"), Out.of("hello"), this.wire);
		open(user("ann"), Out.never(), other);
		open(user("bob"), Out.never(), new FakeTransport());
		int before = this.runs.codec.encoded.get();
		Connections.Sent sent = this.connections.send("ann", "news");
		assertThat(sent)
			.extracting(Connections.Sent::queued, Connections.Sent::dropped, Connections.Sent::unsupported,
					Connections.Sent::closed)
			.containsExactly(2, 0, 0, 0);
		done(sent.elsewhere());
		assertThat(this.wire.wire).containsExactly("hello", "news");
		assertThat(other.wire).containsExactly("news");
		assertThat(this.runs.codec.encoded).hasValue(before + 1);
	}

	private static void done(CompletionStage<Void> stage) throws Exception {
		stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
	}

	@Test
	void aMessageOfAnotherTypeIsSkippedAndTold() {
		FakeTransport bytes = new FakeTransport();
		open(user("ann"), Out.never(), this.wire);
		open(info(user("ann"), "websocket", "/bytes"), Out.never(),
				this.codecs.codec(ResolvableType.forClass(byte[].class)), bytes);
		Connections.Sent sent = this.connections.send("ann", "news");
		assertThat(sent.queued()).isEqualTo(1);
		assertThat(sent.unsupported()).isEqualTo(1);
		assertThat(this.wire.wire).containsExactly("news");
		assertThat(bytes.wire).isEmpty();
		assertThat(this.connections.send("ann", new byte[2]).queued()).isEqualTo(1);
		assertThat(bytes.wire).containsExactly("<BINARY>");
		assertThat(this.connections.count(ConnectionFilter.ofUser("ann"))).isEqualTo(2);
	}

	@Test
	void whatCannotBeEncodedIsToldAndTheConnectionStays() {
		open(user("ann"), Out.never(), this.wire);
		assertThat(this.connections.send("ann", "!").unsupported()).isEqualTo(1);
		this.runs.codec.onEncode = (message) -> {
			throw new StackOverflowError();
		};
		assertThat(this.connections.send("ann", "deep").unsupported()).isEqualTo(1);
		this.runs.codec.onEncode = (message) -> {
		};
		assertThat(this.connections.send("ann", "again").queued()).isEqualTo(1);
		assertThat(this.wire.wire).containsExactly("again");
	}

	@Test
	void aCloseStatusIsNoMessage() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.connections.send("ann", CloseStatus.NORMAL));
	}

	@Test
	void whatIsSentComesAfterWhatWasQueuedAndBeforeWhatIsQueuedLater() {
		List<Channel<String>> channels = new ArrayList<>();
		open(user("ann"), Out.<String>unicast(channels::add), this.wire.stalled());
		channels.get(0).push("1");
		channels.get(0).push("2");
		this.connections.send("ann", "a");
		this.connections.send("ann", "b");
		channels.get(0).push("3");
		this.wire.finishAllWrites();
		assertThat(this.wire.wire).containsExactly("1", "2", "a", "b", "3");
	}

	@Test
	void aMessageThatComesBeforeTheWireWaitsForIt() {
		Connection connection = connection(info(user("ann"), "websocket", "/"), Out.of("hello"), this.runs.codec);
		connection.expect();
		assertThat(this.connections.send("ann", "early").queued()).isEqualTo(1);
		this.wire.attach(connection);
		connection.open(this.wire);
		assertThat(this.wire.wire).containsExactlyInAnyOrder("early", "hello");
	}

	@Test
	void anOutThatHasEndedIsNoObstacle() {
		open(user("ann"), Out.of("last"), this.wire);
		this.connections.send("ann", "news");
		assertThat(this.wire.wire).containsExactly("last", "news");
	}

	@Test
	void whatIsQueuedIsSentBeforeTheClose() {
		open(user("ann"), Out.never(), this.wire.stalled());
		for (String message : List.of("a", "b", "c")) {
			this.connections.send("ann", message);
		}
		assertThat(this.connections.close("ann", CloseStatus.POLICY_VIOLATION.withReason("out")).closed()).isEqualTo(1);
		assertThat(this.connections.send("ann", "late")).extracting(Connections.Sent::queued).isEqualTo(0);
		this.wire.finishAllWrites();
		assertThat(this.wire.wire).containsExactly("a", "b", "c", "<Close 1008>");
		assertThat(this.wire.closes).containsExactly(CloseStatus.POLICY_VIOLATION.withReason("out"));
		assertThat(this.runs.done).containsExactly(CloseStatus.POLICY_VIOLATION.withReason("out"));
	}

	@Test
	void aSlowConsumerIsClosedAndTold() {
		this.runs.with(Overflow.CLOSE, 2, 1000);
		open(user("ann"), Out.never(), this.wire.stalled());
		assertThat(List.of(send("a"), send("b"), send("c"))).containsOnly(Sending.QUEUED);
		assertThat(send("d")).isEqualTo(Sending.CLOSED);
		this.wire.finishAllWrites();
		assertThat(this.wire.wire).containsExactly("a", "<Close 1013>");
	}

	private Sending send(String message) {
		return this.connections.find(ConnectionFilter.ofUser("ann"))
			.stream()
			.findFirst()
			.map((live) -> live.send(message))
			.orElse(Sending.CLOSED);
	}

	/** What its handler's thread sends is held back, and must not make it a slow one. */
	@Test
	void aHandlerMaySendMoreToItsOwnUserThanTheSendBufferTakes() {
		Connection connection = open(user("ann"), Out.never(), this.wire);
		connection.batchStarted();
		for (int i = 0; i < 300; i++) {
			assertThat(send("m" + i)).isEqualTo(Sending.QUEUED);
		}
		connection.batchEnded();
		assertThat(this.wire.closes).isEmpty();
		assertThat(this.wire.wire).hasSize(300).endsWith("m298", "m299");
	}

	@Test
	void aHandlerMaySendMoreBytesToItsOwnUserThanTheSendBufferTakes() {
		this.runs.with(Overflow.CLOSE, 100, 10);
		Connection connection = open(user("ann"), Out.never(), this.wire);
		connection.batchStarted();
		assertThat(List.of(send("12345"), send("123456"), send("x"), send("12345678901234567890")))
			.containsOnly(Sending.QUEUED);
		connection.batchEnded();
		assertThat(this.wire.wire).containsExactly("12345", "123456", "x", "12345678901234567890");
	}

	@Test
	void theBytesOfTheSendBufferCount() {
		this.runs.with(Overflow.DROP_LATEST, 100, 10);
		open(user("ann"), Out.never(), this.wire.stalled());
		assertThat(List.of(send("x"), send("123456"), send("1234"))).containsOnly(Sending.QUEUED);
		assertThat(send("y")).isEqualTo(Sending.DROPPED);
		this.wire.finishAllWrites();
		assertThat(this.wire.wire).containsExactly("x", "123456", "1234");
	}

	@Test
	void theLatestIsDroppedWhereTheEndpointSaysSo() {
		this.runs.with(Overflow.DROP_LATEST, 2, 1000);
		open(user("ann"), Out.never(), this.wire.stalled());
		assertThat(List.of(send("a"), send("b"), send("c"))).containsOnly(Sending.QUEUED);
		assertThat(send("d")).isEqualTo(Sending.DROPPED);
		this.wire.finishAllWrites();
		assertThat(this.wire.wire).containsExactly("a", "b", "c");
		assertThat(this.wire.connection().traffic().messagesDropped()).isEqualTo(1);
	}

	@Test
	void theOldestIsDroppedWhereTheEndpointSaysSo() {
		this.runs.with(Overflow.DROP_OLDEST, 2, 1000);
		open(user("ann"), Out.never(), this.wire.stalled());
		assertThat(List.of(send("a"), send("b"), send("c"), send("d"))).containsOnly(Sending.QUEUED);
		this.wire.finishAllWrites();
		assertThat(this.wire.wire).containsExactly("a", "c", "d");
		assertThat(this.wire.connection().traffic().messagesDropped()).isEqualTo(1);
	}

	@Test
	void onlyTheNewestWaitsWhereTheEndpointSaysSo() {
		this.runs.with(Overflow.LATEST, 5, 1000);
		open(user("ann"), Out.never(), this.wire.stalled());
		assertThat(List.of(send("a"), send("b"), send("c"), send("d"))).containsOnly(Sending.QUEUED);
		this.wire.finishAllWrites();
		assertThat(this.wire.wire).containsExactly("a", "d");
	}

	@Test
	void noMessageOfTheOutIsDroppedForOneThatIsSentBeside() {
		for (Overflow overflow : List.of(Overflow.DROP_OLDEST, Overflow.DROP_LATEST)) {
			FakeTransport stalled = new FakeTransport().stalled();
			this.runs.with(overflow, 1, 1000);
			List<Channel<String>> channels = new ArrayList<>();
			Connection connection = open(user(overflow.name()), Out.<String>unicast(channels::add), stalled);
			LiveConnection live = this.connections.find(connection.info().id()).orElseThrow();
			connection.batchStarted();
			channels.get(0).push("out");
			live.send("beside");
			connection.batchEnded();
			stalled.finishAllWrites();
			assertThat(stalled.wire).as(overflow.name()).contains("out");
		}
	}

	@Test
	void allOfAUserAreClosedAndNobodyElse() {
		FakeTransport stream = new FakeTransport().stream();
		FakeTransport other = new FakeTransport();
		open(user("ann"), Out.never(), this.wire);
		Connection streaming = open(info(user("ann"), "sse", "/prices"), Out.never(), this.runs.codec, stream);
		open(user("bob"), Out.never(), other);
		assertThat(this.connections.close("ann", CloseStatus.POLICY_VIOLATION).closed()).isEqualTo(2);
		assertThat(this.wire.closes).containsExactly(CloseStatus.POLICY_VIOLATION);
		assertThat(stream.closes).containsExactly(CloseStatus.POLICY_VIOLATION);
		assertThat(streaming.isEndAsked()).as("the browser stays away").isTrue();
		assertThat(other.closes).isEmpty();
		assertThat(this.connections.close("ann", CloseStatus.POLICY_VIOLATION).closed()).isZero();
	}

	@Test
	void aStatusThatInvitesToComeAgainIsNoEndForGood() {
		Connection streaming = open(info(user("ann"), "sse", "/prices"), Out.never(), this.runs.codec,
				this.wire.stream());
		this.connections.close("ann", CloseStatus.SERVICE_RESTARTED);
		assertThat(streaming.isEndAsked()).isFalse();
	}

	@Test
	void aStatusThatMayNotBeSentClosesNobody() {
		open(user("ann"), Out.never(), this.wire);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.connections.close("ann", CloseStatus.NO_CLOSE_FRAME));
		assertThat(this.connections.count(ConnectionFilter.ofUser("ann"))).isEqualTo(1);
	}

	@Test
	void onePeerThatNeverAnswersIsDroppedAfterTheCloseTimeout() {
		open(user("ann"), Out.never(), this.wire.neverAcknowledging());
		this.connections.close("ann", CloseStatus.POLICY_VIOLATION);
		assertThat(this.wire.aborts).isEmpty();
		this.runs.pass(Duration.ofSeconds(10));
		assertThat(this.wire.aborts).hasSize(1);
		assertThat(this.runs.registry.size()).isZero();
	}

}

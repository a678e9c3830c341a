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
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.core.ResolvableType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.socket.CloseStatus;
import tools.jackson.databind.json.JsonMapper;

import dev.halley.HubMessageTooLargeException;
import dev.halley.HubUnavailableException;
import dev.halley.Hubs;
import dev.halley.InOut;
import dev.halley.NodeLink;
import dev.halley.NodeMessage;
import dev.halley.Out;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.MessageCodecs;
import dev.halley.codec.UnsupportedMessageTypeException;
import dev.halley.hub.broker.MemoryBroker;
import dev.halley.hub.broker.MemoryServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * {@link Connections}, of two nodes.
 */
class ConnectionsOfNodesTests {

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog(Connections.class);

	private final MemoryServer server = new MemoryServer();

	private final Node first = new Node();

	private final Node second = new Node();

	private final FakeTransport here = new FakeTransport();

	private final FakeTransport there = new FakeTransport();

	@AfterEach
	void end() {
		this.first.close();
		this.second.close();
	}

	private static void await(Runnable assertion) {
		Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(assertion::run);
	}

	private static void get(CompletionStage<Void> stage) throws Exception {
		stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
	}

	/** What is said now is heard by both. */
	private void settle() {
		FakeTransport probe = new FakeTransport();
		this.second.open("probe", String.class, probe);
		await(() -> {
			this.first.connections.send("probe", "?");
			assertThat(probe.wire).isNotEmpty();
		});
	}

	@Test
	void aUserIsReachedOnAllNodes() throws Exception {
		settle();
		this.first.open("ann", String.class, this.here);
		this.second.open("ann", String.class, this.there);
		Connections.Sent sent = this.first.connections.send("ann", "one");
		get(sent.elsewhere());
		get(this.first.connections.send("ann", "two").elsewhere());
		assertThat(sent.queued()).isEqualTo(1);
		assertThat(this.here.wire).containsExactly("one", "two");
		await(() -> assertThat(this.there.wire).containsExactly("one", "two"));
		assertThat(this.here.wire).as("once").containsExactly("one", "two");
	}

	@Test
	void aUserIsClosedOnAllNodesAndNobodyElse() throws Exception {
		settle();
		FakeTransport other = new FakeTransport();
		this.first.open("ann", String.class, this.here);
		this.second.open("ann", String.class, this.there);
		this.second.open("bob", String.class, other);
		CloseStatus status = CloseStatus.POLICY_VIOLATION.withReason("account disabled");
		Connections.Closed closed = this.first.connections.close("ann", status);
		get(closed.elsewhere());
		assertThat(closed.closed()).isEqualTo(1);
		assertThat(this.here.closes).containsExactly(status);
		await(() -> assertThat(this.there.closes).containsExactly(status));
		assertThat(other.closes).isEmpty();
	}

	@Test
	void whatIsSelectedElsewhereIsWhatIsSelectedHere() throws Exception {
		settle();
		FakeTransport other = new FakeTransport();
		this.second.open("ann", String.class, other);
		this.second.open("ann", String.class, this.there).info().attributes().set("tenant", "acme");
		get(this.first.connections
			.send(ConnectionFilter.ALL.endpoint("/live").transport("websocket").attribute("tenant", "acme"), "news")
			.elsewhere());
		get(this.first.connections.send("ann", "last").elsewhere());
		await(() -> assertThat(this.there.wire).containsExactly("news", "last"));
		await(() -> assertThat(other.wire).containsExactly("last"));
	}

	@Test
	void anUnreachableBrokerIsToldAndWhatIsHereIsDone() {
		settle();
		this.first.open("ann", String.class, this.here);
		this.first.broker.setUp(false);
		Connections.Sent sent = this.first.connections.send("ann", "news");
		Connections.Closed closed = this.first.connections.close("ann", CloseStatus.POLICY_VIOLATION);
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(sent.elsewhere()))
			.havingCause()
			.isInstanceOf(HubUnavailableException.class)
			.withMessage("The other nodes were not told: the broker cannot be reached (no link)");
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(closed.elsewhere()))
			.withCauseInstanceOf(HubUnavailableException.class);
		assertThat(sent.queued()).isEqualTo(1);
		assertThat(closed.closed()).isEqualTo(1);
		assertThat(this.here.wire).containsExactly("news", "<Close 1008>");
	}

	@Test
	void aBrokerThatDoesNotAnswerMayHaveToldThem() {
		settle();
		this.first.broker.setMute(true);
		assertThatExceptionOfType(ExecutionException.class)
			.isThrownBy(() -> get(this.first.connections.close("ann", CloseStatus.NORMAL).elsewhere()))
			.havingCause()
			.isInstanceOfSatisfying(HubUnavailableException.class, (ex) -> assertThat(ex.isOutcomeUnknown()).isTrue());
	}

	@Test
	void aRecordIsReadByTheOtherNodeAndEncodedAsItsEndpointsDo() throws Exception {
		settle();
		this.second.open("ann", Notice.class, this.there);
		get(this.first.connections.send("ann", new Order("A-1", 3)).elsewhere());
		await(() -> assertThat(this.there.wire).containsExactly("{\"number\":\"A-1\",\"count\":3}"));
	}

	@Test
	void aBufferIsReadByTheOtherNodeWhateverItsClass() throws Exception {
		settle();
		this.second.open("ann", ByteBuffer.class, this.there);
		get(this.first.connections.send("ann", ByteBuffer.wrap(new byte[2])).elsewhere());
		get(this.first.connections.send("ann", ByteBuffer.allocateDirect(2).asReadOnlyBuffer()).elsewhere());
		await(() -> assertThat(this.there.wire).containsExactly("<BINARY>", "<BINARY>"));
	}

	@Test
	void eachGapIsLoggedOnce() throws Exception {
		settle();
		assertThat(this.log.messages()).isEmpty();
		this.second.open("ann", String.class, this.there);
		for (int gap = 1; gap <= 2; gap++) {
			this.second.broker.setDeaf(true);
			get(this.first.connections.send("ann", "missed").elsewhere());
			get(this.first.connections.send("ann", "missed").elsewhere());
			this.second.broker.setDeaf(false);
			int heard = this.there.wire.size();
			get(this.first.connections.send("ann", "heard").elsewhere());
			await(() -> assertThat(this.there.wire).hasSizeGreaterThan(heard));
			assertThat(this.there.wire).doesNotContain("missed");
			int gaps = gap;
			await(() -> assertThat(this.log.messages()).hasSize(gaps)
				.allMatch((message) -> message.contains("was missed")));
		}
	}

	@Test
	void whatIsUnderWayWhenANodeLooksWhereItIsWasNotMissed() throws Exception {
		settle();
		this.second.open("ann", String.class, this.there);
		this.second.broker.setLate(true);
		get(this.first.connections.send("ann", "late").elsewhere());
		int reads = this.second.broker.reads();
		this.second.broker.setUp(true);
		await(() -> assertThat(this.second.broker.reads()).isGreaterThan(reads));
		this.second.broker.setLate(false);
		await(() -> assertThat(this.there.wire).containsExactly("late"));
		assertThat(this.log.messages()).isEmpty();
	}

	@Test
	void aClassThatNoEndpointHasIsNotReadByTheOtherNode() throws Exception {
		settle();
		this.second.open("ann", Notice.class, this.there);
		get(this.first.connections.send("ann", new Unknown("x")).elsewhere());
		NodeLink link = NodeLink.of(this.first.hubs);
		assertThat(link).isNotNull();
		for (String type : new String[] { "java.util.HashMap", "java.lang.ProcessBuilder", "no.such.Type", "" }) {
			get(link.tell(new NodeMessage.Send(link.node(), Map.of("user", "ann"), type, false, "{}".getBytes())));
		}
		get(link.tell(new NodeMessage.Send(link.node(), Map.of("user", "ann"), Order.class.getName(), false,
				"no JSON".getBytes())));
		get(link.tell(new NodeMessage.Close(link.node(), Map.of("user", "ann"), 1006, "")));
		get(link.tell(new NodeMessage.Close(link.node(), Map.of("user", "ann", "planet", "mars"), 1000, "")));
		get(this.first.connections.send("ann", new Order("last", 1)).elsewhere());
		await(() -> assertThat(this.there.wire).containsExactly("{\"number\":\"last\",\"count\":1}"));
	}

	@Test
	void aMessageThatNoOtherNodeCouldReadIsToldAndSentHere() {
		settle();
		MessageCodec<?> events = this.first.codecs
			.codec(ResolvableType.forClassWithGenerics(ServerSentEvent.class, String.class));
		this.first.open("ann", events, this.here);
		Connections.Sent sent = this.first.connections.send("ann", ServerSentEvent.builder("news").build());
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(sent.elsewhere()))
			.withCauseInstanceOf(UnsupportedMessageTypeException.class);
		assertThat(sent.queued()).isEqualTo(1);
		assertThat(this.here.wire).containsExactly("news");
	}

	@Test
	void aMessageThatTheBrokerCannotCarryIsToldAndSentHere() {
		settle();
		this.first.open("ann", String.class, this.here);
		Connections.Sent sent = this.first.connections.send("ann", "x".repeat(MemoryBroker.MOST_BYTES));
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(sent.elsewhere()))
			.withCauseInstanceOf(HubMessageTooLargeException.class);
		assertThat(sent.queued()).isEqualTo(1);
	}

	@Test
	void whatIsDestroyedListensNoMore() {
		settle();
		this.second.connections.destroy();
		FakeTransport probe = new FakeTransport();
		this.second.open("ann", String.class, probe);
		Node third = new Node();
		third.open("ann", String.class, this.there);
		await(() -> {
			this.first.connections.send("ann", "?");
			assertThat(this.there.wire).isNotEmpty();
		});
		assertThat(probe.wire).isEmpty();
		third.close();
	}

	interface Notice {

	}

	record Order(String number, int count) implements Notice {
	}

	record Unknown(String text) {
	}

	/** One of the nodes. */
	private final class Node {

		private final MemoryBroker broker = new MemoryBroker(ConnectionsOfNodesTests.this.server);

		private final MessageCodecs codecs = MessageCodecs.builder().json(new JsonMapper()).build();

		private final Hubs hubs = Hubs.brokered(this.broker, (type) -> this.codecs.hub(ResolvableType.forType(type)),
				this.codecs.values(), Runnable::run, Map.of(), Duration.ofSeconds(15));

		private final Runs runs = new Runs();

		private final Connections connections = new Connections(this.runs.registry, () -> this.codecs, this.hubs);

		private Connection open(String user, Class<?> type, FakeTransport transport) {
			return open(user, this.codecs.codec(ResolvableType.forClass(type)), transport);
		}

		private Connection open(String user, MessageCodec<?> codec, FakeTransport transport) {
			ConnectionInfo info = new ConnectionInfo(user + System.identityHashCode(transport), "websocket", "/live",
					"Live.live", URI.create("/live"), null, () -> user, null, Instant.EPOCH);
			Connection connection = new Connection(info, InOut.of(this.runs.in(), Out.never()), this.runs.codec, codec,
					FailureHandler.NONE, Runs.SETTINGS, this.runs.registry, this.runs.registry.reserve(null, null));
			transport.attach(connection);
			connection.open(transport);
			return connection;
		}

		private void close() {
			this.connections.destroy();
			this.broker.close();
		}

	}

}

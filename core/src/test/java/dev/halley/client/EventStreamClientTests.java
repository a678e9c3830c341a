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

package dev.halley.client;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpStatus;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.socket.CloseStatus;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

import dev.halley.client.Endpoints.Said;
import dev.halley.client.Endpoints.Say;
import dev.halley.codec.MessageDecodingException;
import dev.halley.web.TestServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Event streams of a real server of Halley, and of servers that a test makes up.
 */
class EventStreamClientTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private static final Duration SHORT = Duration.ofMillis(20);

	private final BlockingQueue<ConnectionState> states = new LinkedBlockingQueue<>();

	private final HalleyClient client = HalleyClient.builder()
		.connectStrategy(ConnectStrategy.backoff(SHORT, SHORT))
		.build();

	private TestServer server;

	@BeforeEach
	void start() {
		this.server = TestServer.start(Endpoints.class, Endpoints.Impatient.class);
	}

	@AfterEach
	void stop() {
		this.client.close();
		this.server.close();
	}

	private String uri(String path) {
		return "http://127.0.0.1:" + this.server.port() + path;
	}

	private Endpoints endpoints() {
		return this.server.bean(Endpoints.class);
	}

	private static RawServer.Script streaming(String stream) {
		return (peer) -> {
			peer.stream();
			peer.write(stream);
		};
	}

	@Test
	void aStreamThatIsOverForGoodIsNotAskedForAgain() {
		StepVerifier.create(this.client.events(uri("/finite"), String.class).onState(this.states::add).messages())
			.expectNext("a", "b")
			.expectComplete()
			.verify(LONG);
		Awaitility.await()
			.untilAsserted(() -> assertThat(this.states).containsExactly(new ConnectionState.Connecting(1),
					new ConnectionState.Open(null), new ConnectionState.Closed(null, null)));
	}

	@Test
	void aStreamThatEndsIsAskedForAfterItsLastEvent() {
		StepVerifier.create(this.client.events(uri("/numbers"), Said.class).messages().take(5))
			.expectNext(new Said("server", "1"), new Said("server", "2"), new Said("server", "3"),
					new Said("server", "4"), new Said("server", "5"))
			.expectComplete()
			.verify(LONG);
	}

	@Test
	void aStreamMayBeginAfterAnEvent() {
		StepVerifier.create(this.client.events(URI.create(uri("/numbers")), new ParameterizedTypeReference<Said>() {
		}).after("41").events().take(1)).assertNext((event) -> {
			assertThat(event.id()).isEqualTo("42");
			assertThat(event.data()).isEqualTo(new Said("server", "42"));
		}).expectComplete().verify(LONG);
	}

	@Test
	void eventsWithOtherNamesAreTakenIfAskedFor() {
		assertThat(names("/named")).containsExactly("two");
		assertThat(names("/named", "first", "message")).containsExactly("one", "two");
		assertThat(this.client.events(uri("/named"), String.class)
			.named()
			.events()
			.map(ServerSentEvent::data)
			.collectList()
			.block(LONG)).containsExactly("one", "two", "three", "");
	}

	private List<String> names(String path, String... names) {
		EventStreamRequest<String> request = this.client.events(uri(path), String.class);
		return ((names.length > 0) ? request.named(names) : request).messages().collectList().block(LONG);
	}

	@Test
	void anAnswerIsAskedForByPostOnce() {
		StepVerifier
			.create(this.client.events(uri("/answers"), Said.class)
				.post(new Say("Hello"))
				.onState(this.states::add)
				.messages())
			.expectNext(new Said("model", "Hello"), new Said("model", "done"))
			.expectComplete()
			.verify(LONG);
		Awaitility.await().until(() -> this.states.stream().anyMatch(ConnectionState.Closed.class::isInstance));
		assertThat(this.states).doesNotHaveAnyElementsOfTypes(ConnectionState.Waiting.class);
	}

	@Test
	void aCancelledStreamIsGoneAtTheServer() throws Exception {
		BlockingQueue<String> received = new LinkedBlockingQueue<>();
		Disposable subscription = this.client.events(uri("/live"), String.class).messages().subscribe(received::add);
		endpoints().nextChannel().push("a");
		assertThat(received.poll(30, TimeUnit.SECONDS)).isEqualTo("a");
		subscription.dispose();
		assertThat(endpoints().end()).isNotNull();
	}

	/** It can get no message out for a second only when nothing reads. */
	@Test
	void aSlowReaderStallsTheServer() throws Exception {
		AtomicReference<String> first = new AtomicReference<>();
		BaseSubscriber<String> reader = new BaseSubscriber<>() {

			@Override
			protected void hookOnSubscribe(Subscription subscription) {
				subscription.request(1);
			}

			@Override
			protected void hookOnNext(String value) {
				first.set(value);
			}

		};
		this.client.events(uri("/flood-events"), String.class).messages().subscribe(reader);
		assertThat(endpoints().end()).isEqualTo(CloseStatus.NO_CLOSE_FRAME);
		assertThat(first.get()).startsWith("1x");
		reader.cancel();
	}

	@Test
	void aStreamThatEndsInOrderAndIsGivenUpCompletes() throws Exception {
		try (RawServer raw = RawServer.start(streaming("data: a\n\n"), streaming("data: b\n\n"))) {
			StepVerifier
				.create(this.client.events(raw.http(), String.class)
					.errorStrategy(ErrorStrategy.standard().atMost(2))
					.onState(this.states::add)
					.messages())
				.expectNext("a", "b")
				.expectComplete()
				.verify(LONG);
			Awaitility.await().until(() -> this.states.contains(new ConnectionState.Closed(null, null)));
		}
	}

	@Test
	void aRefusalIsTheEnd() {
		StepVerifier.create(this.client.events(uri("/nowhere"), String.class).messages())
			.expectErrorSatisfies((ex) -> assertThat(ex).isInstanceOfSatisfying(ConnectFailedException.class,
					(refused) -> assertThat(refused.status()).isEqualTo(HttpStatus.NOT_FOUND)))
			.verify(LONG);
	}

	@Test
	void anotherContentTypeIsTheEnd() throws Exception {
		try (RawServer raw = RawServer.start((peer) -> {
			peer.write("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>");
			peer.drain();
		})) {
			StepVerifier.create(this.client.events(raw.http(), String.class).messages())
				.expectErrorSatisfies((ex) -> assertThat(ex).isInstanceOf(ConnectFailedException.class)
					.hasMessageContaining("content type text/html (expected: 200, text/event-stream)"))
				.verify(LONG);
			Awaitility.await().until(() -> raw.peers().get(0).isGone());
		}
	}

	@Test
	void noContentIsTheEndWithoutFailure() throws Exception {
		try (RawServer raw = RawServer.start(streaming("id: 7\ndata: a\n\n"),
				(peer) -> peer.answer("204 No Content"))) {
			StepVerifier.create(this.client.events(raw.http(), String.class).messages())
				.expectNext("a")
				.expectComplete()
				.verify(LONG);
			assertThat(raw.peers().get(0).header("Last-Event-ID")).isNull();
			assertThat(raw.peers().get(0).header("Accept")).isEqualTo("text/event-stream");
			assertThat(raw.peers().get(1).header("Last-Event-ID")).isEqualTo("7");
		}
	}

	@Test
	void anEventThatBreaksOffIsNoneAndComesAgain() throws Exception {
		try (RawServer raw = RawServer.start(
				(peer) -> peer
					.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
							+ "1b\r\nid: 1\ndata: a\n\nid: 2\ndata:\r\n"),
				streaming("id: 2\ndata: b\n\n"), (peer) -> peer.answer("204 No Content"))) {
			StepVerifier.create(this.client.events(raw.http(), String.class).messages())
				.expectNext("a", "b")
				.expectComplete()
				.verify(LONG);
			assertThat(raw.peers().get(1).header("Last-Event-ID")).isEqualTo("1");
		}
	}

	@Test
	void aStreamThatIsNotToComeBackFailsWhereItBreaksOff() throws Exception {
		try (RawServer raw = RawServer.start((peer) -> peer
			.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 100\r\n\r\ndata: a\n\n"))) {
			StepVerifier.create(this.client.events(raw.http(), String.class).reconnecting(false).messages())
				.expectNext("a")
				.expectError(IOException.class)
				.verify(LONG);
		}
	}

	@Test
	void theServersTimeToWaitIsKept() throws Exception {
		try (RawServer raw = RawServer.start(streaming("retry: 1234\n\n"), (peer) -> peer.answer("204 No Content"))) {
			BlockingQueue<Duration> asked = new LinkedBlockingQueue<>();
			this.client.events(raw.http(), String.class).connectStrategy((inARow, time) -> {
				asked.add(time);
				return Duration.ZERO;
			}).messages().blockLast(LONG);
			assertThat(asked).containsExactly(Duration.ofMillis(1234));
		}
	}

	@Test
	void aServerThatIsBusySaysWhenToComeAgain() throws Exception {
		try (RawServer raw = RawServer.start((peer) -> peer.answer("503 Service Unavailable", "Retry-After: 1"),
				streaming("data: a\n\n"))) {
			assertThat(
					this.client.events(raw.http(), String.class).onState(this.states::add).messages().blockFirst(LONG))
				.isEqualTo("a");
			Awaitility.await().until(() -> this.states.stream().anyMatch(ConnectionState.Closed.class::isInstance));
			assertThat(this.states).filteredOn(ConnectionState.Waiting.class::isInstance)
				.allSatisfy((state) -> assertThat(((ConnectionState.Waiting) state).delay())
					.isBetween(Duration.ofSeconds(1), Duration.ofSeconds(1).plus(SHORT)))
				.hasSize(1);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "id: ü\ndata: a\n\n", "id: 1\ndata: a\n\nid\ndata: b\n\n" })
	void anIdThatCannotBeSentIsNot(String stream) throws Exception {
		try (RawServer raw = RawServer.start(streaming(stream), (peer) -> peer.answer("204 No Content"))) {
			this.client.events(raw.http(), String.class).messages().blockLast(LONG);
			assertThat(raw.peers().get(1).head()).doesNotContain("Last-Event-ID");
		}
	}

	@Test
	void anEventIsBounded() throws Exception {
		try (RawServer raw = RawServer.start((peer) -> {
			peer.stream();
			while (true) {
				peer.write("data: more\n");
			}
		})) {
			StepVerifier.create(this.client.events(raw.http(), String.class).messages())
				.expectError(MessageDecodingException.class)
				.verify(LONG);
			Awaitility.await().until(() -> raw.peers().get(0).isGone());
			assertThat(raw.peers()).hasSize(1);
		}
	}

	@Test
	void eventsBeforeOneThatIsTooLargeCome() throws Exception {
		try (RawServer raw = RawServer.start((peer) -> {
			peer.stream();
			peer.write("data: a\n\ndata: b\n\ndata: " + "x".repeat(1000) + "\n\ndata: c\n\n");
			peer.drain();
		})) {
			StepVerifier
				.create(this.client.events(raw.http(), String.class)
					.settings((settings) -> settings.withMaxMessageSize(1000))
					.messages())
				.expectNext("a", "b")
				.expectError(MessageDecodingException.class)
				.verify(LONG);
			Awaitility.await().until(() -> raw.peers().get(0).isGone());
		}
	}

	/** Over HTTP/2 a body breaks off whether or not more of it is asked for. */
	@ParameterizedTest
	@ValueSource(strings = { "abcd", "abc|d" })
	void eventsThatHaveComeBeforeTheStreamBreaksOffAreNotLost(String parts) {
		Sinks.Many<List<ByteBuffer>> body = Sinks.many().unicast().onBackpressureBuffer();
		EventStreamRun run = new EventStreamRun(this.client.events(uri("/live"), String.class));
		StepVerifier.create(run.read(body.asFlux()).map(ServerSentEvent::data), 1).then(() -> {
			for (String part : parts.split("\\|")) {
				body.tryEmitNext(part(part.replaceAll(".", "id: $0\ndata: $0\n\n"))).orThrow();
			}
			body.tryEmitError(new IOException("reset")).orThrow();
		})
			.expectNext("a")
			.thenRequest(2)
			.expectNext("b", "c")
			.thenRequest(1)
			.expectNext("d")
			.expectErrorMessage("reset")
			.verify(LONG);
	}

	private static List<ByteBuffer> part(String text) {
		return List.of(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
	}

	@Test
	void dataThatCannotBeReadIsTheEnd() throws Exception {
		try (RawServer raw = RawServer.start(streaming("data: no JSON\n\n"))) {
			StepVerifier.create(this.client.events(raw.http(), Said.class).onState(this.states::add).messages())
				.expectError(MessageDecodingException.class)
				.verify(LONG);
			Awaitility.await()
				.untilAsserted(() -> assertThat(this.states).last()
					.isInstanceOfSatisfying(ConnectionState.Closed.class,
							(closed) -> assertThat(closed.failure()).isInstanceOf(MessageDecodingException.class)));
		}
	}

	@Test
	void aStreamOnWhichNothingComesIsLost() throws Exception {
		try (RawServer raw = RawServer.start((peer) -> {
			peer.stream();
			peer.drain();
		}, streaming("data: a\n\n"))) {
			assertThat(this.client.events(raw.http(), String.class)
				.settings((settings) -> settings.withIdleTimeout(Duration.ofSeconds(1)))
				.onState(this.states::add)
				.messages()
				.blockFirst(LONG)).isEqualTo("a");
			Awaitility.await().until(() -> this.states.stream().anyMatch(ConnectionState.Closed.class::isInstance));
			assertThat(this.states).filteredOn(ConnectionState.Waiting.class::isInstance)
				.isNotEmpty()
				.allSatisfy((state) -> assertThat(((ConnectionState.Waiting) state).loss().failure())
					.isInstanceOf(SocketTimeoutException.class));
		}
	}

	@Test
	void aServerThatNeverAnswersIsGivenUp() throws Exception {
		try (RawServer raw = RawServer.start(RawServer.Peer::drain, streaming("data: a\n\n"))) {
			assertThat(this.client.events(raw.http(), String.class)
				.handshakeTimeout(Duration.ofMillis(500))
				.messages()
				.blockFirst(LONG)).isEqualTo("a");
			Awaitility.await().until(() -> raw.peers().get(0).isGone());
		}
	}

	@Test
	void eachSubscriptionIsAStreamOfItsOwn() {
		Flux<String> messages = this.client.events(uri("/finite"), String.class).messages();
		assertThat(messages.collectList().block(LONG)).containsExactly("a", "b");
		assertThat(messages.collectList().block(LONG)).containsExactly("a", "b");
	}

	@Test
	void theCloseOfTheClientEndsAll() throws Exception {
		BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
		this.client.events(uri("/live"), String.class).onState(this.states::add).messages().subscribe((message) -> {
		}, failures::add);
		endpoints().nextChannel();
		Awaitility.await().until(() -> this.states.contains(new ConnectionState.Open(null)));
		this.client.close();
		assertThat(failures.poll(30, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class)
			.hasMessage("The client is closed");
		assertThat(endpoints().end()).isNotNull();
	}

}

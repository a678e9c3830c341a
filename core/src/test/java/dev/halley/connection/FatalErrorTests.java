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

import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.codec.Payload;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a {@link Connection} whose application throws what Reactor takes for fatal: a
 * recursion without end, a class that is missing. Nothing of such a connection may stay.
 */
class FatalErrorTests {

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	private final Runs runs = new Runs();

	private final FakeTransport transport = new FakeTransport();

	static Stream<Error> errors() {
		return Stream.of(new StackOverflowError(), new NoClassDefFoundError("com/example/Missing"),
				new OutOfMemoryError("Java heap space"));
	}

	@ParameterizedTest
	@MethodSource("errors")
	void ofAHandlerClosesWith1011(Error error) {
		Connection connection = this.runs.open(InOut.of(In.<String>forEach((message) -> {
			throw error;
		}).whenDone(this.runs.done::add), Out.never()), this.transport);
		connection.received(Runs.text("a"));
		assertEnded();
	}

	@ParameterizedTest
	@MethodSource("errors")
	void ofAnAsynchronousHandlerClosesWith1011(Error error) {
		Connection connection = this.runs.open(InOut.of(In.<String>forEachAsync((message) -> Flux.defer(() -> {
			throw error;
		})).whenDone(this.runs.done::add), Out.never()), this.transport);
		connection.received(Runs.text("a"));
		assertEnded();
	}

	@ParameterizedTest
	@MethodSource("errors")
	void ofAPipelineClosesWith1011(Error error) {
		Connection connection = this.runs.open(InOut.of(In.<String>through((messages) -> messages.map((message) -> {
			throw error;
		})).whenDone(this.runs.done::add), Out.never()), this.transport);
		connection.received(Runs.text("a"));
		assertEnded();
	}

	@Test
	void ofAPipelineClosesThoughAnExceptionHandlerAnswers() {
		this.runs.failures = (failure, message) -> Payload.text("sorry");
		Connection connection = this.runs.open(InOut.of(In.<String>through((messages) -> messages.map((message) -> {
			throw new StackOverflowError();
		})), Out.never()), this.transport);
		connection.received(Runs.text("a"));
		assertThat(this.transport.wire).containsExactly("sorry", "<Close 1011>");
	}

	@ParameterizedTest
	@MethodSource("errors")
	void ofAFlowClosesWith1011(Error error) {
		Connection connection = this.runs.open(InOut.<String, String>flow((messages) -> messages.map((message) -> {
			throw error;
		})), this.transport);
		connection.received(Runs.text("a"));
		assertThat(this.transport.closes).containsExactly(CloseStatus.SERVER_ERROR);
		assertThat(this.runs.registry.size()).isZero();
	}

	@ParameterizedTest
	@MethodSource("errors")
	void ofTheStartOfAnInClosesWith1011(Error error) {
		this.runs.open(InOut.of(In.<String>through((messages) -> {
			throw error;
		}).whenDone(this.runs.done::add), Out.never()), this.transport);
		assertEnded();
	}

	@ParameterizedTest
	@MethodSource("errors")
	void ofTheStartOfAnOutClosesWith1011(Error error) {
		this.runs.open(Out.from((Publisher<String>) (subscriber) -> {
			throw error;
		}), this.transport);
		assertEnded();
	}

	@ParameterizedTest
	@MethodSource("errors")
	void ofASourceThatIsAskedClosesWith1011(Error error) {
		this.runs.open(Out.from(Flux.<String>generate((sink) -> {
			throw error;
		})), this.transport);
		assertEnded();
	}

	@ParameterizedTest
	@MethodSource("errors")
	void ofAnEncoderClosesWith1011AndSparesThePublisherAndTheOthers(Error error) {
		Hub<String> hub = Hubs.inMemory().hub("room", String.class);
		FakeTransport other = new FakeTransport();
		this.runs.open(hub.out().map((message) -> {
			throw error;
		}), this.transport);
		this.runs.open(hub.out(), other);
		hub.publish("a");
		assertThat(other.wire).containsExactly("a");
		assertThat(this.transport.closes).containsExactly(CloseStatus.SERVER_ERROR);
		assertThat(this.runs.registry.size()).isOne();
	}

	@ParameterizedTest
	@MethodSource("errors")
	void ofAFilterOfAHubClosesWith1011AndSparesThePublisherAndTheOthers(Error error) {
		Hub<String> hub = Hubs.inMemory().hub("room", String.class);
		FakeTransport other = new FakeTransport();
		this.runs.open(hub.out((message) -> {
			throw error;
		}), this.transport);
		this.runs.open(hub.out(), other);
		hub.publish("a");
		assertThat(other.wire).containsExactly("a");
		assertThat(this.transport.closes).containsExactly(CloseStatus.SERVER_ERROR);
		assertThat(this.runs.registry.size()).isOne();
	}

	@ParameterizedTest
	@MethodSource("errors")
	void ofAChannelsStartClosesWith1011(Error error) {
		this.runs.open(Out.unicast((channel) -> {
			throw error;
		}), this.transport);
		assertEnded();
	}

	@ParameterizedTest
	@MethodSource("errors")
	void ofACancelledSourceDoesNotKeepTheConnection(Error error) {
		Sinks.Many<String> sink = Sinks.many().unicast().onBackpressureBuffer();
		Connection connection = this.runs.open(Out.from(sink.asFlux().doOnCancel(() -> {
			throw error;
		})), this.transport);
		connection.ended(CloseStatus.NO_CLOSE_FRAME);
		assertThat(this.runs.done).containsExactly(CloseStatus.NO_CLOSE_FRAME);
		assertThat(this.runs.registry.size()).isZero();
	}

	@ParameterizedTest
	@MethodSource("errors")
	void ofWhenDoneIsLogged(Error error) {
		Connection connection = this.runs.open(InOut.of(In.<String>ignore().whenDone(() -> {
			throw error;
		}), Out.never()), this.transport);
		connection.ended(CloseStatus.NO_CLOSE_FRAME);
		assertThat(this.log.messages()).singleElement().asString().contains("whenDone failed");
	}

	private void assertEnded() {
		assertThat(this.transport.closes).containsExactly(CloseStatus.SERVER_ERROR);
		assertThat(this.runs.done).containsExactly(CloseStatus.SERVER_ERROR);
		assertThat(this.runs.registry.size()).isZero();
	}

}

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
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

import dev.halley.CallContext;
import dev.halley.CallContext.Scope;
import dev.halley.CarriedUser;
import dev.halley.ContextCapture;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CallContext}: where a {@link Connection} puts it onto threads.
 */
class CallContextTests {

	private static final ThreadLocal<String> USER = CarriedUser.NAME;

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

	private final FakeTransport transport = new FakeTransport();

	@AfterEach
	void nothingIsLeftOnTheThread() {
		assertThat(USER.get()).isNull();
		assertThat(CallContext.current()).isSameAs(CallContext.NONE);
	}

	private void see(Object place) {
		this.seen.add(place + " " + USER.get());
	}

	private static CallContext capture() {
		return new CarriedUser(USER.get());
	}

	private Connection connect(String user, InOut<String, ?> pair, ContextCapture contexts) {
		Runs runs = new Runs(contexts);
		runs.failures = (failure, message) -> {
			see("failed");
			throw failure;
		};
		USER.set(user);
		Connection connection = runs.connection(pair);
		USER.remove();
		this.transport.attach(connection);
		return connection;
	}

	private Connection open(String user, InOut<String, ?> pair) {
		Connection connection = connect(user, pair, CallContextTests::capture);
		connection.open(this.transport);
		return connection;
	}

	@Test
	void handlersAndWhatFollowsThem() {
		Connection connection = open("ada", InOut.of(In.<String>forEach((message) -> {
			see(message);
			throw new IllegalArgumentException();
		}).whenDone(() -> see("done")), Out.never()));
		connection.received(Runs.text("a"));
		connection.ended(CloseStatus.NORMAL);
		assertThat(this.seen).containsExactly("a ada", "failed ada", "done ada");
	}

	@Test
	void sourcesFromTheirSubscriptionToTheirEnd() {
		Sinks.Many<String> source = Sinks.many().unicast().onBackpressureBuffer();
		Connection connection = open("ada",
				InOut.of(In.ignore(),
						Out.from(source.asFlux()
							.doOnSubscribe((subscription) -> see("subscribed"))
							.doOnRequest((n) -> see("asked"))
							.doOnCancel(() -> see("cancelled"))).map((message) -> {
								see(message);
								return message;
							})));
		source.tryEmitNext("a");
		connection.ended(CloseStatus.NORMAL);
		assertThat(this.seen.subList(0, 2)).containsExactly("subscribed ada", "asked ada");
		assertThat(this.seen).contains("a ada").endsWith("cancelled ada").allMatch((line) -> line.endsWith(" ada"));
	}

	@Test
	void anEmissionOnAThreadOfSomebodyElse() {
		Sinks.Many<String> source = Sinks.many().unicast().onBackpressureBuffer();
		open("ada", InOut.of(In.ignore(), Out.from(source.asFlux()).map((message) -> {
			see(message);
			return message;
		})));
		USER.set("eve");
		source.tryEmitNext("a");
		assertThat(USER.get()).isEqualTo("eve");
		USER.remove();
		assertThat(this.seen).containsExactly("a ada");
	}

	@Test
	void whoeverHadNothingFindsNothingOnAThreadOfSomebodyElse() {
		Sinks.Many<String> source = Sinks.many().unicast().onBackpressureBuffer();
		open(null, InOut.of(In.ignore(), Out.from(source.asFlux()).map((message) -> {
			see(message);
			return message;
		})));
		USER.set("eve");
		source.tryEmitNext("a");
		USER.remove();
		assertThat(this.seen).containsExactly("a null");
	}

	@Test
	void aConnectionWithinTheCallOfAnother() {
		Sinks.Many<String> source = Sinks.many().unicast().onBackpressureBuffer();
		open("eve", InOut.of(In.ignore(), Out.from(source.asFlux()).map((message) -> {
			see(message);
			return message;
		})));
		Connection ada = connect("ada", InOut.of(In.forEach((message) -> {
			source.tryEmitNext("to eve");
			see(message);
		}), Out.never()), CallContextTests::capture);
		ada.open(new FakeTransport());
		ada.received(Runs.text("from ada"));
		assertThat(this.seen).containsExactly("to eve eve", "from ada ada");
	}

	@Test
	void whatAPipelineFindsInItsReactorContext() {
		Connection connection = open("ada",
				InOut.of(In.<String>through((messages) -> messages.concatMap(
						(message) -> Mono.deferContextual((context) -> Mono.just(message + " " + context.get("user"))))
					.doOnNext(this.seen::add)), Out.from(Flux.deferContextual((context) -> {
						this.seen.add("out " + context.get("user"));
						return Flux.never();
					}))));
		connection.received(Runs.text("in"));
		assertThat(this.seen).containsExactly("out ada", "in ada");
	}

	@Test
	void whatAnAsynchronousHandlerFindsInItsReactorContext() {
		Connection connection = open("ada", InOut.of(In.forEachAsync((message) -> Mono.deferContextual((context) -> {
			this.seen.add(message + " " + context.get("user"));
			return Mono.empty();
		})), Out.never()));
		connection.received(Runs.text("a"));
		assertThat(this.seen).containsExactly("a ada");
	}

	@Test
	void aPipelineThatEndsElsewhere() throws Exception {
		Sinks.Empty<Void> gate = Sinks.empty();
		Connection connection = open("ada",
				InOut.of(In.<String>through((messages) -> messages.then(gate.asMono())).whenDone(() -> see("done")),
						Out.never()));
		connection.ended(CloseStatus.NORMAL);
		assertThat(this.seen).isEmpty();
		CompletableFuture.runAsync(gate::tryEmitEmpty).get(30, TimeUnit.SECONDS);
		assertThat(this.seen).containsExactly("done ada");
	}

	@Test
	void channels() throws Exception {
		Connection connection = open("ada", InOut.of(In.ignore(), Out.<String>unicast((channel) -> {
			see("started");
			channel.onEnd(() -> see("ended"));
			CompletableFuture.runAsync(channel::end).orTimeout(1, TimeUnit.MINUTES).join();
			channel.onEnd(() -> see("ended before"));
		})));
		assertThat(this.seen).containsExactly("started ada", "ended ada", "ended before ada");
		connection.ended(CloseStatus.NORMAL);
	}

	@Test
	void suppliersOnThreadsOfReactor() {
		Connection connection = open("ada", InOut.of(In.ignore(), Out.every(Duration.ofMillis(1), () -> {
			see("tick");
			return "tick";
		})));
		Awaitility.await().until(() -> !this.seen.isEmpty());
		connection.ended(CloseStatus.NORMAL);
		assertThat(this.seen).allMatch("tick ada"::equals);
	}

	@Test
	void severalAreTakenAwayInTheOppositeOrder() {
		ContextCapture contexts = ContextCapture
			.all(List.of(() -> new Noted("a"), () -> CallContext.NONE, () -> new Noted("b")));
		Connection connection = connect("ada", InOut.of(In.forEach((message) -> this.seen.add("handled")), Out.never()),
				contexts);
		connection.open(this.transport);
		this.seen.clear();
		connection.received(Runs.text("a"));
		assertThat(this.seen).containsExactly("+a", "+b", "handled", "-b", "-a");
	}

	@Test
	void oneThatCannotBePutOnAThreadIsAFailureAndLeavesNoOther() {
		ContextCapture contexts = ContextCapture.all(List.of(CallContextTests::capture, () -> new CallContext() {
			@Override
			protected Scope apply() {
				throw new IllegalStateException("no context");
			}
		}));
		Connection connection = connect("ada", InOut.of(In.forEach(this::see), Out.never()), contexts);
		connection.open(this.transport);
		assertThat(this.transport.closes).containsExactly(CloseStatus.SERVER_ERROR);
	}

	@Test
	void nothingCostsNothing() {
		assertThat(ContextCapture.all(List.of()).capture()).isSameAs(CallContext.NONE);
		assertThat(CallContext.NONE.enter()).isSameAs(Scope.NONE);
		assertThat(CallContext.NONE.addTo(Context.empty())).isSameAs(Context.empty());
		assertThat(CallContext.from(Context.empty())).isSameAs(CallContext.NONE);
	}

	private final class Noted extends CallContext {

		private final String name;

		Noted(String name) {
			this.name = name;
		}

		@Override
		protected Scope apply() {
			CallContextTests.this.seen.add("+" + this.name);
			return () -> CallContextTests.this.seen.add("-" + this.name);
		}

	}

}

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

import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.springframework.core.OverridingClassLoader;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Sinks;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LoggingContext}.
 */
class LoggingContextTests {

	private final Runs runs = new Runs();

	private final FakeTransport transport = new FakeTransport();

	private final List<String> seen = new ArrayList<>();

	@AfterEach
	void nothingIsLeftOnTheThread() {
		assertThat(names()).isEqualTo("null null null");
	}

	private static String names() {
		return MDC.get("halley.connection") + " " + MDC.get("halley.endpoint") + " " + MDC.get("halley.user");
	}

	private <T> T see(T message) {
		this.seen.add(message + ": " + names());
		return message;
	}

	private Connection open(String id, @Nullable Principal user, InOut<?, ?> pair, FakeTransport transport) {
		ConnectionInfo info = new ConnectionInfo(id, "websocket", "/rooms/{room}", "Rooms.room", Runs.INFO.uri(), null,
				user, null, Runs.INFO.opened());
		Connection connection = new Connection(info, pair, this.runs.codec, this.runs.codec, this.runs.failures,
				this.runs.settings, this.runs.registry, this.runs.registry.reserve(null, null));
		transport.attach(connection);
		connection.open(transport);
		return connection;
	}

	private void log(boolean context, boolean user) {
		this.runs.registry.logWith(new ConnectionLogging(context, user, 0, List.of()));
	}

	@Test
	void handlersSourcesAndTheEndFindTheNames() {
		log(true, true);
		Sinks.Many<String> source = Sinks.many().unicast().onBackpressureBuffer();
		Connection connection = open("c1", () -> "ada", InOut
			.of(In.<String>forEach(this::see).whenDone(() -> see("done")), Out.from(source.asFlux()).map(this::see)),
				this.transport);
		connection.received(Runs.text("in"));
		source.tryEmitNext("out");
		connection.ended(CloseStatus.NORMAL);
		assertThat(this.seen).containsExactly("in: c1 /rooms/{room} ada", "out: c1 /rooms/{room} ada",
				"done: c1 /rooms/{room} ada");
	}

	@Test
	void theUserIsNamedOnlyIfAskedForAndOnOneLine() {
		log(true, false);
		open("c1", () -> "ada", InOut.of(In.<String>forEach(this::see), Out.never()), this.transport)
			.received(Runs.text("in"));
		log(true, true);
		open("c2", () -> "ada\nroot", InOut.of(In.<String>forEach(this::see), Out.never()), new FakeTransport())
			.received(Runs.text("in"));
		assertThat(this.seen).containsExactly("in: c1 /rooms/{room} null", "in: c2 /rooms/{room} ada root");
	}

	@Test
	void aConnectionWithinTheCallOfAnotherHasItsOwn() {
		log(true, true);
		Sinks.Many<String> source = Sinks.many().unicast().onBackpressureBuffer();
		open("c1", null, InOut.of(In.ignore(), Out.from(source.asFlux()).map(this::see)), new FakeTransport());
		Connection second = open("c2", () -> "ada", InOut.of(In.<String>forEach((message) -> {
			see("before");
			source.tryEmitNext(message);
			see("after");
		}), Out.never()), this.transport);
		second.received(Runs.text("in"));
		assertThat(this.seen).containsExactly("before: c2 /rooms/{room} ada", "in: c1 /rooms/{room} null",
				"after: c2 /rooms/{room} ada");
	}

	@Test
	void nothingIsNamedUnlessAskedFor() {
		log(false, true);
		open("c1", () -> "ada", InOut.of(In.<String>forEach(this::see), Out.never()), this.transport)
			.received(Runs.text("in"));
		assertThat(this.seen).containsExactly("in: null null null");
	}

	@Test
	void withoutSlf4jConnectionsRunAsEver() throws Exception {
		ClassLoader without = new WithoutSlf4j(getClass().getClassLoader());
		Class<?> run = without.loadClass(Run.class.getName());
		assertThat(run.getClassLoader()).isSameAs(without);
		var constructor = run.getDeclaredConstructor();
		constructor.setAccessible(true);
		assertThat(((Callable<?>) constructor.newInstance()).call()).isEqualTo(List.of("in"));
	}

	/** Loads the classes of the project anew, for which there is no SLF4J. */
	private static final class WithoutSlf4j extends OverridingClassLoader {

		WithoutSlf4j(ClassLoader parent) {
			super(parent);
		}

		@Override
		protected boolean isEligibleForOverriding(String className) {
			return className.startsWith("dev.halley.");
		}

		@Override
		public Class<?> loadClass(String name) throws ClassNotFoundException {
			return loadClass(name, false);
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			if (name.startsWith("org.slf4j.")) {
				throw new ClassNotFoundException(name);
			}
			return super.loadClass(name, resolve);
		}

	}

	/** Runs a connection. */
	static final class Run implements Callable<List<String>> {

		@Override
		public List<String> call() {
			Runs runs = new Runs();
			runs.registry.logWith(new ConnectionLogging(true, true, 0, List.of()));
			runs.open(InOut.of(runs.in(), Out.never()), new FakeTransport()).received(Runs.text("in"));
			return List.copyOf(runs.received);
		}

	}

}

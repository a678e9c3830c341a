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

package dev.halley.web;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Flux;

import dev.halley.Out;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.websocket.engine.Engine;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When a closed tab is noticed, with real sockets in virtual time.
 */
@ParameterizedClass
@EnumSource(value = Engine.class, names = { "NATIVE", "LOOPS" })
class ClosedTabTests {

	private static final AtomicLong CLOCK = new AtomicLong();

	private static final AtomicBoolean CANCELLED = new AtomicBoolean();

	@Parameter
	private Engine engine;

	private TestServer server;

	@BeforeEach
	void start() {
		CANCELLED.set(false);
		this.server = TestServer.start(this.engine, Time.class, Endpoint.class);
	}

	@AfterEach
	void stop() {
		this.server.close();
	}

	/** What was sent is read, so that the end of the connection is no reset. */
	@ParameterizedTest
	@ValueSource(strings = { "text/html", "text/event-stream" })
	void endsASilentOutWithinOneHeartbeat(String accept) throws IOException {
		ConnectionRegistry registry = this.server.registry();
		RawStream stream = RawStream.get(this.server.port(), "/silent", "Accept: " + accept);
		if (accept.equals("text/html")) {
			assertThat(stream.chunk()).hasSize(5132);
		}
		Awaitility.await().until(() -> registry.size() == 1);
		stream.close();
		long closed = CLOCK.get();
		CLOCK.addAndGet(Duration.ofSeconds(30).toNanos());
		registry.tick();
		Awaitility.await().pollInterval(Duration.ofMillis(200)).until(() -> {
			CLOCK.addAndGet(Duration.ofMillis(250).toNanos());
			registry.tick();
			return CANCELLED.get();
		});
		assertThat(Duration.ofNanos(CLOCK.get() - closed)).isLessThan(Duration.ofSeconds(35));
		assertThat(registry.size()).isZero();
	}

	@Configuration(proxyBeanMethods = false)
	static class Time {

		@Bean
		LongSupplier ticker() {
			return CLOCK::get;
		}

	}

	@Controller
	static class Endpoint {

		@CometMapping(path = "/silent", callback = "f")
		@EventSourceMapping("/silent")
		Out<String> silent() {
			return Out.from(Flux.<String>never().doOnCancel(() -> CANCELLED.set(true)));
		}

	}

}

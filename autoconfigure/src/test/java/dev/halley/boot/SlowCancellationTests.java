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

package dev.halley.boot;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;
import org.springframework.core.ResolvableType;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.MessageCodecs;
import dev.halley.codec.Payload;
import dev.halley.connection.Connection;
import dev.halley.connection.ConnectionInfo;
import dev.halley.connection.ConnectionLimits;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.ConnectionSettings;
import dev.halley.connection.ConnectionTimer;
import dev.halley.connection.FailureHandler;
import dev.halley.connection.Transport;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A shutdown with ten thousand connections whose sources take their time to be cancelled,
 * on the threads that auto-configuration makes.
 */
class SlowCancellationTests {

	private static final int CONNECTIONS = 10_000;

	private final MessageCodec<?> codec = MessageCodecs.builder().build().codec(ResolvableType.forClass(String.class));

	private final ConnectionRegistry registry = new ConnectionRegistry(
			ConnectionExecutors.create("halley-", new MockEnvironment()),
			ConnectionExecutors.create("halley-callback-", new MockEnvironment()), ConnectionLimits.NONE,
			System::nanoTime);

	private final AtomicInteger told = new AtomicInteger();

	private void open(Runnable cancellation) {
		for (int i = 0; i < CONNECTIONS; i++) {
			ConnectionInfo info = new ConnectionInfo("c" + i, "websocket", "/", "Rooms.room", URI.create("/"), null,
					null, null, Instant.EPOCH);
			InOut<String, String> pair = InOut.of(In.ignore(), Out.from(Flux.<String>never().doOnCancel(cancellation)));
			Connection connection = new Connection(info, pair, this.codec, this.codec, FailureHandler.NONE,
					ConnectionSettings.DEFAULT, this.registry, this.registry.reserve(null, null));
			connection.open(new Wire(connection));
		}
	}

	private void stop(Duration timeout) throws Exception {
		ConnectionLifecycle lifecycle = new ConnectionLifecycle(this.registry,
				new ConnectionTimer(this.registry, Duration.ofSeconds(1)), timeout);
		lifecycle.start();
		CompletableFuture.runAsync(lifecycle::stop, (task) -> new Thread(task).start()).get(120, TimeUnit.SECONDS);
	}

	/** One after the other they would take more than eight minutes. */
	@Test
	void isOverWhenAllAreCancelled() throws Exception {
		AtomicInteger cancelled = new AtomicInteger();
		open(() -> {
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
			cancelled.incrementAndGet();
		});
		stop(Duration.ofSeconds(100));
		assertThat(this.told).hasValue(CONNECTIONS);
		assertThat(cancelled).hasValue(CONNECTIONS);
	}

	@Test
	void tellsAllAndIsOverThoughNoCancellationEverIs() throws Exception {
		CountDownLatch latch = new CountDownLatch(1);
		open(() -> {
			try {
				latch.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		stop(Duration.ofMillis(200));
		assertThat(this.told).hasValue(CONNECTIONS);
		assertThat(this.registry.size()).isZero();
		latch.countDown();
	}

	/** A peer that answers a Close at once. */
	private final class Wire implements Transport {

		private final Connection connection;

		Wire(Connection connection) {
			this.connection = connection;
		}

		@Override
		public void send(List<Payload> batch, Runnable sent) {
			sent.run();
		}

		@Override
		public void suspend() {
		}

		@Override
		public void resume() {
		}

		@Override
		public void close(CloseStatus status) {
			SlowCancellationTests.this.told.incrementAndGet();
			this.connection.ended(status);
		}

		@Override
		public void abort(CloseStatus status) {
		}

		@Override
		public boolean answersPings() {
			return true;
		}

		@Override
		public boolean outlivesOut() {
			return true;
		}

	}

}

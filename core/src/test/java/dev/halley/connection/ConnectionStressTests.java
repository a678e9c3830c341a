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
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.Overflow;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a {@link Connection} that many threads use at once.
 */
@Timeout(30)
class ConnectionStressTests {

	private static final int PUBLISHERS = 8;

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final ExecutorService wires = Executors.newFixedThreadPool(3);

	private final Runs runs = new Runs(this.threads);

	private final Hub<String> hub = Hubs.inMemory().hub("room", String.class);

	@AfterEach
	void stopThreads() {
		this.threads.shutdownNow();
		this.wires.shutdownNow();
	}

	@ParameterizedTest
	@EnumSource(names = { "CLOSE", "DROP_OLDEST" })
	void keepsOneOrderForAllAndLosesNothing(Overflow overflow) throws Exception {
		int each = 1000;
		this.runs.with(overflow, PUBLISHERS * each + 64, 1 << 24);
		List<FakeTransport> transports = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			FakeTransport transport = (i != 0) ? new FakeTransport().completingOn(this.wires) : new FakeTransport();
			this.runs.open(this.hub.out(), transport);
			transports.add(transport);
		}
		concurrently(PUBLISHERS, (publisher) -> {
			for (int i = 0; i < each; i++) {
				this.hub.publish(publisher + ":" + i);
			}
		});
		for (FakeTransport transport : transports) {
			Awaitility.await().until(() -> transport.wire.size() >= PUBLISHERS * each);
			assertThat(transport.wire).isEqualTo(transports.get(0).wire);
			assertThat(transport.overlaps).hasValue(0);
		}
		for (int publisher = 0; publisher < PUBLISHERS; publisher++) {
			String prefix = publisher + ":";
			List<String> mine = transports.get(0).wire.stream().filter((text) -> text.startsWith(prefix)).toList();
			assertThat(mine).hasSize(each).isSortedAccordingTo((a, b) -> number(a) - number(b));
		}
		assertThat(this.runs.codec.encoded).hasValue(PUBLISHERS * each);
	}

	@Test
	void endsOnceHoweverManyEndIt() throws Exception {
		for (int round = 0; round < 1000; round++) {
			AtomicInteger cancels = new AtomicInteger();
			FakeTransport transport = new FakeTransport().completingOn(this.wires);
			Runs runs = new Runs(this.threads);
			Out<String> out = Out.from(Flux.<String>never().doOnCancel(cancels::incrementAndGet))
				.interleave(this.hub.out());
			Connection connection = runs.open(out, transport);
			concurrently(4, (thread) -> {
				switch (thread) {
					case 0 -> connection.close(new CloseStatus(4000));
					case 1 -> connection.ended(CloseStatus.NO_CLOSE_FRAME);
					case 2 -> runs.registry.closeAll(CloseStatus.GOING_AWAY);
					default -> this.hub.publish("m");
				}
			});
			awaitSoon(() -> !runs.done.isEmpty() && cancels.get() > 0);
			assertThat(runs.done).hasSize(1);
			assertThat(transport.closes).hasSizeLessThanOrEqualTo(1);
			assertThat(cancels).hasValue(1);
			assertThat(transport.overlaps).hasValue(0);
			assertThat(runs.registry.size()).isZero();
		}
		Awaitility.await().until(() -> this.hub.subscribers() == 0);
	}

	@Test
	void closesExactlyOnceAfterAllThatWasSentBefore() throws Exception {
		for (int round = 0; round < 1000; round++) {
			FakeTransport transport = new FakeTransport().completingOn(this.wires);
			Runs runs = new Runs(this.threads);
			Connection connection = runs.open(this.hub.out(), transport);
			// What nobody has asked a source for is not sent, what was published is
			this.hub.publish("a");
			this.hub.publish("b");
			concurrently(3, (thread) -> {
				if (thread == 0) {
					this.hub.publish("c");
				}
				else {
					connection.close(CloseStatus.NORMAL);
				}
			});
			awaitSoon(() -> !runs.done.isEmpty());
			assertThat(transport.wire).startsWith("a", "b").endsWith("<Close 1000>").hasSizeBetween(3, 4);
			assertThat(transport.closes).hasSize(1);
			assertThat(transport.overlaps).hasValue(0);
		}
	}

	@Test
	void runsWhenDoneOnceThoughHandlersAndEndsMeet() throws Exception {
		for (int round = 0; round < 1000; round++) {
			Runs runs = new Runs(this.threads);
			AtomicInteger handling = new AtomicInteger();
			AtomicInteger early = new AtomicInteger();
			In<String> in = In.<String>forEachAsync((message) -> {
				handling.incrementAndGet();
				return CompletableFuture.runAsync(handling::decrementAndGet, this.wires);
			}).whenDone((status) -> {
				early.addAndGet(handling.get());
				runs.done.add(status);
			});
			FakeTransport transport = new FakeTransport();
			Connection connection = runs.open(InOut.of(in, Out.never()), transport);
			concurrently(2, (thread) -> {
				if (thread == 0) {
					connection.received(Runs.text("a"));
				}
				else {
					connection.ended(CloseStatus.NO_CLOSE_FRAME);
				}
			});
			awaitSoon(() -> !runs.done.isEmpty());
			assertThat(runs.done).containsExactly(CloseStatus.NO_CLOSE_FRAME);
			assertThat(early).hasValue(0);
		}
	}

	@Test
	void opensAndEndsAtTheSameTime() throws Exception {
		for (int round = 0; round < 1000; round++) {
			Runs runs = new Runs(this.threads);
			FakeTransport transport = new FakeTransport();
			Connection connection = runs.connection(InOut.of(runs.in(), this.hub.out()));
			transport.attach(connection);
			concurrently(2, (thread) -> {
				if (thread == 0) {
					connection.open(transport);
				}
				else {
					connection.ended(CloseStatus.NO_CLOSE_FRAME);
				}
			});
			awaitSoon(() -> !runs.done.isEmpty());
			assertThat(runs.done).containsExactly(CloseStatus.NO_CLOSE_FRAME);
			assertThat(runs.registry.size()).isZero();
			assertThat(this.hub.subscribers()).isZero();
		}
	}

	@Test
	void losesNoDemandBetweenAFastSourceAndAFastWire() {
		FakeTransport transport = new FakeTransport().completingOn(this.wires);
		this.runs.open(Out.from(Flux.range(0, 20_000).map((i) -> "m" + i).publishOn(Schedulers.parallel(), 16))
			.andThen(Out.eof()), transport);
		Awaitility.await().until(() -> !this.runs.done.isEmpty());
		assertThat(transport.wire).hasSize(20_001).endsWith("m19999", "<Close 1000>");
		assertThat(transport.wire.subList(0, 20_000)).isSortedAccordingTo((a, b) -> number(a) - number(b));
		assertThat(transport.overlaps).hasValue(0);
	}

	@Test
	void ticksAndPingsWhileAllElseGoesOn() throws Exception {
		FakeTransport transport = new FakeTransport().completingOn(this.wires);
		Duration hour = Duration.ofHours(1);
		this.runs.settings = new ConnectionSettings(10_000, 1 << 24, Overflow.CLOSE, 1 << 16, hour,
				Duration.ofMillis(1), hour, hour, hour);
		Connection connection = this.runs.open(this.hub.out(), transport);
		concurrently(3, (thread) -> {
			for (int i = 0; i < 2000; i++) {
				switch (thread) {
					case 0 -> this.runs.pass(Duration.ofMillis(1));
					case 1 -> connection.pong();
					default -> this.hub.publish("m" + i);
				}
			}
		});
		Awaitility.await().until(() -> transport.wire.contains("m1999"));
		Awaitility.await().until(() -> {
			this.runs.pass(Duration.ofMillis(1));
			return transport.wire.contains("<PING>");
		});
		connection.close(CloseStatus.NORMAL);
		Awaitility.await().until(() -> !this.runs.done.isEmpty());
		List<String> messages = transport.wire.stream().filter((text) -> text.startsWith("m")).toList();
		assertThat(messages).hasSize(2000).isSortedAccordingTo((a, b) -> number(a) - number(b));
		assertThat(transport.wire).contains("<PING>").endsWith("<Close 1000>");
		assertThat(transport.overlaps).hasValue(0);
	}

	private static int number(String text) {
		return Integer.parseInt(text.substring(text.startsWith("m") ? 1 : text.indexOf(':') + 1));
	}

	/** Looks often, since there are many rounds. */
	private static void awaitSoon(Callable<Boolean> condition) {
		Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(condition);
	}

	/** Runs the same on several threads that start together, and waits for all. */
	private void concurrently(int count, IntConsumer action) throws Exception {
		CyclicBarrier start = new CyclicBarrier(count);
		List<CompletableFuture<Void>> runs = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			int thread = i;
			runs.add(CompletableFuture.runAsync(() -> {
				await(start);
				action.accept(thread);
			}, this.threads));
		}
		CompletableFuture.allOf(runs.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
	}

	private static void await(CyclicBarrier barrier) {
		try {
			barrier.await();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}

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

package dev.halley.websocket.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Flux;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.WebSocketMapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Clients that mean harm, many at once, while others want an answer over HTTP: they get
 * it, and nothing is left of the attack. {@code -Dloop.attackers=…} says how many there
 * are, and {@code -Dloop.closes=…} how many close at once.
 */
class LoopAttackTests {

	private static final Log logger = LogFactory.getLog(LoopAttackTests.class);

	private static final int ATTACKERS = Integer.getInteger("loop.attackers", 400);

	private static final int CLOSES = Math.min(Integer.getInteger("loop.closes", 2000), Holdings.mostConnections());

	private static final int THREADS = 8;

	private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

	private final Queue<RawClient> held = new ConcurrentLinkedQueue<>();

	private EngineServer server;

	private Holdings before;

	private Set<Thread> threadsBefore;

	@BeforeEach
	void start() {
		this.threadsBefore = Holdings.threads();
		this.server = EngineServer.on(Engine.LOOPS)
			.timeouts(Duration.ofSeconds(1), Duration.ofSeconds(2))
			.start(LoopLeakTests.Endpoints.class, Pouring.class);
		this.server.connect("/echo").close();
		await().until(() -> this.server.connections() == 0 && Holdings.of(this.server).keys() == 0);
		this.before = Holdings.of(this.server);
	}

	@AfterEach
	void stop() {
		this.threads.shutdownNow();
		this.server.close();
	}

	private RawClient client() throws IOException {
		return new RawClient(new Socket(InetAddress.getLoopbackAddress(), this.server.port()));
	}

	@Test
	@Timeout(value = 30, unit = TimeUnit.MINUTES)
	void httpIsAnsweredDuringAnAttackOfWhichNothingIsLeft() throws Exception {
		long usual = median(200);
		AtomicInteger running = new AtomicInteger(THREADS);
		List<Future<?>> attacks = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			int first = i;
			attacks.add(this.threads.submit(() -> {
				for (int number = first; number < ATTACKERS; number += THREADS) {
					attack(number);
				}
				running.decrementAndGet();
			}));
		}
		List<Long> times = new ArrayList<>();
		do {
			times.add(median(1));
		}
		while (running.get() > 0);
		for (Future<?> attack : attacks) {
			attack.get(1, TimeUnit.MINUTES);
		}
		Collections.sort(times);
		logger.info("HTTP took " + usual / 1000 + " us before, " + times.get(times.size() / 2) / 1000 + " during "
				+ ATTACKERS + " attacks, in the median of " + times.size());
		assertThat(Duration.ofNanos(times.get(times.size() / 2))).isLessThan(Duration.ofSeconds(2));
		await().until(() -> this.server.connections() == 0);
		this.held.forEach(RawClient::close);
		Holdings.awaitReturn(this.server, this.before);
	}

	/** In nanoseconds. */
	private long median(int count) {
		long[] times = new long[count];
		for (int i = 0; i < count; i++) {
			long start = System.nanoTime();
			try (RawClient client = client()) {
				client.send(Frames.utf8("GET /plain HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
				assertThat(new String(client.socket().getInputStream().readAllBytes())).endsWith("plain");
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			times[i] = System.nanoTime() - start;
		}
		Arrays.sort(times);
		return times[count / 2];
	}

	/** The server may cut off whom it likes, whenever it likes. */
	private void attack(int number) {
		Random random = new Random(number);
		RawClient client = null;
		try {
			client = client();
			client.socket().setSoTimeout(5000);
			this.held.add(client);
			harm(number % 9, client, random);
		}
		catch (IOException | UncheckedIOException ex) {
			logger.trace("Cut off", ex);
		}
	}

	private void harm(int kind, RawClient client, Random random) throws IOException {
		byte[] request = Frames.utf8(RawClient.request("/echo"));
		byte[] all = Frames.join(request, Frames.masked(Frames.FIN_TEXT, "message"), Frames.close(1000, ""));
		switch (kind) {
			case 0 -> client.handshake("/pours");
			case 1 -> {
				client.send(Arrays.copyOf(all, random.nextInt(all.length)));
				client.socket().shutdownOutput();
			}
			case 2 -> {
				client.send(Arrays.copyOf(all, random.nextInt(all.length)));
				client.vanish();
			}
			case 3 -> {
				client.handshake("/pours").send(Arrays.copyOf(all, random.nextInt(10)));
				client.vanish();
			}
			case 4 -> floodAndVanish(client, Frames.masked(Frames.FIN_PING, "p"));
			case 5 -> floodAndVanish(client, Frames.masked(Frames.FIN_TEXT, ""));
			case 6 -> {
				client.handshake("/echo").send(Frames.masked(Frames.TEXT, "f"));
				flood(client, Frames.masked(Frames.CONTINUATION, "f"));
				client.send(Frames.masked(Frames.FIN_CONTINUATION, "f"));
				client.next();
				client.socket().shutdownOutput();
			}
			case 7 -> {
				for (byte single : all) {
					client.send(new byte[] { single });
				}
				client.socket().shutdownOutput();
			}
			default -> {
				client.handshake("/echo").send(Frames.masked(Frames.FIN_TEXT, "message"), Frames.close(1000, ""));
				client.socket().shutdownOutput();
			}
		}
	}

	private static void floodAndVanish(RawClient client, byte[] frame) {
		flood(client.handshake("/echo"), frame);
		client.vanish();
	}

	private static void flood(RawClient client, byte[] frame) {
		byte[] many = Frames.repeat(frame, 1000);
		for (int i = 0; i < 20; i++) {
			client.send(many);
		}
	}

	@Test
	void manyThatCloseAtOnceAreAllAnswered() throws Exception {
		List<RawClient> clients = new ArrayList<>();
		for (int i = 0; i < CLOSES; i++) {
			clients.add(this.server.connect("/echo"));
		}
		assertThat(this.server.connections()).isEqualTo(CLOSES);
		CountDownLatch go = new CountDownLatch(1);
		List<Future<?>> closes = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			int first = i;
			closes.add(this.threads.submit(() -> {
				assertThat(go.await(30, TimeUnit.SECONDS)).isTrue();
				for (int number = first; number < CLOSES; number += THREADS) {
					clients.get(number).send(Frames.close(1000, ""));
				}
				return null;
			}));
		}
		go.countDown();
		for (Future<?> close : closes) {
			close.get(1, TimeUnit.MINUTES);
		}
		clients.forEach((client) -> {
			assertThat(client.next()).isEqualTo("close 1000");
			assertThat(client.next()).isEqualTo(RawClient.END);
			client.close();
		});
		Holdings.awaitReturn(this.server, this.before);
	}

	@Test
	void theApplicationEndsInTheMiddleOfAnAttack() throws Exception {
		CountDownLatch half = new CountDownLatch(ATTACKERS / 2);
		AtomicInteger next = new AtomicInteger();
		List<Future<?>> attacks = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			attacks.add(this.threads.submit(() -> {
				for (int number = next.getAndIncrement(); number < ATTACKERS; number = next.getAndIncrement()) {
					attack(number);
					half.countDown();
				}
			}));
		}
		assertThat(half.await(1, TimeUnit.MINUTES)).isTrue();
		EventLoops loops = this.server.bean(EventLoops.class);
		this.threads.submit(this.server::close).get(1, TimeUnit.MINUTES);
		for (Future<?> attack : attacks) {
			attack.get(1, TimeUnit.MINUTES);
		}
		this.held.forEach(RawClient::close);
		assertThat(loops.connections()).isZero();
		await().untilAsserted(() -> assertThat(Holdings.threads()).isSubsetOf(this.threadsBefore));
		await().untilAsserted(() -> assertThat(Holdings.openDescriptors()).isLessThan(this.before.descriptors() + 20));
	}

	/** Sends to whoever reads, or does not. */
	@Controller
	static class Pouring {

		@WebSocketMapping(path = "/pours")
		InOut<String, byte[]> pours() {
			return InOut.of(In.ignore(), Out.from(Flux.range(0, 1000).map((number) -> new byte[64_000])));
		}

	}

}

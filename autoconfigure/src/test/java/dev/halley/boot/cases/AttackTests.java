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

package dev.halley.boot.cases;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

import dev.halley.boot.Server;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Attacks on a server by all that a client can send, and by code of the application that
 * fails at the worst. Plain requests get their answers meanwhile. Afterwards the server
 * has given everything back, though those who stall still hold their ends, and serves
 * others.
 * <p>
 * {@code -Dattack.clients=…} says how many attackers there are, {@code -Dattack.frames=…}
 * how many frames or messages one sends, {@code -Dattack.names=…} how many names of hubs
 * there are, {@code -Dattack.deadlocks=…} how many pairs of handlers, and
 * {@code -Dattack.servers=…} which of {@link Server} are attacked, or {@code all}. The
 * log tells how long a plain request took before and during each attack, and during as
 * many plain requests of others.
 */
@ParameterizedClass
@MethodSource("servers")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class AttackTests {

	private static final Log log = LogFactory.getLog(AttackTests.class);

	private static final int CLIENTS = Integer.getInteger("attack.clients", 40);

	private static final int FRAMES = Integer.getInteger("attack.frames", 2_000);

	private static final int NAMES = Integer.getInteger("attack.names", 400);

	private static final int DEADLOCKS = Integer.getInteger("attack.deadlocks", 10);

	private static final int THREADS = 4;

	/** So that an attacker that waits for something in vain is a failure. */
	private static final long LONGEST = TimeUnit.MINUTES.toNanos(Long.getLong("attack.minutes", 2));

	private static ServletWebServerApplicationContext context;

	private static Remains before;

	private static Level level;

	@Parameter
	private Server server;

	private ExecutorService threads;

	private Attacker attacker;

	static List<Server> servers() {
		String servers = System.getProperty("attack.servers", Server.TOMCAT_LOOPS.name());
		return servers.equals("all") ? List.of(Server.values())
				: Arrays.stream(servers.split(",")).map(Server::valueOf).toList();
	}

	@BeforeParameterizedClassInvocation
	static void start(Server server) throws IOException {
		context = server.start(AttackedApplication.class, "halley.limits.connections=20000",
				"halley.limits.per-address=20000", "halley.websocket.ping-interval=1s",
				"halley.websocket.pong-timeout=3s", "halley.websocket.close-timeout=1s",
				"halley.websocket.send-timeout=1s", "halley.sse.send-timeout=1s", "halley.comet.send-timeout=1s",
				"halley.sse.heartbeat=1s", "halley.comet.heartbeat=1s", "halley.hub.presence.grace=0s",
				"server.tomcat.connection-timeout=3s", "server.jetty.connection-idle-timeout=3s");
		// Failures, and their stacks, are a part of it
		level = logger().getLevel();
		logger().setLevel(Level.OFF);
		try (Attacker first = new Attacker(port())) {
			for (int i = 0; i < THREADS; i++) {
				first.fetch("/plain/1");
				Peer peer = first.open("/echo").say("warm");
				assertThat(peer.nextAnsweringPings()).isEqualTo("text warm");
				peer.closeInGoodOrder();
			}
		}
		before = Remains.of(context);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		try {
			before.awaitReturnOfThreads(context);
		}
		finally {
			logger().setLevel(level);
			endpoints().free();
			context.close();
		}
	}

	private static Logger logger() {
		return (Logger) LoggerFactory.getLogger("dev.halley.connection");
	}

	private static int port() {
		return context.getWebServer().getPort();
	}

	private static AttackedApplication.Endpoints endpoints() {
		return context.getBean(AttackedApplication.Endpoints.class);
	}

	@BeforeEach
	void begin() {
		this.threads = Executors.newFixedThreadPool(THREADS, (task) -> new Thread(task, "attacker"));
		this.attacker = new Attacker(port());
	}

	@AfterEach
	void end() throws IOException {
		this.attacker.close();
		this.threads.shutdownNow();
	}

	/** Attacks, and goes without a word. */
	private void attack(String what, int count, Attack attack) throws Exception {
		attackAndHold(what, count, attack);
		this.attacker.close();
		leavesNothing();
	}

	/** Attacks, and waits for the server to be rid of it. */
	private void attackAndStay(String what, int count, Attack attack) throws Exception {
		attackAndHold(what, count, attack);
		leavesNothing();
	}

	/**
	 * Attacks while plain requests are answered, and some more while the attackers hold
	 * what they have.
	 */
	private void attackAndHold(String what, int count, Attack attack) throws Exception {
		PlainRequests before = new PlainRequests(this.attacker);
		before.fetch(30);
		List<Future<?>> running = start(count, attack);
		PlainRequests meanwhile = new PlainRequests(this.attacker);
		meanwhile.fetch(30);
		long start = System.nanoTime();
		while (!running.stream().allMatch(Future::isDone)) {
			meanwhile.fetch(1);
			assertThat(System.nanoTime() - start).as("time of the attack").isLessThan(LONGEST);
		}
		for (Future<?> future : running) {
			future.get(30, TimeUnit.SECONDS);
		}
		meanwhile.fetch(20);
		log.info("HTTP on " + this.server + ": " + before + " before, " + meanwhile + " during " + what + " by "
				+ count);
	}

	private List<Future<?>> start(int count, Attack attack) {
		AtomicInteger next = new AtomicInteger();
		List<Future<?>> running = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			running.add(this.threads.submit(() -> {
				for (int number = next.getAndIncrement(); number < count; number = next.getAndIncrement()) {
					int mine = number;
					Attacker.orCut(() -> attack.by(mine));
				}
				return null;
			}));
		}
		return running;
	}

	private void leavesNothing() throws IOException {
		before.awaitReturn(context);
		servesOthers();
		before.awaitReturn(context);
	}

	private void servesOthers() throws IOException {
		Peer other = this.attacker.open("/echo").say("still there?");
		assertThat(other.nextAnsweringPings()).isEqualTo("text still there?");
		other.closeInGoodOrder();
	}

	/** What the others are measured by: so much do clients that mean no harm. */
	@Test
	void plainRequestsWithoutPause() throws Exception {
		attack("plain requests", CLIENTS, (number) -> {
			for (int i = 0; i < 20; i++) {
				assertThat(this.attacker.fetch("/plain/" + i)).isEqualTo("plain " + i);
			}
		});
	}

	@Test
	void handshakesOfOneByteAtATime() throws Exception {
		byte[] handshake = Attacker.handshake("/echo");
		int each = Math.max(1, CLIENTS / THREADS);
		attack("slow handshakes", THREADS, (number) -> {
			List<Socket> sockets = new ArrayList<>();
			for (int i = 0; i < each; i++) {
				sockets.add(this.attacker.connect());
			}
			for (byte single : handshake) {
				for (Socket socket : sockets) {
					socket.getOutputStream().write(single);
				}
			}
			for (Socket socket : sockets) {
				assertThat(new Peer(socket).status()).isEqualTo(101);
			}
		});
	}

	/** Nobody of them says another word. */
	@Test
	void peersThatStopHalfWay() throws Exception {
		byte[] handshake = Attacker.handshake("/echo");
		byte[] frame = Frame.text("a text of which some is missing").masked();
		attackAndStay("half-open peers", CLIENTS, (number) -> {
			switch (number % 5) {
				case 0 -> this.attacker.connect();
				case 1 -> this.attacker.connect()
					.getOutputStream()
					.write(Arrays.copyOf(handshake, 1 + number % (handshake.length - 1)));
				case 2 -> this.attacker.open("/echo");
				case 3 -> this.attacker.open("/echo").send(Arrays.copyOf(frame, 1 + number % (frame.length - 1)));
				default -> this.attacker.open("/echo").hangUp();
			}
		});
	}

	@Test
	void readersThatStall() throws Exception {
		attackAndStay("stalled readers", Math.min(CLIENTS, 1000), (number) -> {
			switch (number % 3) {
				case 0 -> this.attacker.open(this.attacker.connect(4096), Attacker.handshake("/pours"));
				case 1 -> this.attacker.openStream("/pours", "text/event-stream", 4096);
				default -> this.attacker.openStream("/pours", "text/html", 4096);
			}
		});
	}

	@Test
	void zipBombs() throws Exception {
		int half = Attacker.ZIP_BOMB.length / 2;
		attackAndStay("zip bombs", CLIENTS, (number) -> {
			Peer peer = this.attacker.open(this.attacker.connect(), Attacker.handshakeWithCompression("/echo"));
			assertThat(peer.header("sec-websocket-extensions")).startsWith("permessage-deflate");
			if (number % 2 == 0) {
				peer.send(new Frame(0xC1, Attacker.ZIP_BOMB));
			}
			else {
				peer.send(new Frame(0x41, Arrays.copyOf(Attacker.ZIP_BOMB, half)),
						new Frame(0x80, Arrays.copyOfRange(Attacker.ZIP_BOMB, half, Attacker.ZIP_BOMB.length)));
			}
			assertThat(peer.nextAnsweringPings()).startsWith("close 1009");
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void floodsOfPings(boolean read) throws Exception {
		attack("floods of pings" + (read ? "" : ", no pong read"), Math.min(CLIENTS, 200),
				(number) -> flood(Frame.ping("p"), read, "pong p"));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void floodsOfFramesOfOneByte(boolean read) throws Exception {
		attack("floods of one byte" + (read ? "" : ", no answer read"), Math.min(CLIENTS, 200),
				(number) -> flood(Frame.text("t"), read, "text t"));
	}

	/** What a server answers to a flood it may leave out, but for the last. */
	private void flood(Frame frame, boolean read, String answer) throws IOException {
		Peer peer = this.attacker.open("/echo");
		byte[] frames = Frame.masked(Collections.nCopies(100, frame).toArray(Frame[]::new));
		for (int i = 0; i < FRAMES; i += 100) {
			peer.send(frames);
			if (read) {
				assertThat(peer.nextAnsweringPings()).isEqualTo(answer);
			}
		}
	}

	@Test
	void messagesInFragmentsOfOneByte() throws Exception {
		int count = Math.min(FRAMES, 60_000);
		byte[] fragments = Frame
			.masked(Collections.nCopies(100, Frame.part(Frame.CONTINUATION, "f")).toArray(Frame[]::new));
		attack("fragments of one byte", Math.min(CLIENTS, 200), (number) -> {
			Peer peer = this.attacker.open("/echo").send(Frame.part(Frame.TEXT, "f"));
			for (int i = 0; i < count; i += 100) {
				peer.send(fragments);
			}
			if (number % 2 == 0) {
				peer.send(Frame.last("f"));
				assertThat(peer.nextAnsweringPings()).isEqualTo("text " + "f".repeat(count + 2));
			}
		});
	}

	@Test
	void stormsOfCloses() throws Exception {
		int each = Math.max(1, CLIENTS / THREADS);
		CountDownLatch open = new CountDownLatch(THREADS);
		attack("storms of closes", THREADS, (number) -> {
			List<Peer> peers = new ArrayList<>();
			for (int i = 0; i < each; i++) {
				peers.add(this.attacker.open("/echo"));
			}
			open.countDown();
			await(open);
			for (Peer peer : peers) {
				peer.send(Frame.close(1000, ""), Frame.close(1000, ""), Frame.text("too late"));
			}
			for (Peer peer : peers) {
				assertThat(peer.nextAnsweringPings()).isEqualTo("close 1000");
			}
		});
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(5, TimeUnit.MINUTES)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void bombsOfJson() throws Exception {
		String deep = "[".repeat(60_000);
		String number = "9".repeat(60_000);
		List<String[]> bombs = List.of(new String[] { "/json", deep }, new String[] { "/orders", "{\"note\":" + deep },
				new String[] { "/orders", "{\"note\":" + "{\"a\":".repeat(10_000) },
				new String[] { "/orders", "{\"amount\":" + number + "}" },
				new String[] { "/orders", "{\"amount\":1e999999999}" }, new String[] { "/json", number },
				new String[] { "/json", "\"" + "\\u0000".repeat(10_000) });
		attackAndStay("bombs of JSON", CLIENTS, (client) -> {
			String[] bomb = bombs.get(client % bombs.size());
			assertThat(this.attacker.open(bomb[0]).say(bomb[1]).nextAnsweringPings()).startsWith("close 1003");
		});
	}

	/** Some come and go, and others only name a hub to which something is published. */
	@Test
	void hubsOfManyNames() throws Exception {
		int inOne = 20;
		attack("names of hubs", NAMES / inOne, (number) -> {
			Peer publisher = this.attacker.open("/publish");
			for (int i = 0; i < inOne; i++) {
				String name = number + "-" + i;
				try (Peer member = this.attacker.open("/rooms/" + name)) {
					assertThat(member.say("mine").nextAnsweringPings()).isEqualTo("text mine");
					assertThat(publisher.say(name).nextAnsweringPings()).isEqualTo("text " + name);
					assertThat(member.nextAnsweringPings()).isEqualTo("text " + name);
					publisher.say("never-" + name);
					assertThat(publisher.nextAnsweringPings()).isEqualTo("text never-" + name);
					member.vanish();
				}
			}
		});
	}

	/** A peer is not blamed for them, but one that goes has gone, whatever they hold. */
	@Test
	void handlersInDeadlock() throws Exception {
		try {
			attackAndHold("deadlocks", 2 * DEADLOCKS,
					(number) -> this.attacker.open("/locks/" + number / 2 + "/" + number % 2).say("lock"));
			Awaitility.await().until(() -> endpoints().deadlocked() == 2 * DEADLOCKS);
			servesOthers();
			this.attacker.close();
			Remains.awaitNoConnections(context);
			servesOthers();
			assertThat(endpoints().deadlocked()).isEqualTo(2 * DEADLOCKS);
		}
		finally {
			endpoints().free();
		}
		Awaitility.await().until(() -> endpoints().deadlocked() == 0);
		leavesNothing();
	}

	@ParameterizedTest
	@ValueSource(strings = { "memory-in", "stack-in", "memory-out", "stack-out" })
	void errorsOfACodec(String fuse) throws Exception {
		attackAndStay(fuse, CLIENTS, (number) -> assertThat(this.attacker.open("/fuses").say(fuse).nextAnsweringPings())
			.isEqualTo("close 1011"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/event-stream", "text/html" })
	void errorsOfACodecOnAStream(String accept) throws Exception {
		attackAndStay("errors on " + accept, CLIENTS, (number) -> {
			String path = "/fuses/" + ((number % 2 == 0) ? "memory-out" : "stack-out");
			Socket socket = this.attacker.connect();
			socket.getOutputStream().write(Attacker.get(path, "Accept: " + accept, "Connection: close"));
			String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			assertThat(answer).startsWith("HTTP/1.1 200").doesNotContain("as if", "memory-out", "stack-out");
		});
	}

	/** What one of the attackers does. */
	private interface Attack {

		void by(int number) throws IOException;

	}

}

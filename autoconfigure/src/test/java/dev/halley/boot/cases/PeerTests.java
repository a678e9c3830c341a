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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.socket.CloseStatus;

import dev.halley.boot.Server;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Peers that vanish, say too much, or do not listen.
 */
abstract class PeerTests extends CaseTests {

	@Test
	void aPeerThatIsResetEndsASilentPairAtOnce() throws Exception {
		connect("/collect").vanish();
		assertThat(run().done()).isEqualTo(1006);
		assertThat(run().isOutEnded()).isTrue();
	}

	@Test
	void aPeerThatHangsUpEndsASilentPairAtOnce() throws Exception {
		try (Peer peer = connect("/collect")) {
			peer.hangUp();
			assertThat(run().done()).isEqualTo(1006);
			assertThat(run().isOutEnded()).isTrue();
		}
	}

	@Test
	void whatAPeerSaidBeforeItHungUpIsHandled() throws Exception {
		try (Peer peer = connect("/collect")) {
			peer.say("last words").hangUp();
			assertThat(run().next()).isEqualTo("last words");
			assertThat(run().done()).isEqualTo(1006);
		}
	}

	@Test
	void aPeerThatVanishesRightAfterTheHandshakeLeavesNothing() throws Exception {
		for (int i = 0; i < 20; i++) {
			request("/endless", newName()).send().vanish();
		}
	}

	@Test
	void aPeerThatVanishesWithinAMessageLeavesNothing() throws Exception {
		connect("/collect").send(Frame.part(Frame.TEXT, "half a mess")).vanish();
		assertThat(run().done()).isEqualTo(1006);
		assertThat(run().hasHeardNothing()).isTrue();
	}

	@Test
	void tenPingsInABurstGetTenPongsInOrder() throws Exception {
		try (Peer peer = connect("/collect")) {
			peer.send(IntStream.range(0, 10).mapToObj((i) -> Frame.ping("p" + i)).toArray(Frame[]::new));
			for (int i = 0; i < 10; i++) {
				assertThat(peer.next()).isEqualTo("pong p" + i);
			}
			peer.send(Frame.pong("unasked"), Frame.close(1000, ""));
			assertThat(peer.next()).isEqualTo("close 1000");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/takes-later", "/accept/out" })
	void pingsAreAnsweredWhereNobodyTakesMessages(String path) throws Exception {
		try (Peer peer = connect(path)) {
			peer.send(IntStream.range(0, 10).mapToObj((i) -> Frame.ping("p" + i)).toArray(Frame[]::new));
			for (int i = 0; i < 10; i++) {
				assertThat(nextOfControl(peer)).isEqualTo("pong p" + i);
			}
			run().release();
			peer.send(Frame.close(1000, ""));
			assertThat(peer.next()).isEqualTo("close 1000");
		}
	}

	private static String nextOfControl(Peer peer) throws IOException {
		String next = peer.next();
		return next.startsWith("text") ? peer.next() : next;
	}

	@Test
	void tenThousandMessagesAtOnceAreAllHeardInOrder() throws Exception {
		byte[] all = Frame.masked(messages(10_000));
		try (Peer peer = connect("/collect").send(all)) {
			for (int i = 0; i < 10_000; i++) {
				assertThat(run().next()).isEqualTo("m" + i);
			}
			peer.send(Frame.close(1000, ""));
			assertThat(peer.next()).isEqualTo("close 1000");
		}
	}

	@Test
	void tenThousandMessagesAtOnceAllComeBackInOrder() throws Exception {
		byte[] all = Frame.masked(messages(10_000));
		try (Peer peer = connect("/flow")) {
			CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> sendUnchecked(peer, all),
					(task) -> new Thread(task).start());
			for (int i = 0; i < 10_000; i++) {
				assertThat(peer.next()).isEqualTo("text m" + i);
			}
			sending.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
			peer.send(Frame.close(1000, ""));
			assertThat(peer.next()).isEqualTo("close 1000");
		}
	}

	private static void sendUnchecked(Peer peer, byte[] bytes) {
		try {
			peer.send(bytes);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Frame[] messages(int count) {
		return IntStream.range(0, count).mapToObj((i) -> Frame.text("m" + i)).toArray(Frame[]::new);
	}

	@Test
	void whatComesAfterThePeersCloseIsNotHeard() throws Exception {
		try (Peer peer = connect("/collect")) {
			peer.send(Frame.text("before"), Frame.close(4000, "bye"), Frame.text("after"), Frame.ping("after"));
			assertThat(peer.next()).startsWith("close 4000");
			assertThat(peer.next()).isEqualTo("end");
			assertThat(run().next()).isEqualTo("before");
			assertThat(run().done()).isEqualTo(4000);
			assertThat(run().hasHeardNothing()).isTrue();
		}
	}

	@Test
	void whatComesAfterOurCloseIsNotHeard() throws Exception {
		try (Peer peer = connect("/say-and-close")) {
			run().release();
			assertThat(peer.next()).isEqualTo("text last");
			assertThat(peer.next()).isEqualTo("close 1000");
			peer.send(Frame.text("after"), Frame.ping("after"), Frame.text("after"), Frame.close(1000, ""));
			assertThat(peer.next()).isEqualTo("end");
			assertThat(run().done()).isEqualTo(1000);
			assertThat(run().hasHeardNothing()).isTrue();
		}
	}

	@Test
	void nothingFollowsTheClose() throws Exception {
		try (Peer peer = connect("/endless")) {
			assertThat(peer.next()).isEqualTo("text " + SourceController.KILOBYTE);
			application().registry().closeAll(CloseStatus.GOING_AWAY);
			String next = peer.next();
			while (next.startsWith("text")) {
				next = peer.next();
			}
			assertThat(next).isEqualTo("close 1001");
			peer.send(Frame.close(1001, ""));
			assertThat(peer.next()).isEqualTo("end");
		}
	}

	/** Those of the pool end when they have nothing to do. */
	@Test
	void connectionsHaveNoThreadsOfTheirOwn() throws Exception {
		List<Peer> peers = new ArrayList<>();
		for (int i = 0; i < 60; i++) {
			peers.add(connectAs(newName(), "/answers-behind-big"));
		}
		for (Peer peer : peers) {
			assertThat(peer.say("hi").next()).isEqualTo("text " + PairController.BIG);
			assertThat(peer.next()).isEqualTo("text re hi");
		}
		await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
			.noneMatch((name) -> name.matches("halley-\\d+")));
		for (Peer peer : peers) {
			peer.closeInGoodOrder();
		}
	}

	/** Tomcat's own WebSocket answers a Close without a status with 1000. */
	@Test
	void aCloseWithoutAStatusIsEchoedWithout() throws Exception {
		try (Peer peer = connect("/collect").send(Frame.closeWithoutStatus())) {
			boolean tomcats = server() == Server.TOMCAT_CONTAINER;
			assertThat(peer.next()).isEqualTo(tomcats ? "close 1000" : "close");
			assertThat(peer.next()).isEqualTo("end");
			assertThat(run().done()).isEqualTo(tomcats ? 1000 : 1005);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1000, 1001, 1008, 1011, 3000, 4000, 4999 })
	void thePeersStatusIsEchoedAndTold(int code) throws Exception {
		try (Peer peer = connect("/collect").send(Frame.close(code, "over"))) {
			assertThat(peer.next()).startsWith("close " + code);
			assertThat(peer.next()).isEqualTo("end");
			assertThat(run().done()).isEqualTo(code);
		}
	}

	@Test
	void aHandlerThatTakesNoMoreStopsTheReading() throws Exception {
		int most = 64 * 1024 * 1024;
		ByteBuffer message = ByteBuffer.wrap(Frame.text("x".repeat(60_000)).masked());
		try (SocketChannel channel = SocketChannel
			.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), application().port()))) {
			Peer peer = request("/handler/never-completes").send(channel.socket());
			assertThat(peer.status()).isEqualTo(101);
			channel.configureBlocking(false);
			long[] written = new long[1];
			await().during(Duration.ofMillis(200))
				.until(() -> written[0] > most || writeAll(channel, message, written));
			assertThat(written[0]).isLessThan(most);
			assertThat(run().heard()).isEqualTo(1);
			run().release();
			await().until(() -> run().heard() == written[0] / message.capacity());
		}
		assertThat(run().done()).isEqualTo(1006);
	}

	/** Returns whether nothing could be written. */
	private static boolean writeAll(SocketChannel channel, ByteBuffer message, long[] written) throws IOException {
		int count = channel.write(message);
		written[0] += count;
		if (!message.hasRemaining()) {
			message.rewind();
		}
		return count == 0;
	}

	@Test
	void aSourceIsNotAskedForMoreThanAPeerReads() throws Exception {
		try (Peer peer = request("/endless").receiveBuffer(4096).send()) {
			AtomicInteger before = new AtomicInteger(-1);
			await().during(Duration.ofMillis(200)).until(() -> before.getAndSet(run().heard()) == before.get());
			assertThat(run().heard()).isLessThan(32 * 1024);
			assertThat(peer.next()).endsWith(SourceController.KILOBYTE);
			peer.vanish();
			assertThat(run().done()).isEqualTo(1006);
		}
	}

}

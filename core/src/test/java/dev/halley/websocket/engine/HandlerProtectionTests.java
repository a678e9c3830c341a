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
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;

import dev.halley.Overflow;
import dev.halley.connection.ConnectionLimits;
import dev.halley.connection.ConnectionObserver;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.ConnectionSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

/**
 * Time, limits and the end of the application are for the sessions of Spring's handlers
 * what they are for pairs. Virtual time; pings every 30 s, 10 s for the answer.
 */
class HandlerProtectionTests {

	private static final String HEARTBEAT = "ping 68616c6c6579";

	private static final byte[] ANSWER = Frames.masked(Frames.FIN_PONG, "halley");

	private final ScriptedSocket socket = new ScriptedSocket();

	private final Handler handler = new Handler();

	private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);

	private Executor callbacks = Runnable::run;

	private final ConnectionRegistry registry = new ConnectionRegistry(Runnable::run,
			(callback) -> this.callbacks.execute(callback), ConnectionLimits.NONE, this.nanos::get);

	private EngineSession prepare(Duration idle) {
		ConnectionSettings settings = new ConnectionSettings(1, 1, Overflow.CLOSE, 100, idle, Duration.ofSeconds(30),
				Duration.ofSeconds(10), Duration.ofSeconds(3), Duration.ofSeconds(10));
		HandshakeDetails handshake = new HandshakeDetails(URI.create("/"), HttpHeaders.EMPTY, null, null, null,
				Map.of(), null, List.of());
		HandlerListener listener = new HandlerListener(this.handler, handshake, settings, this.registry,
				this.registry.reserve(null, null), OffloadPolicy.NEVER,
				new ConnectionObserver.Wire("websocket", "/spring"));
		EngineSession session = new EngineSession(this.socket, listener, 100, Compression.NONE);
		listener.attach(session);
		return session;
	}

	private EngineSession open() {
		EngineSession session = prepare(Duration.ofHours(1));
		session.open();
		return session;
	}

	private void pass(Duration time) {
		for (long left = time.toMillis(); left > 0; left -= 250) {
			this.nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(250));
			this.registry.tick();
		}
	}

	private void read(EngineSession session, byte[] frame) {
		this.socket.brings(frame);
		session.readable();
	}

	@Test
	void aPeerIsPingedAndTheHandlerHearsNothingOfTheAnswer() {
		EngineSession session = open();
		for (int i = 0; i < 3; i++) {
			pass(Duration.ofSeconds(30));
			read(session, ANSWER);
		}
		assertThat(this.socket.seen()).containsExactly(HEARTBEAT, HEARTBEAT, HEARTBEAT);
		assertThat(this.handler.events).isEmpty();
	}

	@Test
	void theAnswerToAPingOfTheHandlerIsTheHandlers() throws IOException {
		EngineSession session = open();
		this.handler.session.sendMessage(new PingMessage(ByteBuffer.wrap(new byte[3])));
		read(session, Frames.masked(Frames.FIN_PONG, new byte[3]));
		assertThat(this.handler.events).containsExactly("PongMessage of 3");
	}

	@Test
	void aPeerThatAnswersNoPingIsCutOff() {
		open();
		pass(Duration.ofMillis(39_750));
		assertThat(this.socket.isCut()).isFalse();
		pass(Duration.ofMillis(250));
		assertThat(this.socket.isCut()).isTrue();
		assertThat(this.handler.events).containsExactly("closed 1006");
		assertThat(this.registry.size()).isZero();
		assertThat(this.registry.reserved()).isZero();
	}

	@Test
	void aSessionCountsUntilItsHandlerKnowsOfItsEnd() {
		List<Integer> sizes = new CopyOnWriteArrayList<>();
		this.handler.atTheEnd = () -> sizes.add(this.registry.size());
		read(open(), Frames.masked(0x88, new byte[] { 3, (byte) 0xE8 }));
		assertThat(sizes).containsExactly(1);
		assertThat(this.registry.size()).isZero();
	}

	@Test
	void aPeerIsNotBlamedForAHandlerThatIsAtWork() {
		EngineSession session = open();
		this.handler.work = () -> pass(Duration.ofMinutes(5));
		read(session, Frames.masked(Frames.FIN_TEXT, "a"));
		assertThat(this.socket.isCut()).isFalse();
		pass(Duration.ofSeconds(9));
		assertThat(session.isClosing()).isFalse();
	}

	@Test
	void anIdlePeerGets1001() {
		EngineSession session = prepare(Duration.ofSeconds(20));
		session.open();
		pass(Duration.ofMillis(19_750));
		assertThat(this.socket.seen()).isEmpty();
		pass(Duration.ofMillis(250));
		assertThat(this.socket.seen()).containsExactly("close 1001 idle");
	}

	/** It cannot be asked while a message is on its way to it. */
	@Test
	void aPeerThatReadsAMessageForLongIsNotIdle() throws Exception {
		EngineSession session = prepare(Duration.ofSeconds(20));
		session.open();
		this.socket.room(1);
		CompletableFuture<Void> sending = CompletableFuture.runAsync(this.handler::send,
				(task) -> new Thread(task).start());
		await().until(() -> this.socket.asked() > 0);
		pass(Duration.ofMinutes(1));
		assertThat(session.isClosing()).isFalse();
		this.socket.addRoom(100);
		session.writable();
		sending.get(30, TimeUnit.SECONDS);
		pass(Duration.ofMillis(250));
		assertThat(this.socket.seen()).containsExactly("text a", HEARTBEAT);
		read(session, ANSWER);
		pass(Duration.ofSeconds(20));
		assertThat(session.isClosing()).isFalse();
		pass(Duration.ofMillis(250));
		assertThat(this.socket.seen()).last().isEqualTo("close 1001 idle");
	}

	@Test
	void aSessionThatIsClosingIsNotPinged() throws IOException {
		open();
		this.handler.session.close();
		pass(Duration.ofMillis(2_750));
		assertThat(this.socket.seen()).containsExactly("close 1000 ");
		assertThat(this.socket.isCut()).isFalse();
		pass(Duration.ofMillis(250));
		assertThat(this.socket.isCut()).isTrue();
	}

	@Test
	void theApplicationsEndIsTold() {
		EngineSession session = open();
		this.registry.stopAccepting();
		this.registry.closeAll(CloseStatus.GOING_AWAY);
		assertThat(this.socket.seen()).containsExactly("close 1001 ");
		assertThat(this.registry.size()).isOne();
		read(session, Frames.close(1001, ""));
		assertThat(this.handler.events).containsExactly("closed 1001");
		assertThat(this.registry.size()).isZero();
	}

	@Test
	void theThreadThatStopsTheApplicationLeavesTheEndToAnother() {
		List<Runnable> left = new ArrayList<>();
		this.callbacks = left::add;
		open();
		this.socket.breakWrites(new IOException("Broken pipe"));
		this.registry.closeAll(CloseStatus.GOING_AWAY);
		assertThat(this.socket.isClosed()).isTrue();
		assertThat(this.handler.events).isEmpty();
		assertThat(this.registry.size()).isOne();
		left.forEach(Runnable::run);
		assertThat(this.handler.events).containsExactly("closed 1001");
		assertThat(this.registry.size()).isZero();
	}

	@Test
	void aThreadThatSendsToManyLeavesTheEndOfOne() {
		List<Runnable> left = new ArrayList<>();
		this.callbacks = left::add;
		open();
		this.socket.breakWrites(new IOException("Broken pipe"));
		assertThatIOException().isThrownBy(() -> this.handler.session.sendMessage(new TextMessage("a")));
		assertThat(this.handler.events).isEmpty();
		left.forEach(Runnable::run);
		assertThat(this.handler.events).containsExactly("closed 1006");
	}

	@Test
	void aSessionThatOpensWhenTheApplicationHasEndedIsTold() {
		EngineSession session = prepare(Duration.ofHours(1));
		this.registry.stopAccepting();
		session.open();
		assertThat(this.socket.seen()).containsExactly("close 1001 ");
	}

	@Test
	void whoIsLeftOverIsDropped() {
		open();
		this.registry.abortAll(CloseStatus.GOING_AWAY);
		assertThat(this.socket.isCut()).isTrue();
		assertThat(this.handler.events).containsExactly("closed 1006");
		assertThat(this.registry.size()).isZero();
	}

	@Test
	void aSessionThatNeverOpensGivesItsPlaceBack() {
		prepare(Duration.ofHours(1));
		pass(Duration.ofMillis(9_750));
		assertThat(this.registry.reserved()).isOne();
		pass(Duration.ofMillis(250));
		assertThat(this.registry.reserved()).isZero();
		assertThat(this.registry.size()).isZero();
		assertThat(this.handler.events).isEmpty();
	}

	@Test
	void aSessionThatOpensTooLateIsCutOff() {
		EngineSession session = prepare(Duration.ofHours(1));
		pass(Duration.ofSeconds(10));
		session.open();
		assertThat(session.isClosed()).isTrue();
		assertThat(this.handler.session).isNull();
		assertThat(this.registry.size()).isZero();
	}

	private static final class Handler extends AbstractWebSocketHandler {

		private final List<String> events = new CopyOnWriteArrayList<>();

		private Runnable work = () -> {
		};

		private Runnable atTheEnd = () -> {
		};

		private WebSocketSession session;

		@Override
		public void afterConnectionEstablished(WebSocketSession session) {
			this.session = session;
		}

		private void send() {
			try {
				this.session.sendMessage(new TextMessage("a"));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		@Override
		public void handleMessage(WebSocketSession session, WebSocketMessage<?> message) {
			this.work.run();
			this.events.add(message.getClass().getSimpleName() + " of " + message.getPayloadLength());
		}

		@Override
		public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
			this.events.add("closed " + status.getCode());
			this.atTheEnd.run();
		}

	}

}

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
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;

import dev.halley.ContextCapture;
import dev.halley.connection.CloseReason;
import dev.halley.connection.Connection;
import dev.halley.connection.ConnectionLimits;
import dev.halley.connection.ConnectionMeter;
import dev.halley.connection.ConnectionObserver;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.ConnectionSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Spring's handlers and sessions on the engine.
 */
class EngineWebSocketSessionTests {

	private static final HandshakeDetails HANDSHAKE = new HandshakeDetails("/a", URI.create("ws://localhost/a"),
			HttpHeaders.EMPTY, null, null, null, Map.of("key", "value"), "proto",
			List.of(new WebSocketExtension("permessage-deflate")));

	private final ScriptedSocket socket = new ScriptedSocket();

	private final Handler handler = new Handler();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final AtomicLong nanos = new AtomicLong();

	/** Why sessions have ended, as observers are told. */
	private final List<CloseReason> reasons = new CopyOnWriteArrayList<>();

	private final ConnectionRegistry registry = new ConnectionRegistry(Runnable::run, Runnable::run,
			ConnectionLimits.NONE, this.nanos::get, ContextCapture.NONE, new Observer());

	private EngineSession engine = start(Duration.ofSeconds(20), Duration.ofSeconds(20));

	private EngineSession start(Duration sendTimeout, Duration closeTimeout) {
		EngineSession session = prepare(sendTimeout, closeTimeout);
		session.open();
		return session;
	}

	/** A session whose handshake was answered, and whose wire is not there yet. */
	private EngineSession prepare(Duration sendTimeout, Duration closeTimeout) {
		return prepare(this.socket, sendTimeout, closeTimeout);
	}

	private EngineSession prepare(ScriptedSocket socket, Duration sendTimeout, Duration closeTimeout) {
		ConnectionSettings now = ConnectionSettings.DEFAULT;
		ConnectionSettings settings = new ConnectionSettings(now.sendBufferMessages(), now.sendBufferBytes(),
				now.overflow(), 100, now.idleTimeout(), now.pingInterval(), now.pongTimeout(), closeTimeout,
				sendTimeout);
		HandlerListener listener = new HandlerListener(this.handler, HANDSHAKE, settings, this.registry,
				this.registry.reserve(null, null), OffloadPolicy.NEVER,
				new ConnectionObserver.Wire("websocket", "/spring"));
		EngineSession session = new EngineSession(socket, listener, settings.maxMessageSize(), Compression.NONE);
		listener.attach(session);
		return session;
	}

	/** Lets time pass, with a tick each quarter of a second as the timer has it. */
	private void pass(Duration time) {
		for (long left = time.toMillis(); left > 0; left -= 250) {
			this.nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(Math.min(left, 250)));
			this.registry.tick();
		}
	}

	@AfterEach
	void end() {
		this.threads.shutdownNow();
	}

	private WebSocketSession session() {
		return this.handler.session;
	}

	private Future<Boolean> later(Callable<?> action) {
		return this.threads.submit(() -> {
			action.call();
			return true;
		});
	}

	private Future<Boolean> sendLater(WebSocketMessage<?> message) {
		return later(() -> {
			session().sendMessage(message);
			return null;
		});
	}

	private void read(byte[]... frames) {
		this.socket.brings(Frames.join(frames));
		this.engine.readable();
	}

	@Test
	void aSessionKnowsItsHandshake() {
		WebSocketSession session = session();
		assertThat(session.getUri()).hasToString("ws://localhost/a");
		assertThat(session.getAcceptedProtocol()).isEqualTo("proto");
		assertThat(session.getAttributes()).containsEntry("key", "value");
		assertThat(session.getExtensions()).extracting(WebSocketExtension::getName)
			.containsExactly("permessage-deflate");
		assertThat(session.getHandshakeHeaders()).isEqualTo(HttpHeaders.EMPTY);
		assertThat(session.getPrincipal()).isNull();
		assertThat(session.getLocalAddress()).isNull();
		assertThat(session.getRemoteAddress()).isNull();
		assertThat(session.getId()).isNotEmpty();
		assertThat(session).asString().contains(session.getId());
		assertThat(session.isOpen()).isTrue();
	}

	@Test
	void eachKindOfMessageIsSent() throws IOException {
		session().sendMessage(new TextMessage("a"));
		session().sendMessage(new BinaryMessage(ByteBuffer.wrap(new byte[] { 1, 2, 3 }, 1, 2)));
		session().sendMessage(new PingMessage(ByteBuffer.wrap(new byte[1])));
		session().sendMessage(new PongMessage());
		assertThat(this.socket.seen()).containsExactly("text a", "binary 0203", "ping 00", "pong ");
	}

	@Test
	void aMessageOfAnUnknownKindIsRefused() {
		WebSocketMessage<Object> odd = new WebSocketMessage<>() {

			@Override
			public Object getPayload() {
				return "";
			}

			@Override
			public int getPayloadLength() {
				return 0;
			}

			@Override
			public boolean isLast() {
				return true;
			}

		};
		assertThatIllegalArgumentException().isThrownBy(() -> session().sendMessage(odd));
	}

	@Test
	void partsOfAMessageAreFramesOfIt() throws IOException {
		session().sendMessage(new TextMessage("a", false));
		session().sendMessage(new PingMessage());
		session().sendMessage(new TextMessage("b", false));
		session().sendMessage(new TextMessage("c", true));
		session().sendMessage(new TextMessage("d"));
		assertThat(this.socket.written()).isEqualTo(Frames.join(Frames.plain(Frames.TEXT, "a"),
				Frames.plain(Frames.FIN_PING, ""), Frames.plain(Frames.CONTINUATION, "b"),
				Frames.plain(Frames.FIN_CONTINUATION, "c"), Frames.plain(Frames.FIN_TEXT, "d")));
	}

	@Test
	void aPartOfAnotherMessageIsRefused() throws IOException {
		session().sendMessage(new TextMessage("a", false));
		assertThatIllegalStateException()
			.isThrownBy(() -> session().sendMessage(new BinaryMessage(ByteBuffer.allocate(1))));
	}

	@Test
	void sendingBlocksUntilAllIsHandedToTheNetwork() throws Exception {
		this.socket.room(1);
		Future<Boolean> sending = sendLater(new TextMessage("hello"));
		await().until(() -> this.socket.asked() == 1);
		assertThat(sending).isNotDone();
		this.socket.addRoom(100);
		this.engine.writable();
		assertThat(sending.get(30, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void aHandlerThatSendsOnTheContainersThreadNeedsNoOtherThread() {
		this.handler.onText = (text) -> {
			try {
				this.socket.room(1);
				Future<?> network = this.threads.submit(() -> {
					await().until(() -> this.engine.wakesSender());
					this.socket.addRoom(100);
					await().until(() -> !this.engine.wakesSender());
				});
				session().sendMessage(new TextMessage("echo " + text));
				network.get(30, TimeUnit.SECONDS);
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		};
		read(Frames.masked(Frames.FIN_TEXT, "a"));
		assertThat(this.socket.seen()).containsExactly("text echo a");
		assertThat(session().isOpen()).isTrue();
	}

	@Test
	void aPeerThatDoesNotReadIsCutOffAfterTheSendTimeout() {
		this.engine = start(Duration.ofMillis(50), Duration.ofSeconds(20));
		this.socket.room(1);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> session().sendMessage(new TextMessage("a")))
			.withMessageContaining("PT0.05S");
		assertThat(this.socket.isCut()).isTrue();
		assertThat(this.handler.closed).isEqualTo(CloseStatus.NO_CLOSE_FRAME);
		assertThat(this.reasons).containsExactly(CloseReason.TIMEOUT);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> session().sendMessage(new TextMessage("b")));
	}

	@Test
	void whoIsInterruptedWhileSendingStopsWaiting() {
		this.socket.room(1);
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> session().sendMessage(new TextMessage("a")))
			.withMessageContaining("Interrupted");
		assertThat(Thread.interrupted()).isTrue();
		assertThat(session().isOpen()).isFalse();
	}

	@Test
	void whoIsSendingHearsAtOnceThatTheConnectionIsGone() {
		this.engine = start(Duration.ofMinutes(2), Duration.ofMinutes(2));
		this.socket.room(1);
		Future<Boolean> sending = sendLater(new TextMessage("hello"));
		await().until(() -> this.socket.asked() == 1);
		this.engine.lost();
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> sending.get(30, TimeUnit.SECONDS))
			.withCauseInstanceOf(IOException.class);
	}

	/** It is told to a thread that cannot use it: somebody has to write the Close. */
	@Test
	void roomThatMeetsASenderWhoIsRefusedIsNotLost() throws Exception {
		Race.run(30_000, () -> {
			ScriptedSocket socket = new ScriptedSocket().room(0);
			EngineSession engine = prepare(socket, Duration.ofSeconds(20), Duration.ofSeconds(20));
			engine.open();
			WebSocketSession session = session();
			engine.close(CloseStatus.NORMAL);
			return new Race.Round(() -> {
				socket.addRoom(100);
				if (!engine.wakesSender()) {
					engine.writable();
				}
			}, () -> assertThatExceptionOfType(IOException.class)
				.isThrownBy(() -> session.sendMessage(new TextMessage("a"))),
					() -> assertThat(socket.seen()).containsExactly("close 1000 "));
		});
	}

	@Test
	void aMessageAfterTheCloseIsRefusedAtOnce() throws IOException {
		session().close();
		assertThat(session().isOpen()).isFalse();
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> session().sendMessage(new TextMessage("a")))
			.withMessageContaining("closed");
		assertThat(this.socket.seen()).containsExactly("close 1000 ");
	}

	@Test
	void onlyTheFirstCloseCounts() throws IOException {
		session().close(CloseStatus.POLICY_VIOLATION.withReason("no"));
		session().close(CloseStatus.SERVER_ERROR);
		read(Frames.close(1008, ""));
		assertThat(this.socket.seen()).containsExactly("close 1008 no");
		assertThat(this.handler.closed).isEqualTo(CloseStatus.POLICY_VIOLATION.withReason("no"));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1006, 1015, 1004, 2999 })
	void aStatusThatMustNotBeSentIs1011(int code) throws IOException {
		session().close(new CloseStatus(code));
		assertThat(this.socket.seen()).containsExactly("close 1011 ");
	}

	@Test
	void aPeerThatDoesNotAnswerTheCloseIsCutOff() throws IOException {
		session().close();
		pass(Duration.ofMillis(19_750));
		assertThat(this.socket.isCut()).isFalse();
		pass(Duration.ofMillis(250));
		assertThat(this.socket.isCut()).isTrue();
		assertThat(this.handler.closed).isEqualTo(CloseStatus.NORMAL);
	}

	@ParameterizedTest
	@CsvSource({ "1000, NORMAL_CLOSURE", "1001, APP_SHUTDOWN", "1008, POLICY", "1013, SLOW_CONSUMER" })
	void aPeerThatDoesNotAnswerTheCloseEndsForTheReasonOfTheClose(int status, CloseReason reason) throws IOException {
		session().close(new CloseStatus(status));
		pass(Duration.ofSeconds(20));
		assertThat(this.socket.isCut()).isTrue();
		assertThat(this.reasons).containsExactly(reason);
	}

	@Test
	void aPeerThatClosesButDoesNotReadIsCutOff() {
		this.socket.room(0);
		read(Frames.close(1000, ""));
		pass(Duration.ofMillis(19_750));
		assertThat(this.socket.isCut()).isFalse();
		pass(Duration.ofMillis(250));
		assertThat(this.socket.isCut()).isTrue();
		assertThat(this.handler.closed.getCode()).isEqualTo(1000);
		assertThat(this.reasons).containsExactly(CloseReason.NORMAL_CLOSURE);
	}

	// Handlers

	@Test
	void aHandlerGetsMessagesAndPongs() {
		read(Frames.masked(Frames.FIN_TEXT, "a"), Frames.masked(Frames.FIN_BINARY, new byte[2]),
				Frames.masked(Frames.FIN_PONG, "p"));
		assertThat(this.handler.events).containsExactly("text a", "binary 2", "pong 1");
	}

	@Test
	void aHandlerThatFailsClosesWith1011() {
		this.handler.onText = (text) -> {
			throw new IllegalStateException(text);
		};
		read(Frames.masked(Frames.FIN_TEXT, "a"), Frames.masked(Frames.FIN_TEXT, "b"));
		assertThat(this.socket.seen()).hasSize(1).first().asString().startsWith("close 1011");
		assertThat(this.handler.events).containsExactly("text a");
	}

	@Test
	void aViolationIsATransportErrorAndThePeerGetsItsStatus() {
		this.handler.onError = () -> session().close(CloseStatus.SERVER_ERROR);
		read(Frames.masked(Frames.FIN_TEXT, new byte[] { (byte) 0xFF }));
		assertThat(this.socket.seen()).hasSize(1).first().asString().startsWith("close 1007");
		assertThat(this.handler.events).containsExactly("error");
	}

	@Test
	void limitsHoldForEachKindOfMessage() {
		session().setTextMessageSizeLimit(1000);
		session().setBinaryMessageSizeLimit(10);
		assertThat(session().getTextMessageSizeLimit()).isEqualTo(1000);
		assertThat(session().getBinaryMessageSizeLimit()).isEqualTo(10);
		read(Frames.masked(Frames.FIN_TEXT, "a".repeat(1000)), Frames.masked(Frames.FIN_BINARY, new byte[10]));
		assertThat(this.handler.events).containsExactly("text " + "a".repeat(1000), "binary 10");
		read(Frames.masked(Frames.FIN_BINARY, new byte[11]));
		assertThat(this.socket.seen()).hasSize(1).first().asString().startsWith("close 1009");
	}

	@Test
	void aHandlerThatFailsAtTheEndHarmsNobody() {
		this.handler.onClose = () -> {
			throw new IllegalStateException("at the end");
		};
		this.engine.lost();
		assertThat(this.socket.isClosed()).isTrue();
	}

	private static final class Handler extends AbstractWebSocketHandler {

		private final List<String> events = new CopyOnWriteArrayList<>();

		private Consumer<String> onText = (text) -> {
		};

		private Action onError = () -> {
		};

		private Action onClose = () -> {
		};

		private volatile WebSocketSession session;

		private volatile CloseStatus closed;

		@Override
		public void afterConnectionEstablished(WebSocketSession session) {
			this.session = session;
		}

		@Override
		protected void handleTextMessage(WebSocketSession session, TextMessage message) {
			this.events.add("text " + message.getPayload());
			this.onText.accept(message.getPayload());
		}

		@Override
		protected void handleBinaryMessage(WebSocketSession session, BinaryMessage message) {
			this.events.add("binary " + message.getPayloadLength());
		}

		@Override
		protected void handlePongMessage(WebSocketSession session, PongMessage message) {
			this.events.add("pong " + message.getPayloadLength());
		}

		@Override
		public void handleTransportError(WebSocketSession session, Throwable exception) throws Exception {
			this.events.add("error");
			this.onError.run();
		}

		@Override
		public void afterConnectionClosed(WebSocketSession session, CloseStatus status) throws Exception {
			this.closed = status;
			this.onClose.run();
		}

	}

	private interface Action {

		void run() throws Exception;

	}

	private final class Observer implements ConnectionObserver, ConnectionMeter {

		@Override
		public ConnectionMeter connected(Wire wire, @Nullable Connection connection) {
			return this;
		}

		@Override
		public void ended(CloseReason reason, Duration age) {
			EngineWebSocketSessionTests.this.reasons.add(reason);
		}

	}

}

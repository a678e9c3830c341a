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

package dev.halley.websocket;

import java.net.URI;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.InOrder;
import org.springframework.core.ResolvableType;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.adapter.standard.StandardWebSocketSession;
import reactor.core.publisher.Mono;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.MessageCodecs;
import dev.halley.connection.Connection;
import dev.halley.connection.ConnectionInfo;
import dev.halley.connection.ConnectionLimits;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.ConnectionSettings;
import dev.halley.connection.FailureHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.mock;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.never;

/**
 * Tests for {@link JakartaTransport} on a container that cannot stop reading: the thread
 * that reads waits while a handler is at work, but not for a connection that is gone.
 */
class JakartaTransportTests {

	/** As much as may be read ahead. */
	private static final String BIG = "b".repeat(16 * 1024);

	private final Session container = mock(Session.class);

	private final StandardWebSocketSession session = new StandardWebSocketSession(null, null, null, null);

	private final ConnectionRegistry registry = new ConnectionRegistry(Runnable::run, Runnable::run,
			ConnectionLimits.NONE, System::nanoTime);

	private final Connection connection = connection();

	private final PairWebSocketHandler handler = new PairWebSocketHandler(this.connection, this.registry);

	private CompletableFuture<Void> reading;

	@BeforeEach
	void readAhead() {
		given(this.container.getAsyncRemote()).willReturn(mock(RemoteEndpoint.Async.class));
		this.session.initializeNativeSession(this.container);
		this.handler.afterConnectionEstablished(this.session);
		this.handler.handleMessage(this.session, new TextMessage("a"));
		this.handler.handleMessage(this.session, new TextMessage(BIG));
		CompletableFuture<Thread> reader = new CompletableFuture<>();
		this.reading = CompletableFuture.runAsync(() -> {
			reader.complete(Thread.currentThread());
			this.handler.handleMessage(this.session, new TextMessage("b"));
		}, (task) -> new Thread(task).start());
		Awaitility.await().until(() -> reader.join().getState() == Thread.State.WAITING);
	}

	@Test
	void aReaderIsReleasedWhenTheConnectionIsAborted() throws Exception {
		this.connection.abort(CloseStatus.NO_CLOSE_FRAME);
		this.reading.get(30, TimeUnit.SECONDS);
	}

	@Test
	void aReaderIsReleasedWhenThePeerIsGone() throws Exception {
		this.handler.afterConnectionClosed(this.session, CloseStatus.NO_CLOSE_FRAME);
		this.reading.get(30, TimeUnit.SECONDS);
	}

	@Test
	void aReaderIsReleasedWhenTheConnectionIsClosed() throws Exception {
		this.connection.close(CloseStatus.NORMAL);
		this.reading.get(30, TimeUnit.SECONDS);
		assertThat(this.connection.isOpen()).isFalse();
	}

	/** Containers wait for the answer to a Close, which may never come. */
	@Test
	void aPeerThatIsGivenUpIsDroppedAfterTheClose() throws Exception {
		this.connection.abort(CloseStatus.SERVER_ERROR);
		InOrder order = inOrder(this.container);
		then(this.container).should(order).close(any());
		then(this.container).should(order).setMaxIdleTimeout(1);
	}

	@Test
	void aPeerHasItsTimeToAnswerAClose() throws Exception {
		this.connection.close(CloseStatus.NORMAL);
		then(this.container).should().close(any());
		then(this.container).should(never()).setMaxIdleTimeout(1);
	}

	private Connection connection() {
		MessageCodec<?> codec = MessageCodecs.builder().build().codec(ResolvableType.forClass(String.class));
		ConnectionInfo info = new ConnectionInfo("1", "websocket", "/busy", "Busy.busy", URI.create("/busy"), null,
				null, null, Instant.EPOCH);
		return new Connection(info, InOut.of(In.forEachAsync((message) -> Mono.never()), Out.never()), codec, codec,
				FailureHandler.NONE, ConnectionSettings.DEFAULT, this.registry, this.registry.reserve(null, null));
	}

}

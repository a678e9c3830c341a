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

package dev.halley.client;

import java.io.IOException;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import org.junit.jupiter.api.Test;
import org.springframework.web.socket.CloseStatus;

import dev.halley.connection.Connection;
import dev.halley.connection.ConnectionLimits;
import dev.halley.connection.ConnectionRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;

/**
 * What a WebSocket of the JDK is asked for, event by event.
 */
class JdkTransportTests {

	private final WebSocket socket = mock();

	private final List<Long> requests = new ArrayList<>();

	private final JdkTransport transport = new JdkTransport(new NeverOpen());

	JdkTransportTests() {
		willAnswer((call) -> this.requests.add(call.getArgument(0))).given(this.socket).request(anyLong());
		this.transport.onOpen(this.socket);
	}

	@Test
	void eachEventAsksForTheNext() {
		this.transport.event(() -> assertThat(this.requests).isEmpty());
		assertThat(this.requests).containsExactly(1L);
		this.transport.event(() -> assertThat(this.requests).hasSize(1));
		assertThat(this.requests).containsExactly(1L, 1L);
	}

	@Test
	void whoSuspendsAsksWhenResumed() {
		this.transport.event(this.transport::suspend);
		assertThat(this.requests).isEmpty();
		this.transport.resume();
		this.transport.resume();
		assertThat(this.requests).containsExactly(1L);
	}

	/** As another thread may resume before the one that handles the message returns. */
	@Test
	void anEventThatIsResumedBeforeItIsOverAsksOnceAndLast() {
		this.transport.event(() -> {
			this.transport.suspend();
			this.transport.resume();
			assertThat(this.requests).isEmpty();
		});
		assertThat(this.requests).containsExactly(1L);
	}

	@Test
	void anEventThatSuspendsTwiceIsResumedByOne() {
		this.transport.event(() -> {
			this.transport.suspend();
			this.transport.suspend();
		});
		this.transport.resume();
		assertThat(this.requests).containsExactly(1L);
	}

	@Test
	void anEventThatFailsAsksForTheNext() {
		assertThatIllegalStateException().isThrownBy(() -> this.transport.event(() -> {
			throw new IllegalStateException("a handler");
		}));
		assertThat(this.requests).containsExactly(1L);
	}

	@Test
	void aCloseThatCannotBeSentDropsTheConnection() {
		given(this.socket.sendClose(anyInt(), anyString()))
			.willReturn(CompletableFuture.failedFuture(new IllegalArgumentException("Malformed reason")));
		this.transport.close(new CloseStatus(4000, "\ud83d"));
		then(this.socket).should().abort();
	}

	/** The JDK's client has still to answer the Close. */
	@Test
	void aCloseAfterTheServersDropsNothing() {
		this.transport.onClose(this.socket, 4000, "");
		given(this.socket.sendClose(anyInt(), anyString()))
			.willReturn(CompletableFuture.failedFuture(new IOException("Output closed")));
		this.transport.close(CloseStatus.NORMAL);
		then(this.socket).should(never()).abort();
	}

	/**
	 * Has no connection, since nothing runs that would ask for it.
	 */
	private static final class NeverOpen implements WebSocketConnector.Acceptance {

		private final Executor executor = (task) -> {
		};

		@Override
		public Connection accept(String subprotocol) {
			throw new IllegalStateException("Nobody asks");
		}

		@Override
		public Executor executor() {
			return this.executor;
		}

		@Override
		public ConnectionRegistry registry() {
			return new ConnectionRegistry(this.executor, this.executor, ConnectionLimits.NONE, System::nanoTime);
		}

	}

}

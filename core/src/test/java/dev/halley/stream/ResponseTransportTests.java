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

package dev.halley.stream;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.RequestFacade;
import org.apache.coyote.ActionCode;
import org.apache.tomcat.util.buf.MessageBytes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.socket.CloseStatus;

import dev.halley.Channel;
import dev.halley.Out;
import dev.halley.connection.Connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.mock;
import static org.mockito.BDDMockito.never;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.times;
import static org.mockito.BDDMockito.willThrow;

/**
 * Tests for {@link ResponseTransport}, over an output that the test plays.
 */
class ResponseTransportTests {

	private final StreamRuns runs = new StreamRuns();

	private final ScriptedOutput output = new ScriptedOutput();

	private final AsyncContext async = mock(AsyncContext.class);

	private final AsyncEvent event = new AsyncEvent(this.async);

	private final TestFormat format = new TestFormat();

	private final List<Channel<String>> channels = new ArrayList<>();

	private final MockHttpServletResponse response = new MockHttpServletResponse() {
		@Override
		public ServletOutputStream getOutputStream() {
			return ResponseTransportTests.this.output;
		}
	};

	private HttpServletRequest request = new MockHttpServletRequest();

	private Connection connection;

	private ResponseTransport transport;

	private ResponseListener listener;

	@BeforeEach
	void create() {
		create(Out.unicast(this.channels::add));
	}

	private void create(Out<String> out) {
		this.connection = this.runs.connection(out);
		this.transport = new ResponseTransport(this.connection, this.async, this.request, this.response,
				new StreamingResponse((response) -> this.format, Duration.ZERO));
		this.listener = new ResponseListener(this.transport);
	}

	private org.apache.coyote.Request createOnTomcat() {
		org.apache.coyote.Request coyote = mock(org.apache.coyote.Request.class);
		MessageBytes protocol = MessageBytes.newInstance();
		protocol.setString("HTTP/1.1");
		given(coyote.protocol()).willReturn(protocol);
		this.request = new RequestFacade(new Request(new Connector(), coyote));
		create();
		return coyote;
	}

	private void open() throws IOException {
		this.listener.listenTo(this.response);
		this.output.takes(Integer.MAX_VALUE);
	}

	private void push(String... messages) {
		for (String message : messages) {
			this.channels.get(0).push(message);
		}
	}

	private void assertCompleted(int times) {
		then(this.async).should(times(times)).complete();
	}

	/** Another thread gets at the response, too. */
	private void assertFree() {
		CompletableFuture.runAsync(() -> this.listener.onComplete(this.event)).orTimeout(1, TimeUnit.MINUTES).join();
	}

	@Test
	void waitsForTheContainer() throws IOException {
		this.listener.listenTo(this.response);
		assertThat(this.output.log).isEmpty();
		assertThat(this.connection.isOpen()).isFalse();
		this.output.takes(Integer.MAX_VALUE);
		assertThat(this.output.log).containsExactly("[", "<flush>");
		assertThat(this.connection.isOpen()).isTrue();
	}

	@Test
	void aResponseWithoutANetworkIsAlwaysReady() {
		this.output.isNetwork = false;
		this.listener.listenTo(this.response);
		push("a");
		assertThat(this.output.text()).isEqualTo("[a");
	}

	@Test
	void aResponseWithoutAnOutputIsAMistake() {
		MockHttpServletResponse broken = new MockHttpServletResponse() {
			@Override
			public ServletOutputStream getOutputStream() {
				return sneaky(new IOException("none"));
			}
		};
		assertThatIllegalStateException().isThrownBy(() -> this.listener.listenTo(broken))
			.withMessageContaining("no output stream");
	}

	@SuppressWarnings("unchecked")
	private static <X extends Throwable, R> R sneaky(Throwable failure) throws X {
		throw (X) failure;
	}

	@Test
	void messagesThatWaitAreFlushedTogether() throws IOException {
		open();
		this.output.room = 0;
		push("a", "b", "c");
		this.output.log.clear();
		this.output.takes(Integer.MAX_VALUE);
		assertThat(this.output.log).containsExactly("a", "<flush>", "b", "c", "<flush>");
	}

	@Test
	void messagesAreFlushedOneByOneWhereTheFormatSaysSo() throws IOException {
		this.format.flushedEach = true;
		open();
		this.output.room = 0;
		push("a", "b", "c");
		this.output.log.clear();
		this.output.takes(Integer.MAX_VALUE);
		assertThat(this.output.log).containsExactly("a", "<flush>", "b", "<flush>", "c", "<flush>");
	}

	@Test
	void aContainerThatCallsBackWithinAWriteKeepsTheOrder() throws IOException {
		this.output.within = this.listener::onWritePossible;
		open();
		push("a", "b");
		assertThat(this.output.text()).isEqualTo("[ab");
	}

	@Test
	void aWriteThatGetsOnIsNotGivenUp() throws IOException {
		open();
		this.output.room = 0;
		push("a", "b");
		this.runs.pass(Duration.ofSeconds(6));
		this.output.takes(1);
		this.runs.pass(Duration.ofSeconds(6));
		assertThat(this.runs.done).isEmpty();
		this.runs.pass(Duration.ofSeconds(6));
		assertThat(this.runs.done).containsExactly(CloseStatus.NO_CLOSE_FRAME);
	}

	@Test
	void fillerNeedsNoAnswer() throws IOException {
		open();
		this.runs.pass(Duration.ofSeconds(30));
		assertThat(this.output.text()).isEqualTo("[~");
		this.runs.pass(Duration.ofMinutes(10));
		assertThat(this.connection.isOpen()).isTrue();
	}

	@Test
	void theEndOfTheOutIsTheStreams() throws IOException {
		open();
		push("a");
		this.channels.get(0).end();
		assertThat(this.output.text()).isEqualTo("[a)");
		assertCompleted(1);
	}

	@Test
	void theEndThatTheApplicationAsksForHasItsOwnText() throws IOException {
		open();
		this.channels.get(0).eofAndEnd();
		assertThat(this.output.text()).isEqualTo("[]");
		assertCompleted(1);
	}

	@Test
	void theEndThatTheServerAsksForHasNone() throws IOException {
		open();
		this.connection.close(CloseStatus.GOING_AWAY);
		assertThat(this.output.text()).isEqualTo("[");
		assertCompleted(1);
	}

	@Test
	void theEndComesWhenAllIsOut() throws IOException {
		open();
		this.output.room = 0;
		push("a");
		this.channels.get(0).end();
		assertCompleted(0);
		this.output.takes(1);
		assertCompleted(0);
		this.output.takes(Integer.MAX_VALUE);
		assertThat(this.output.text()).isEqualTo("[a)");
		assertThat(this.output.log).last().isEqualTo("<flush>");
		assertCompleted(1);
	}

	@Test
	void aConnectionThatIsClosedBeforeItOpensIsEnded() throws IOException {
		this.listener.listenTo(this.response);
		this.transport.close(CloseStatus.GOING_AWAY);
		assertCompleted(1);
		this.output.takes(Integer.MAX_VALUE);
		assertThat(this.output.log).isEmpty();
		assertThat(this.connection.isOpen()).isFalse();
	}

	@Test
	void aWriteThatFailsIsTheContainersToEnd() throws IOException {
		open();
		this.output.failure = new IOException("broken pipe");
		push("a");
		assertThat(this.runs.registry.size()).isZero();
		assertThat(this.runs.done).containsExactly(CloseStatus.NO_CLOSE_FRAME);
		assertCompleted(0);
		assertFree();
	}

	@Test
	void aResponseThatIsGoneIsCompleted() throws IOException {
		open();
		this.output.failure = new IllegalStateException("recycled");
		push("a");
		assertThat(this.runs.done).containsExactly(CloseStatus.NO_CLOSE_FRAME);
		assertCompleted(1);
		assertFree();
	}

	@Test
	void nothingIsWrittenAfterAFailure() throws IOException {
		open();
		this.output.failure = new IOException("broken pipe");
		push("a");
		this.output.failure = null;
		this.output.log.clear();
		this.output.takes(Integer.MAX_VALUE);
		assertThat(this.output.log).isEmpty();
	}

	@Test
	void aFormatThatFailsEndsTheConnection() throws IOException {
		this.transport = new ResponseTransport(this.connection, this.async, this.request, this.response,
				new StreamingResponse((response) -> {
					throw new IllegalStateException("format");
				}, Duration.ZERO));
		this.listener = new ResponseListener(this.transport);
		this.connection.expect();
		this.listener.listenTo(this.response);
		this.output.takes(Integer.MAX_VALUE);
		assertThat(this.runs.registry.size()).isZero();
		assertThat(this.connection.isOpen()).isFalse();
		assertCompleted(1);
		assertFree();
	}

	@Test
	void theTimeLimitIsAnEndInGoodOrder() throws IOException {
		open();
		this.listener.onTimeout(this.event);
		assertThat(this.runs.done).containsExactly(CloseStatus.NORMAL);
		assertCompleted(1);
		assertFree();
	}

	@Test
	void theTimeLimitBeforeTheStartIsAnEnd() {
		this.connection.expect();
		this.listener.onTimeout(this.event);
		assertThat(this.runs.registry.size()).isZero();
		assertCompleted(1);
		assertFree();
	}

	@Test
	void anErrorCompletesOnceMore() throws IOException {
		open();
		this.channels.get(0).end();
		assertCompleted(1);
		this.listener.onError(this.event);
		assertCompleted(2);
		assertFree();
	}

	@Test
	void anErrorOfTheOutputEndsTheConnection() throws IOException {
		open();
		this.listener.onError(new IOException("gone"));
		assertThat(this.runs.done).containsExactly(CloseStatus.NO_CLOSE_FRAME);
		assertCompleted(1);
		this.listener.onError(new IOException("gone"));
		assertCompleted(1);
		assertFree();
	}

	@Test
	void aResponseThatIsOverIsNotTouched() throws IOException {
		open();
		this.listener.onComplete(this.event);
		assertThat(this.runs.done).containsExactly(CloseStatus.NORMAL);
		this.output.log.clear();
		this.output.takes(Integer.MAX_VALUE);
		this.transport.close(CloseStatus.GOING_AWAY);
		this.transport.abort(CloseStatus.GOING_AWAY);
		assertThat(this.output.log).isEmpty();
		assertCompleted(0);
		assertFree();
	}

	@Test
	void aResponseThatCannotBeCompletedHarmsNobody() throws IOException {
		willThrow(new IllegalStateException("recycled")).given(this.async).complete();
		open();
		this.listener.onError(new IOException("gone"));
		assertThat(this.runs.done).containsExactly(CloseStatus.NO_CLOSE_FRAME);
	}

	@Test
	void anAbortWritesNoMore() throws IOException {
		open();
		this.output.room = 0;
		push("a");
		this.output.log.clear();
		this.connection.abort(CloseStatus.GOING_AWAY);
		assertCompleted(1);
		this.output.takes(Integer.MAX_VALUE);
		assertThat(this.output.log).isEmpty();
		assertFree();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void tomcatsConnectionIsDroppedWhileAWriteWaits(boolean atTheTimeLimit) throws IOException {
		org.apache.coyote.Request coyote = createOnTomcat();
		open();
		this.output.room = 0;
		push("a");
		then(coyote).should(never()).action(eq(ActionCode.CLOSE_NOW), any());
		if (atTheTimeLimit) {
			this.listener.onTimeout(this.event);
		}
		else {
			this.transport.abort(CloseStatus.GOING_AWAY);
		}
		then(coyote).should().action(eq(ActionCode.CLOSE_NOW), any(IOException.class));
		assertCompleted(atTheTimeLimit ? 1 : 0);
		assertFree();
	}

	@Test
	void tomcatsConnectionIsKeptAtATimeLimitOfWhatIsOut() throws IOException {
		org.apache.coyote.Request coyote = createOnTomcat();
		open();
		push("a");
		this.listener.onTimeout(this.event);
		then(coyote).should(never()).action(eq(ActionCode.CLOSE_NOW), any());
		assertCompleted(1);
	}

	@Test
	void aTomcatThatCannotDropHarmsNobody() throws IOException {
		org.apache.coyote.Request coyote = createOnTomcat();
		willThrow(new IllegalStateException("recycled")).given(coyote).action(any(), any());
		open();
		this.connection.abort(CloseStatus.GOING_AWAY);
		assertThat(this.runs.done).containsExactly(CloseStatus.GOING_AWAY);
		assertFree();
	}

	@Test
	void stoppingToReadChangesNothing() throws IOException {
		open();
		this.transport.suspend();
		this.transport.resume();
		this.listener.onStartAsync(this.event);
		push("a");
		assertThat(this.output.text()).isEqualTo("[a");
	}

}

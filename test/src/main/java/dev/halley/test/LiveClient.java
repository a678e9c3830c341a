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

package dev.halley.test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.util.Assert;
import org.springframework.util.StringUtils;
import org.springframework.web.socket.CloseStatus;

import dev.halley.codec.MessageCodec;
import dev.halley.codec.Payload;

/**
 * A client of a running server, over a real connection: a WebSocket, an event stream or a
 * Comet stream. {@link LiveClients} connects it.
 * <p>
 * It answers pings and Closes as clients do, and can be a bad one: one that stalls,
 * vanishes, never answers a Close, or sends whatever bytes a test likes. Time is real.
 *
 * @param <I> the type of the messages that it sends
 * @param <O> the type of the messages that it gets: for an event stream
 * {@link ServerSentEvent}, for a Comet stream {@link CometCall}
 * @since 0.1
 */
public final class LiveClient<I, O> extends Peer<I, O, LiveClient<I, O>> {

	private final HttpLine line;

	private final Kind kind;

	private final LiveMessages messages;

	private final @Nullable MessageDeflate deflate;

	private final Gate gate = new Gate();

	private final LineWriter writer;

	/** Guarded by this. */
	private boolean answering;

	/** Whether it is too late not to answer. Guarded by this. */
	private boolean answered;

	private volatile boolean closeSent;

	LiveClient(HttpLine line, Kind kind, Transcript transcript, Duration timeout, Class<?> inType, Class<?> outType,
			MessageCodec<Object> inCodec, MessageCodec<Object> outCodec, @Nullable MessageDeflate deflate,
			boolean answering) {
		super(transcript, timeout, inType, outType, inCodec);
		this.line = line;
		this.kind = kind;
		this.messages = new LiveMessages(outCodec, inbox(), transcript);
		this.writer = new LineWriter(line);
		this.deflate = deflate;
		this.answering = answering;
		transcript.note("connected");
		LineWriter.thread(() -> run(reader()), "reader").start();
	}

	private LineReader reader() {
		return switch (this.kind) {
			case WEB_SOCKET -> new WebSocketReader(this.line.input(), this.deflate, this.gate, new Incoming());
			case EVENTS -> new EventReader(this.line.body(), this.gate, this.messages::takeEvent);
			case COMET -> new CometReader(this.line.body(), this.gate, this.messages::takeCall);
		};
	}

	private void run(LineReader reader) {
		try {
			reader.read();
			if (this.kind != Kind.WEB_SOCKET) {
				end(CloseStatus.NORMAL, "the end of the stream");
			}
			if (answersClose()) {
				this.writer.thenClose();
			}
		}
		catch (IOException | RuntimeException ex) {
			end(CloseStatus.NO_CLOSE_FRAME, "the connection has broken: " + ex);
			this.line.close();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void end(CloseStatus status, String what) {
		if (!inbox().isEnded()) {
			inbox().end(status, lines().received(what));
		}
	}

	/**
	 * Returns how the server has answered the handshake: its headers, such as
	 * {@code Sec-WebSocket-Protocol}. The body is what is read since.
	 * @return the answer, without a body
	 */
	public HttpAnswer handshake() {
		return new HttpAnswer(this.line.status(), this.line.headers(), "");
	}

	@Override
	LiveClient<I, O> send(Payload payload, String what) {
		int opcode = opcode(payload);
		byte[] bytes = payload.bytes();
		if (this.deflate == null || opcode >= WebSocketFrame.CLOSE) {
			return send(new WebSocketFrame(WebSocketFrame.FIN | opcode, bytes).toBytes(), what);
		}
		byte[] deflated = this.deflate.deflate(bytes);
		lines().note(bytes.length + " bytes go compressed, as " + deflated.length);
		return send(new WebSocketFrame(WebSocketFrame.FIN | WebSocketFrame.COMPRESSED | opcode, deflated).toBytes(),
				what);
	}

	private static int opcode(Payload payload) {
		return switch (payload.kind()) {
			case TEXT -> WebSocketFrame.TEXT;
			case BINARY -> WebSocketFrame.BINARY;
			case PING -> WebSocketFrame.PING;
			case PONG -> WebSocketFrame.PONG;
		};
	}

	/**
	 * Sends a frame, masked as a client's frames are, and nothing about it checked.
	 * @param first the first byte: FIN ({@code 0x80}), the reserved bits and the opcode
	 * (RFC 6455, section 5.2)
	 * @param data the application data
	 * @return this
	 */
	public LiveClient<I, O> sendFrame(int first, byte[] data) {
		return send(new WebSocketFrame(first, data).toBytes(),
				"a frame 0x" + Integer.toHexString(first) + " with " + data.length + " bytes");
	}

	/**
	 * Sends bytes over the network as they are.
	 * @param bytes the bytes
	 * @return this
	 */
	public LiveClient<I, O> sendRaw(byte[] bytes) {
		return send(bytes, bytes.length + " raw bytes");
	}

	private LiveClient<I, O> send(byte[] bytes, String what) {
		Assert.state(this.kind == Kind.WEB_SOCKET, () -> StringUtils.capitalize(this.kind.title())
				+ " takes no messages: send with LiveClients.webSocket(…), or by another request");
		requireNotLeft("send");
		if (inbox().isEnded()) {
			throw failure("send " + what + ": the connection has ended");
		}
		lines().sent(what);
		write(bytes, what);
		return this;
	}

	/** What the server does not take must not hold up the test. */
	private void write(byte[] bytes, String what) {
		try {
			this.writer.write(bytes).get(timeout().toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException ex) {
			throw failure("send " + what + ": the server has not taken it within " + Timeouts.print(timeout())
					+ ", it reads nothing", ex);
		}
		catch (ExecutionException ex) {
			throw failure("send " + what + ": the connection has ended", ex);
		}
		catch (InterruptedException ex) {
			throw interrupted();
		}
	}

	@Override
	public LiveClient<I, O> stall() {
		requireNotLeft("stall");
		lines().note("the client reads no more");
		this.gate.shut();
		return this;
	}

	@Override
	public LiveClient<I, O> resume() {
		requireNotLeft("resume");
		lines().note("the client reads again");
		this.gate.open();
		return this;
	}

	@Override
	public LiveClient<I, O> neverAnswerClose() {
		synchronized (this) {
			Assert.state(!this.answered, "neverAnswerClose(): the Close of the server was answered already "
					+ "(expected: before it comes; where a server closes at once, clients.withoutCloseAnswer())");
			this.answering = false;
		}
		lines().note("the client will not answer a Close");
		return this;
	}

	private synchronized boolean answersClose() {
		this.answered |= this.answering;
		return this.answering;
	}

	@Override
	public LiveClient<I, O> vanish() {
		requireNotLeft("vanish");
		left("vanish()");
		lines().sent("(gone without a Close)");
		leave();
		return this;
	}

	private void leave() {
		inbox().end(CloseStatus.NO_CLOSE_FRAME, lines().note("gone"));
		this.line.cut();
		this.gate.open();
		this.writer.stop();
	}

	@Override
	public LiveClient<I, O> close(CloseStatus status) {
		requireNotLeft("close");
		left("close(…)");
		if (this.kind != Kind.WEB_SOCKET) {
			lines().sent("(leaves)");
			leave();
			return this;
		}
		lines().sent("Close " + Transcript.print(status));
		this.closeSent = true;
		byte[] frame = new WebSocketFrame(WebSocketFrame.FIN | WebSocketFrame.CLOSE, data(status)).toBytes();
		write(frame, "Close " + Transcript.print(status));
		this.gate.open();
		if (!holds(() -> inbox().awaitEnd(timeout()))) {
			this.line.cut();
			throw failure("the server has not answered the Close within " + Timeouts.print(timeout()));
		}
		return this;
	}

	private static byte[] data(CloseStatus status) {
		String reason = (status.getReason() != null) ? status.getReason() : "";
		byte[] text = reason.getBytes(StandardCharsets.UTF_8);
		return ByteBuffer.allocate(2 + text.length).putShort((short) status.getCode()).put(text).array();
	}

	/** A client that could not read the answer just goes. */
	@Override
	public void close() {
		try {
			if (!isLeft() && isOpen()) {
				if (this.gate.isShut()) {
					vanish();
				}
				else {
					close(CloseStatus.NORMAL);
				}
			}
		}
		finally {
			left("close()");
			this.line.cut();
			this.gate.open();
			this.writer.stop();
		}
	}

	@Override
	Inbox.@Nullable Arrival pass(Duration time) {
		return arrival(time);
	}

	@Override
	void requireReading(String expected) {
		boolean reads = !this.gate.isShut() || inbox().isEnded() || !inbox().unread().isEmpty();
		Assert.state(reads, () -> "expected " + expected + ", but this client reads nothing: write resume() before");
	}

	/**
	 * What the client is of.
	 */
	enum Kind {

		WEB_SOCKET("a WebSocket"), EVENTS("an event stream"), COMET("a Comet stream");

		private final String title;

		Kind(String title) {
			this.title = title;
		}

		String title() {
			return this.title;
		}

	}

	/**
	 * What a WebSocket's reader finds.
	 */
	private final class Incoming implements WebSocketReader.Events {

		@Override
		public void message(Payload payload) {
			LiveClient.this.messages.take(payload);
		}

		@Override
		public void compressed(int bytes, int inflated) {
			lines().note(inflated + " bytes came compressed, as " + bytes);
		}

		@Override
		public void ping(byte[] data) {
			lines().received("a ping");
			answer(new WebSocketFrame(WebSocketFrame.FIN | WebSocketFrame.PONG, data));
		}

		@Override
		public void pong(byte[] data) {
			lines().received("a pong with " + data.length + " bytes");
		}

		@Override
		public void closed(CloseStatus status, byte[] data) {
			LiveClient<I, O> client = LiveClient.this;
			end(status, "Close " + Transcript.print(status));
			if (client.answersClose() && !client.closeSent) {
				byte[] code = Arrays.copyOf(data, Math.min(2, data.length));
				answer(new WebSocketFrame(WebSocketFrame.FIN | WebSocketFrame.CLOSE, code));
			}
		}

		private void answer(WebSocketFrame frame) {
			try {
				LiveClient.this.writer.write(frame.toBytes());
			}
			catch (RejectedExecutionException ex) {
				// The client is gone
			}
		}

	}

}

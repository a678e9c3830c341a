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
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;

/**
 * A client of the soak over a WebSocket. What it sends are slices of a pattern, so that
 * it needs no buffers, neither to send nor to compare what comes back.
 */
final class SoakConnection extends SoakClient {

	private static final int MOST_IN_A_ROW = 4;

	private static final int MOST_UNDER_WAY = 2 * SoakServer.LARGEST;

	private final boolean ticking;

	private final SoakFrames frames = new SoakFrames(this);

	private final Queue<SoakPiece> outgoing = new ArrayDeque<>();

	private final Queue<SoakPiece> expected = new ArrayDeque<>();

	private final int end;

	private boolean closeSent;

	private boolean closeReceived;

	private boolean byeSent;

	SoakConnection(SoakLoad load, SelectionKey key, boolean ticking) {
		super(load, key);
		this.ticking = ticking;
		this.end = load.random().nextInt(10);
	}

	@Override
	void connected() throws IOException {
		this.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
		send(SoakPiece.of(request()));
	}

	@Override
	void transfer(ByteBuffer buffer) throws IOException {
		if (this.key.isWritable()) {
			write(buffer);
		}
		if (!this.over && this.key.isReadable()) {
			read(buffer);
		}
	}

	private byte[] request() {
		return RawClient.request(this.ticking ? "/ticks" : "/soak").getBytes(StandardCharsets.US_ASCII);
	}

	private void read(ByteBuffer buffer) throws IOException {
		buffer.clear();
		int count = this.channel.read(buffer);
		if (count > 0) {
			this.lastProgress = System.nanoTime();
			buffer.flip();
			this.frames.read(buffer);
		}
		else if (count < 0 && !this.over) {
			if (!this.closeReceived) {
				failed("ended without a Close, " + this.expected.size() + " echoes missing");
			}
			end();
		}
	}

	private void write(ByteBuffer buffer) throws IOException {
		buffer.clear();
		for (SoakPiece piece : this.outgoing) {
			if (!piece.fill(buffer, this.load.pattern())) {
				break;
			}
		}
		buffer.flip();
		int written = this.channel.write(buffer);
		while (written > 0) {
			SoakPiece first = this.outgoing.element();
			written = first.advance(written);
			if (first.isDone()) {
				this.outgoing.remove();
			}
		}
		interest();
	}

	private void interest() {
		this.key.interestOps(SelectionKey.OP_READ | (this.outgoing.isEmpty() ? 0 : SelectionKey.OP_WRITE));
	}

	private void send(SoakPiece piece) {
		if (!this.over) {
			this.outgoing.add(piece);
			interest();
		}
	}

	// What comes in

	void head(String head) {
		open(head, "HTTP/1.1 101 ");
	}

	/** A part of a binary message; the length is that of the whole. */
	void echo(ByteBuffer part, long position, long length) {
		SoakPiece piece = this.expected.peek();
		if (piece == null || piece.length() != length) {
			failed("echo of " + length + " bytes (expected: " + piece + ")");
			return;
		}
		ByteBuffer slice = ByteBuffer.wrap(this.load.pattern(), piece.offset() + (int) position, part.remaining());
		if (part.mismatch(slice) >= 0) {
			failed("another echo than " + piece + " between " + position + " and " + (position + part.remaining()));
		}
		else if (position + part.remaining() == length) {
			this.expected.remove();
			this.load.underWay(-length);
			this.load.count(SoakEvent.ECHOES, 1);
			this.load.count(SoakEvent.ECHOED_BYTES, length);
			goOnEnding();
		}
	}

	void tick(String text) {
		tick(text, SoakEvent.TICKS);
	}

	void ping(byte[] data) {
		if (!this.closeSent) {
			this.load.count(SoakEvent.PINGS, 1);
			send(SoakPiece.of(Frames.masked(Frames.FIN_PONG, data)));
		}
	}

	void close(int code) {
		this.closeReceived = true;
		if (code != 1000 || (this.byeSent && !this.expected.isEmpty())) {
			failed("close " + code + " with " + this.expected.size() + " echoes missing");
		}
		this.load.count(this.closeSent ? SoakEvent.CLOSED_BY_CLIENT : SoakEvent.CLOSED_BY_SERVER, 1);
		sendClose();
	}

	// What this client does

	@Override
	void wake() {
		if (!this.opened || this.byeSent || this.closeSent) {
			return;
		}
		if (this.life-- <= 0) {
			finish();
			return;
		}
		if (!this.ticking && !this.load.isFull()) {
			sendMessages();
		}
		this.load.wakeLater(this);
	}

	private void sendMessages() {
		Random random = this.load.random();
		long underWay = this.expected.stream().mapToLong(SoakPiece::length).sum();
		for (int i = random.nextInt(MOST_IN_A_ROW); i >= 0; i--) {
			int length = (int) Math.min(Math.exp(random.nextDouble() * Math.log(SoakServer.LARGEST + 1)),
					SoakServer.LARGEST);
			underWay += length;
			if (underWay > MOST_UNDER_WAY) {
				return;
			}
			SoakPiece piece = SoakPiece.message(random.nextInt(SoakServer.LARGEST), length, random.nextInt());
			this.expected.add(piece);
			this.load.underWay(length);
			send(piece);
		}
	}

	/** Politely once all echoes are back, or at once. */
	@Override
	void finish() {
		if (this.end >= 6 && this.opened) {
			reset(SoakEvent.RESET);
		}
		else {
			this.life = 0;
			goOnEnding();
		}
	}

	private void goOnEnding() {
		if (this.life > 0 || !this.opened || this.byeSent) {
			return;
		}
		if (this.end < 3 && !this.ticking) {
			this.byeSent = true;
			send(SoakPiece.of(Frames.masked(Frames.FIN_TEXT, "bye")));
		}
		else if (this.expected.isEmpty()) {
			sendClose();
		}
	}

	private void sendClose() {
		if (!this.closeSent) {
			this.closeSent = true;
			send(SoakPiece.of(Frames.close(1000, "")));
		}
	}

	@Override
	void check(long since) {
		boolean waiting = !this.opened || !this.expected.isEmpty() || this.closeSent || this.byeSent;
		if (waiting && this.lastProgress - since < 0) {
			failed("nothing comes any more: " + this.expected.size() + " echoes missing");
		}
	}

	@Override
	void end() {
		if (!this.over) {
			this.load.underWay(-this.expected.stream().mapToLong(SoakPiece::length).sum());
		}
		super.end();
	}

	boolean isOver() {
		return this.over;
	}

	@Override
	public String toString() {
		return (this.ticking ? "ticks" : "echo") + "[opened=" + this.opened + ", closeSent=" + this.closeSent
				+ ", byeSent=" + this.byeSent + "]";
	}

}

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

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Takes apart what comes in for a client of the soak, whatever the cuts. Binary messages
 * are handed on in the parts in which they come, all else as a whole.
 */
final class SoakFrames {

	private static final int MOST_KEPT = 1024;

	private final SoakConnection connection;

	private final ByteBuffer kept = ByteBuffer.allocate(MOST_KEPT);

	private boolean upgraded;

	private int first;

	private long length = -1;

	private long position;

	SoakFrames(SoakConnection connection) {
		this.connection = connection;
	}

	void read(ByteBuffer in) {
		while (in.hasRemaining() && !this.connection.isOver()) {
			if (!this.upgraded) {
				readHead(in);
			}
			else if (this.length < 0) {
				readHeader(in);
			}
			else {
				readPayload(in);
			}
		}
	}

	private void readHead(ByteBuffer in) {
		this.kept.put(in.get());
		int size = this.kept.position();
		if (size > 3 && this.kept.get(size - 1) == '\n' && this.kept.get(size - 3) == '\n') {
			this.upgraded = true;
			this.connection.head(new String(take(), StandardCharsets.ISO_8859_1));
		}
	}

	private void readHeader(ByteBuffer in) {
		this.kept.put(in.get());
		int size = this.kept.position();
		if (size < 2) {
			return;
		}
		int length = this.kept.get(1) & 0xFF;
		int whole = (length == 126) ? 4 : (length == 127) ? 10 : 2;
		if (size == whole) {
			this.first = this.kept.get(0) & 0xFF;
			this.length = (whole == 2) ? length : (whole == 4) ? this.kept.getShort(2) & 0xFFFF : this.kept.getLong(2);
			this.position = 0;
			this.kept.clear();
			if (this.length == 0) {
				done();
			}
		}
	}

	private void readPayload(ByteBuffer in) {
		int count = (int) Math.min(in.remaining(), this.length - this.position);
		ByteBuffer part = in.slice(in.position(), count);
		in.position(in.position() + count);
		if (this.first == Frames.FIN_BINARY) {
			this.connection.echo(part, this.position, this.length);
		}
		else {
			this.kept.put(part);
		}
		this.position += count;
		if (this.position == this.length) {
			done();
		}
	}

	private void done() {
		byte[] payload = take();
		this.length = -1;
		switch (this.first) {
			case Frames.FIN_BINARY -> {
			}
			case Frames.FIN_TEXT -> this.connection.tick(new String(payload, StandardCharsets.US_ASCII));
			case Frames.FIN_PING -> this.connection.ping(payload);
			case Frames.FIN_CLOSE ->
				this.connection.close((payload.length < 2) ? 1005 : (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF));
			default -> throw new IllegalStateException("frame: " + Integer.toHexString(this.first));
		}
	}

	private byte[] take() {
		byte[] bytes = new byte[this.kept.position()];
		this.kept.flip().get(bytes);
		this.kept.clear();
		return bytes;
	}

}

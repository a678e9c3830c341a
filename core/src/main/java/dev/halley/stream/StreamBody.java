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
import java.util.List;

import jakarta.servlet.ServletOutputStream;
import org.springframework.web.socket.CloseStatus;

import dev.halley.codec.Payload;

/**
 * The body of a streaming response: what is written in which form, and how much of it at
 * once. Used under the lock of its stream, but for {@link #close}.
 */
final class StreamBody {

	private final StreamFormat format;

	private final ResponseWriter writer;

	private final WriteShare share;

	StreamBody(StreamFormat format, ServletOutputStream output, WriteShare share) {
		this.format = format;
		this.writer = new ResponseWriter(output, share);
		this.share = share;
	}

	StreamFormat format() {
		return this.format;
	}

	/** Has the head written, and nothing else. */
	void addHead() {
		this.writer.flush();
	}

	/** Has the head written, and what comes before all messages. */
	void addStart() {
		this.writer.add(this.format.start());
		this.writer.flush();
	}

	void add(List<Payload> batch) {
		for (Payload payload : batch) {
			this.writer.add(this.format.encode(payload));
			if (this.format.isFlushedEach()) {
				this.writer.flush();
			}
		}
		this.writer.flush();
	}

	/** The end has its own text if the application has brought it about. */
	void addEnd(CloseStatus status, boolean asked) {
		byte[] end = this.format.end(status, asked);
		if (end.length > 0) {
			this.writer.add(end);
			this.writer.flush();
		}
	}

	/**
	 * Writes until all is out or the container has to wait for the peer.
	 * @return whether all is out
	 */
	boolean write() throws IOException {
		return this.writer.write();
	}

	boolean isIdle() {
		return this.writer.isIdle();
	}

	/** Nothing more is written. Any thread, any number of times. */
	void close() {
		this.share.close();
	}

}

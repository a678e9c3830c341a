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

package dev.halley.boot;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.halley.web.RawStream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Reads an event stream as a browser's {@code EventSource} does, and comes back with the
 * id that it has seen last.
 */
final class EventSourceClient {

	private final int port;

	private final String path;

	private final StringBuilder rest = new StringBuilder();

	private final List<String> ids = new ArrayList<>();

	private @Nullable RawStream stream;

	private String lastEventId = "";

	EventSourceClient(int port, String path) {
		this.port = port;
		this.path = path;
	}

	EventSourceClient open() throws IOException {
		return read(RawStream.get(this.port, this.path, headers()));
	}

	private String[] headers() {
		List<String> headers = new ArrayList<>(List.of("Accept: text/event-stream"));
		if (!this.lastEventId.isEmpty()) {
			headers.add("Last-Event-ID: " + this.lastEventId);
		}
		return headers.toArray(String[]::new);
	}

	/** As {@code fetch} does it, with a body of JSON. */
	EventSourceClient post(String body) throws IOException {
		return read(RawStream.post(this.port, this.path, "application/json", body, "Accept: text/event-stream",
				"Last-Event-ID: " + this.lastEventId));
	}

	private EventSourceClient read(RawStream stream) {
		assertThat(stream.status()).isEqualTo(200);
		this.stream = stream;
		this.rest.setLength(0);
		return this;
	}

	/** The next event that a page would get, {@code name: data} if it has a name. */
	String next() throws IOException {
		String data = null;
		while (data == null) {
			data = dispatch(block());
		}
		return data;
	}

	/** The same, or {@code null} if the stream has ended. */
	@Nullable String nextOrEnd() {
		try {
			return next();
		}
		catch (IOException ex) {
			return null;
		}
	}

	String path() {
		return this.path;
	}

	/** Reads up to what tells where the stream begins. */
	EventSourceClient begun() throws IOException {
		while (this.lastEventId.isEmpty()) {
			dispatch(block());
		}
		return this;
	}

	private @Nullable String dispatch(String block) {
		String name = "";
		String data = null;
		for (String line : block.split("\n")) {
			if (line.startsWith("id: ")) {
				this.lastEventId = line.substring(4);
			}
			else if (line.startsWith("event: ")) {
				name = line.substring(7) + ": ";
			}
			else if (line.startsWith("data: ")) {
				data = (data != null) ? data + "\n" + line.substring(6) : line.substring(6);
			}
		}
		if (data == null) {
			return null;
		}
		this.ids.add(this.lastEventId);
		return name + data;
	}

	private String block() throws IOException {
		int end = this.rest.indexOf("\n\n");
		while (end < 0) {
			String chunk = stream().chunk();
			if (chunk.isEmpty()) {
				throw new IOException("end of stream");
			}
			end = this.rest.append(chunk).indexOf("\n\n");
		}
		String block = this.rest.substring(0, end);
		this.rest.delete(0, end + 2);
		return block;
	}

	private RawStream stream() {
		RawStream stream = this.stream;
		assertThat(stream).as("open").isNotNull();
		return stream;
	}

	String lastEventId() {
		return this.lastEventId;
	}

	void lastEventId(String id) {
		this.lastEventId = id;
	}

	/** The ids of the events so far. */
	List<String> ids() {
		return this.ids;
	}

	void close() throws IOException {
		stream().close();
	}

}

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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.springframework.http.codec.ServerSentEvent;

/**
 * Reads the events of an event stream, as the HTML standard parses them, save that each
 * event has its own id only.
 */
final class EventReader implements LineReader {

	private final BufferedReader lines;

	private final Gate gate;

	private final Consumer<ServerSentEvent<String>> events;

	private @Nullable StringBuilder data;

	private @Nullable String id;

	private @Nullable String name;

	private @Nullable Duration retry;

	private @Nullable String comment;

	EventReader(InputStream body, Gate gate, Consumer<ServerSentEvent<String>> events) {
		this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8), 512);
		this.gate = gate;
		this.events = events;
	}

	@Override
	public void read() throws IOException, InterruptedException {
		this.gate.pass();
		for (String line = this.lines.readLine(); line != null; line = this.lines.readLine()) {
			if (line.isEmpty()) {
				this.gate.pass();
				dispatch();
			}
			else {
				take(line);
			}
		}
	}

	private void take(String line) {
		int colon = line.indexOf(':');
		String field = (colon >= 0) ? line.substring(0, colon) : line;
		String value = (colon >= 0) ? line.substring(colon + 1) : "";
		value = value.startsWith(" ") ? value.substring(1) : value;
		switch (field) {
			case "" -> this.comment = join(this.comment, value);
			case "data" ->
				this.data = (this.data != null) ? this.data.append('\n').append(value) : new StringBuilder(value);
			case "id" -> this.id = value;
			case "event" -> this.name = value;
			case "retry" -> this.retry = value.matches("\\d{1,18}") ? Duration.ofMillis(Long.parseLong(value)) : null;
			default -> {
			}
		}
	}

	private static String join(@Nullable String before, String value) {
		return (before != null) ? before + "\n" + value : value;
	}

	private void dispatch() {
		ServerSentEvent.Builder<String> event = ServerSentEvent.builder();
		if (this.id != null) {
			event.id(this.id);
		}
		if (this.name != null) {
			event.event(this.name);
		}
		if (this.retry != null) {
			event.retry(this.retry);
		}
		if (this.comment != null && !this.comment.isEmpty()) {
			event.comment(this.comment);
		}
		if (this.data != null) {
			event.data(this.data.toString());
		}
		this.data = null;
		this.id = null;
		this.name = null;
		this.retry = null;
		this.comment = null;
		this.events.accept(event.build());
	}

}

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

package dev.halley.sse;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Reads a whole event stream as the HTML standard tells a browser to ("Interpreting an
 * event stream"), and keeps the comments, which a browser drops.
 */
final class EventStreamReader {

	private final List<Message> messages = new ArrayList<>();

	private final List<String> comments = new ArrayList<>();

	private final StringBuilder data = new StringBuilder();

	private String type = "";

	private String idBuffer = "";

	private String lastEventId = "";

	private @Nullable Long retry;

	static EventStreamReader read(byte[] stream) {
		String text = new String(stream, StandardCharsets.UTF_8);
		EventStreamReader reader = new EventStreamReader();
		reader.readLines(text.startsWith("\ufeff") ? text.substring(1) : text);
		return reader;
	}

	List<Message> messages() {
		return this.messages;
	}

	List<String> comments() {
		return this.comments;
	}

	String lastEventId() {
		return this.lastEventId;
	}

	@Nullable Long retry() {
		return this.retry;
	}

	private void readLines(String text) {
		int start = 0;
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c == '\r' || c == '\n') {
				readLine(text.substring(start, i));
				if (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
					i++;
				}
				start = i + 1;
			}
		}
	}

	private void readLine(String line) {
		int colon = line.indexOf(':');
		if (line.isEmpty()) {
			dispatch();
		}
		else if (colon == 0) {
			this.comments.add(line.substring(1));
		}
		else if (colon > 0) {
			String value = line.substring(colon + 1);
			readField(line.substring(0, colon), value.startsWith(" ") ? value.substring(1) : value);
		}
		else {
			readField(line, "");
		}
	}

	private void readField(String name, String value) {
		if (name.equals("event")) {
			this.type = value;
		}
		else if (name.equals("data")) {
			this.data.append(value).append('\n');
		}
		else if (name.equals("id") && value.indexOf('\0') < 0) {
			this.idBuffer = value;
		}
		else if (name.equals("retry") && value.matches("[0-9]+")) {
			this.retry = Long.valueOf(value);
		}
	}

	private void dispatch() {
		this.lastEventId = this.idBuffer;
		if (!this.data.isEmpty()) {
			String all = this.data.substring(0, this.data.length() - 1);
			this.messages.add(new Message(this.type.isEmpty() ? "message" : this.type, all, this.lastEventId));
		}
		this.data.setLength(0);
		this.type = "";
	}

	record Message(String type, String data, String lastEventId) {

	}

}

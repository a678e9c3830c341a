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

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.http.codec.ServerSentEvent;

import dev.halley.codec.MessageDecodingException;

/**
 * Reads an event stream as the HTML standard says ("9.2.6 Interpreting an event stream"),
 * from bytes in parts of any size. What is not valid UTF-8 becomes U+FFFD; an event that
 * is not complete at the end is none. Used by one thread at a time.
 */
final class EventStreamParser {

	private static final byte[] BOM = { (byte) 0xEF, (byte) 0xBB, (byte) 0xBF };

	/** A time that no server means. */
	private static final int MOST_DIGITS = 12;

	private final int limit;

	private byte[] line = new byte[256];

	private int length;

	private boolean first = true;

	private boolean afterCarriageReturn;

	private final StringBuilder data = new StringBuilder();

	private String name = "";

	private String id;

	private String lastId;

	private @Nullable Duration retry;

	private @Nullable MessageDecodingException failure;

	/**
	 * Creates a parser of one response.
	 * @param limit the largest event, in bytes
	 * @param lastId the id of the last event of the response before, or nothing
	 */
	EventStreamParser(int limit, String lastId) {
		this.limit = limit;
		this.id = lastId;
		this.lastId = lastId;
	}

	/** Returns the id of the last event, or nothing. */
	String lastId() {
		return this.lastId;
	}

	/** Returns the time to wait before a reconnect, if the stream has said so. */
	@Nullable Duration retry() {
		return this.retry;
	}

	/** Returns why nothing can be read after the events that were complete, if so. */
	@Nullable MessageDecodingException failure() {
		return this.failure;
	}

	/**
	 * Reads on. An event that exceeds the limit is a {@link #failure()}, after which
	 * nothing is read.
	 * @param parts what has come
	 * @return the events that are complete with it, with the id of the last event that
	 * had one, and their name unless it is {@code message}
	 */
	List<ServerSentEvent<String>> parse(List<ByteBuffer> parts) {
		List<ServerSentEvent<String>> events = new ArrayList<>();
		for (ByteBuffer part : parts) {
			while (this.failure == null && part.hasRemaining()) {
				take(part.get(), events);
			}
		}
		return events;
	}

	private void take(byte next, List<ServerSentEvent<String>> events) {
		boolean isSecondOfTwo = this.afterCarriageReturn && next == '\n';
		this.afterCarriageReturn = next == '\r';
		if (isSecondOfTwo) {
			return;
		}
		if (next == '\r' || next == '\n') {
			endOfLine(events);
		}
		else {
			add(next);
		}
	}

	private void add(byte next) {
		if (this.length + this.data.length() >= this.limit) {
			this.failure = new MessageDecodingException(
					"event: more than " + this.limit + " bytes (expected: at most as many)");
			return;
		}
		if (this.length == this.line.length) {
			this.line = Arrays.copyOf(this.line, this.length * 2);
		}
		this.line[this.length++] = next;
	}

	private void endOfLine(List<ServerSentEvent<String>> events) {
		int start = (this.first && this.length >= BOM.length
				&& Arrays.equals(this.line, 0, BOM.length, BOM, 0, BOM.length)) ? BOM.length : 0;
		String line = new String(this.line, start, this.length - start, StandardCharsets.UTF_8);
		this.first = false;
		this.length = 0;
		if (line.isEmpty()) {
			dispatch(events);
		}
		else {
			int colon = line.indexOf(':');
			if (colon < 0) {
				field(line, "");
			}
			else {
				int value = line.startsWith(" ", colon + 1) ? colon + 2 : colon + 1;
				field(line.substring(0, colon), line.substring(value));
			}
		}
	}

	/** A comment is a field without a name. */
	private void field(String field, String value) {
		switch (field) {
			case "data" -> this.data.append(value).append('\n');
			case "event" -> this.name = value;
			case "id" -> this.id = (value.indexOf('\0') < 0) ? value : this.id;
			case "retry" -> this.retry = isNumber(value) ? Duration.ofMillis(Long.parseLong(value)) : this.retry;
			default -> {
			}
		}
	}

	private static boolean isNumber(String value) {
		return !value.isEmpty() && value.length() <= MOST_DIGITS
				&& value.chars().allMatch((digit) -> digit >= '0' && digit <= '9');
	}

	private void dispatch(List<ServerSentEvent<String>> events) {
		this.lastId = this.id;
		if (!this.data.isEmpty()) {
			ServerSentEvent.Builder<String> event = ServerSentEvent
				.builder(this.data.substring(0, this.data.length() - 1));
			if (!this.lastId.isEmpty()) {
				event.id(this.lastId);
			}
			if (!this.name.isEmpty() && !this.name.equals("message")) {
				event.event(this.name);
			}
			events.add(event.build());
		}
		this.data.setLength(0);
		this.name = "";
	}

}

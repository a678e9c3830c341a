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
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.codec.ServerSentEvent;

import dev.halley.codec.MessageDecodingException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Event streams, as the HTML standard has them.
 */
class EventStreamParserTests {

	private final EventStreamParser parser = new EventStreamParser(1000, "");

	private List<ServerSentEvent<String>> parse(String stream) {
		return parse(stream.getBytes(StandardCharsets.UTF_8));
	}

	private List<ServerSentEvent<String>> parse(byte... stream) {
		return this.parser.parse(List.of(ByteBuffer.wrap(stream)));
	}

	private List<String> data(String stream) {
		return parse(stream).stream().map(ServerSentEvent::data).toList();
	}

	@Test
	void dataOfSeveralLinesIsOneEvent() {
		assertThat(data("data: a\ndata:b\ndata:  c\ndata\n\n")).containsExactly("a\nb\n c\n");
	}

	@ParameterizedTest
	@CsvSource({ "'\n'", "'\r'", "'\r\n'" })
	void linesEndInThreeWays(String written) {
		String end = written.replace("\\n", "\n").replace("\\r", "\r");
		assertThat(data("data: a" + end + "data: b" + end + end + "data: c" + end + end)).containsExactly("a\nb", "c");
	}

	@Test
	void anEmptyEventIsOneIfItHasAFieldForData() {
		assertThat(data("data\n\ndata:\n\nevent: x\n\n\n\n: note\n\n")).containsExactly("", "");
	}

	@Test
	void commentsAndUnknownFieldsAreNothing() {
		assertThat(data(":\n: data: a\nfoo: b\n data: c\nData: d\ndata: e\n\n")).containsExactly("e");
	}

	@Test
	void anEventThatIsNotCompleteIsNone() {
		assertThat(data("data: a\n")).isEmpty();
		assertThat(data("data: b")).isEmpty();
	}

	@Test
	void onlyTheFirstByteOrderMarkIsLeftOut() {
		assertThat(data("\uFEFFdata: a\n\n\uFEFFdata: b\ndata: c\n\n")).containsExactly("a", "c");
	}

	@Test
	void namesHoldForOneEvent() {
		assertThat(parse("event: x\nevent: y\ndata: a\n\ndata: b\n\nevent: message\ndata: c\n\n"))
			.extracting(ServerSentEvent::event)
			.containsExactly("y", null, null);
	}

	@Test
	void anIdHoldsUntilAnotherComes() {
		assertThat(parse("id: 1\ndata: a\n\ndata: b\n\nid: 2\0\ndata: c\n\nid\ndata: d\n\n"))
			.extracting(ServerSentEvent::id)
			.containsExactly("1", "1", "1", null);
	}

	@Test
	void anIdCountsWhenItsEventIsComplete() {
		parse("id: 1\n\nid: 2\ndata: a\n");
		assertThat(this.parser.lastId()).isEqualTo("1");
		parse("\n");
		assertThat(this.parser.lastId()).isEqualTo("2");
	}

	@Test
	void theIdOfTheResponseBeforeHolds() {
		EventStreamParser next = new EventStreamParser(1000, "7");
		next.parse(List.of(ByteBuffer.wrap("data: a\n\n".getBytes(StandardCharsets.UTF_8))));
		assertThat(next.lastId()).isEqualTo("7");
	}

	@Test
	void onlyDigitsAreATimeToWait() {
		parse("retry: 12s\nretry: -1\nretry:\nretry: 9999999999999999999\n");
		assertThat(this.parser.retry()).isNull();
		parse("retry: 1500\n");
		assertThat(this.parser.retry()).isEqualTo(Duration.ofMillis(1500));
	}

	@Test
	void whatIsNoUtf8IsReplaced() {
		List<ServerSentEvent<String>> events = parse((byte) 'd', (byte) 'a', (byte) 't', (byte) 'a', (byte) ':',
				(byte) 0xC3, (byte) '\n', (byte) '\n');
		assertThat(events).extracting(ServerSentEvent::data).containsExactly("\uFFFD");
	}

	@Test
	void anEventIsBounded() {
		assertThat(data("data:" + "x".repeat(900) + "\n\ndata:" + "y".repeat(900) + "\n\n")).hasSize(2);
		assertThat(this.parser.failure()).isNull();
		assertThat(data("data:" + "x".repeat(1000) + "\n\n")).isEmpty();
		assertThat(this.parser.failure()).isInstanceOf(MessageDecodingException.class)
			.hasMessage("event: more than 1000 bytes (expected: at most as many)");
	}

	@Test
	void anEventOfManyLinesIsBounded() {
		assertThat(data("data: 12345\n".repeat(200))).isEmpty();
		assertThat(this.parser.failure()).isNotNull();
	}

	@Test
	void eventsBeforeOneThatIsTooLargeAreRead() {
		assertThat(data("id: 1\ndata: a\n\nid: 2\ndata:" + "x".repeat(1000) + "\n\ndata: b\n\n")).containsExactly("a");
		assertThat(this.parser.failure()).isNotNull();
		assertThat(this.parser.lastId()).isEqualTo("1");
		assertThat(data("\n\ndata: c\n\n")).isEmpty();
	}

	@Test
	void commentsWithoutEndAreNoEvent() {
		for (int i = 0; i < 1000; i++) {
			assertThat(data(": still here\n")).isEmpty();
		}
		assertThat(data("data: a\n\n")).containsExactly("a");
	}

	/** Whatever comes, and however it is cut, is read as if it had come in one piece. */
	@Test
	void splitsChangeNothing() {
		for (int seed = 0; seed < 2000; seed++) {
			Random random = new Random(seed);
			byte[] stream = stream(random).getBytes(StandardCharsets.UTF_8);
			EventStreamParser whole = new EventStreamParser(100_000, "");
			EventStreamParser pieces = new EventStreamParser(100_000, "");
			List<String> expected = print(whole.parse(List.of(ByteBuffer.wrap(stream))));
			List<String> actual = new ArrayList<>();
			for (int from = 0; from < stream.length;) {
				int to = Math.min(stream.length, from + 1 + random.nextInt(8));
				actual.addAll(print(pieces.parse(List.of(ByteBuffer.wrap(Arrays.copyOfRange(stream, from, to))))));
				from = to;
			}
			assertThat(actual).as("seed %s", seed).isEqualTo(expected);
			assertThat(expected).as("seed %s", seed).isEqualTo(model(new String(stream, StandardCharsets.UTF_8)));
			assertThat(pieces.lastId()).isEqualTo(whole.lastId());
			assertThat(pieces.retry()).isEqualTo(whole.retry());
		}
	}

	private static String stream(Random random) {
		String[] parts = { "data", "event", "id", "retry", ":", " ", "\n", "\r", "\r\n", "\n\n", "a", "ü", "😀", "12",
				"data: b\n\n", "data: c\r\rid: 3\r\n", "\uFEFF", "\0", ": note\n" };
		StringBuilder stream = new StringBuilder();
		for (int i = random.nextInt(40); i >= 0; i--) {
			stream.append(parts[random.nextInt(parts.length)]);
		}
		return stream.toString();
	}

	private static List<String> print(List<ServerSentEvent<String>> events) {
		return events.stream().map((event) -> event.event() + "|" + event.id() + "|" + event.data()).toList();
	}

	/** The standard's algorithm, on whole text. */
	private static List<String> model(String stream) {
		List<String> events = new ArrayList<>();
		String text = stream.startsWith("\uFEFF") ? stream.substring(1) : stream;
		String data = "";
		String name = "";
		String id = "";
		String[] lines = text.split("\r\n|\n|\r", -1);
		for (String line : Arrays.copyOf(lines, lines.length - 1)) {
			if (line.isEmpty()) {
				if (!data.isEmpty()) {
					events.add(((name.isEmpty() || name.equals("message")) ? null : name) + "|"
							+ (id.isEmpty() ? null : id) + "|" + data.substring(0, data.length() - 1));
				}
				data = "";
				name = "";
			}
			int colon = line.indexOf(':');
			String field = (colon < 0) ? line : line.substring(0, colon);
			String value = (colon < 0) ? "" : line.substring(colon + 1);
			value = value.startsWith(" ") ? value.substring(1) : value;
			data = field.equals("data") ? data + value + "\n" : data;
			name = field.equals("event") ? value : name;
			id = (field.equals("id") && value.indexOf('\0') < 0) ? value : id;
		}
		return events;
	}

}

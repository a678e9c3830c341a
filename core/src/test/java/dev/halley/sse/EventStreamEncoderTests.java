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

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.codec.ServerSentEvent;

import dev.halley.comet.HostileText;
import dev.halley.sse.EventStreamReader.Message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link EventStreamEncoder}.
 */
class EventStreamEncoderTests {

	@Test
	void dataIsOneLineAndABlankLine() {
		assertThat(string(EventStreamEncoder.encode("foo"))).isEqualTo("data: foo\n\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\nb\nc", "a\rb\rc", "a\r\nb\r\nc", "a\rb\nc" })
	void eachLineOfDataIsALine(String data) {
		assertThat(string(EventStreamEncoder.encode(data))).isEqualTo("data: a\ndata: b\ndata: c\n\n");
	}

	@Test
	void emptyLinesAndATrailingOneAreKept() {
		assertThat(string(EventStreamEncoder.encode("\n\ra\n\r\n")))
			.isEqualTo("data: \ndata: \ndata: a\ndata: \ndata: \n\n");
	}

	@Test
	void emptyDataIsAnEventNonetheless() {
		byte[] stream = EventStreamEncoder.encode("");
		assertThat(string(stream)).isEqualTo("data: \n\n");
		assertThat(EventStreamReader.read(stream).messages()).containsExactly(new Message("message", "", ""));
	}

	@Test
	void allFieldsAreWrittenInOrder() {
		ServerSentEvent<String> event = ServerSentEvent.builder("ignored")
			.data("x")
			.comment("hi\nyou\r")
			.retry(Duration.ofMillis(2500))
			.event("tick")
			.id("7")
			.build();
		assertThat(string(EventStreamEncoder.encode(event, "a\nb")))
			.isEqualTo("id: 7\nevent: tick\nretry: 2500\n: hi\n: you\n: \ndata: a\ndata: b\n\n");
	}

	@Test
	void commentAloneDispatchesNothing() {
		byte[] stream = EventStreamEncoder.encode(ServerSentEvent.builder().comment("still here").build(), null);
		assertThat(string(stream)).isEqualTo(": still here\n\n");
		assertThat(EventStreamReader.read(stream).messages()).isEmpty();
	}

	@Test
	void idAndRetryWithoutDataAreRememberedByTheBrowser() {
		EventStreamReader reader = EventStreamReader.read(EventStreamEncoder
			.encode(ServerSentEvent.builder().id("a:b").retry(Duration.ofSeconds(3)).build(), null));
		assertThat(reader.messages()).isEmpty();
		assertThat(reader.lastEventId()).isEqualTo("a:b");
		assertThat(reader.retry()).isEqualTo(3000);
	}

	@Test
	void emptyEventIsABlankLine() {
		assertThat(string(EventStreamEncoder.encode(ServerSentEvent.builder().build(), null))).isEqualTo("\n");
	}

	@Test
	void emptyIdForgetsTheLastOne() {
		byte[] stream = concat(List.of(EventStreamEncoder.encode(ServerSentEvent.builder().id("1").build(), "a"),
				EventStreamEncoder.encode(ServerSentEvent.builder().id("").build(), "b")));
		assertThat(EventStreamReader.read(stream).messages()).extracting(Message::lastEventId).containsExactly("1", "");
	}

	@Test
	void heartbeatDispatchesNothingAndChangesNothing() {
		byte[] stream = concat(List.of(EventStreamEncoder.encode("a"), EventStreamEncoder.heartbeat(),
				EventStreamEncoder.encode("b")));
		assertThat(string(EventStreamEncoder.heartbeat())).isEqualTo(":\n\n");
		assertThat(EventStreamReader.read(stream).messages()).extracting(Message::data).containsExactly("a", "b");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\nb", "a\r", "\r\ndata: x", "a\0b" })
	void idAndEventThatWouldStartAnotherFieldAreRefused(String value) {
		// Spring's builder refuses some of them before the encoder can
		assertThatIllegalArgumentException()
			.isThrownBy(() -> EventStreamEncoder.encode(ServerSentEvent.builder().id(value).build(), "x"));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> EventStreamEncoder.encode(ServerSentEvent.builder().event(value).build(), "x"));
		assertThatIllegalArgumentException().isThrownBy(() -> EventStreamEncoder.requireOneLine("id", value))
			.withMessageMatching("id: U\\+000[0AD] at index [01] \\(expected: no CR, LF or NUL\\)");
	}

	@Test
	void retryIsInMillisecondsAndNeverNegative() {
		assertThat(retry(Duration.ZERO)).isEqualTo("retry: 0\n\n");
		assertThat(retry(Duration.ofMinutes(2))).isEqualTo("retry: 120000\n\n");
		assertThat(retry(Duration.ofNanos(1_999_999))).isEqualTo("retry: 1\n\n");
		assertThatIllegalArgumentException().isThrownBy(() -> retry(Duration.ofMillis(-1)))
			.withMessageStartingWith("retry: PT-0.001S (expected: >= 0 ");
		assertThatIllegalArgumentException().isThrownBy(() -> retry(Duration.ofSeconds(Long.MAX_VALUE)));
	}

	@Test
	void byteOrderMarkSurvivesInTheFirstEvent() {
		assertThat(EventStreamReader.read(EventStreamEncoder.encode("\ufeffa")).messages()).extracting(Message::data)
			.containsExactly("\ufeffa");
	}

	@Test
	void spacesAtTheStartSurvive() {
		ServerSentEvent<?> event = ServerSentEvent.builder().id(" 1").event("  tick").build();
		assertThat(EventStreamReader.read(EventStreamEncoder.encode(event, " a\n  b")).messages())
			.containsExactly(new Message("  tick", " a\n  b", " 1"));
	}

	@Test
	void loneSurrogatesAreReplacedAndPairsAreKept() {
		ServerSentEvent<?> event = ServerSentEvent.builder().id("\udc00").event("\ud800").comment("\ud800").build();
		assertThat(string(EventStreamEncoder.encode(event, "\ud83d\ud83d\ude00\ude00")))
			.isEqualTo("id: \ufffd\nevent: \ufffd\n: \ufffd\ndata: \ufffd\ud83d\ude00\ufffd\n\n");
	}

	@Test
	void hostileDataComesBackWithItsLineEndsAsLineFeeds() {
		List<String> texts = Stream.concat(HostileText.known(), HostileText.random(6, 5000)).toList();
		byte[] stream = concat(texts.stream().map(EventStreamEncoder::encode).toList());
		assertThat(EventStreamReader.read(stream).messages()).extracting(Message::data)
			.containsExactlyElementsOf(texts.stream().map(EventStreamEncoderTests::asReceived).toList());
	}

	@Test
	void hostileFieldsComeBackAsTheyWere() {
		List<String> values = Stream.concat(HostileText.known(), HostileText.random(7, 3000)).toList();
		List<byte[]> events = new ArrayList<>();
		List<Message> expected = new ArrayList<>();
		for (int i = 0; i < values.size(); i++) {
			String id = oneLine(values.get(i));
			String type = "t" + oneLine(values.get(values.size() - 1 - i));
			events.add(EventStreamEncoder
				.encode(ServerSentEvent.builder().id(id).event(type).comment(values.get(i)).build(), values.get(i)));
			expected.add(new Message(asReceived(type), asReceived(values.get(i)), asReceived(id)));
		}
		assertThat(EventStreamReader.read(concat(events)).messages()).isEqualTo(expected);
	}

	@Test
	void hostileCommentsAreCommentsOnly() {
		Stream.concat(HostileText.known(), HostileText.random(8, 3000)).forEach((text) -> {
			EventStreamReader reader = EventStreamReader
				.read(EventStreamEncoder.encode(ServerSentEvent.builder().comment(text).build(), null));
			assertThat(reader.messages()).isEmpty();
			assertThat(reader.lastEventId()).isEmpty();
			assertThat(reader.retry()).isNull();
			assertThat(String.join("\n", reader.comments().stream().map((line) -> line.substring(1)).toList()))
				.isEqualTo(asReceived(text));
		});
	}

	private static String asReceived(String text) {
		String wellFormed = new String(text.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.UTF_16BE);
		return wellFormed.replaceAll("\r\n|\r", "\n");
	}

	private static String oneLine(String text) {
		return text.replaceAll("[\\r\\n\\x00]", "_");
	}

	private static String retry(Duration retry) {
		return string(EventStreamEncoder.encode(ServerSentEvent.builder().retry(retry).build(), null));
	}

	private static byte[] concat(List<byte[]> parts) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		parts.forEach(out::writeBytes);
		return out.toByteArray();
	}

	private static String string(byte[] utf8) {
		return new String(utf8, StandardCharsets.UTF_8);
	}

}

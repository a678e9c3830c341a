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
import java.nio.charset.StandardCharsets;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.http.codec.ServerSentEvent;

import dev.halley.test.AskController.Answer;
import dev.halley.test.AskController.Question;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for clients that compress, and for those that ask by POST.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "halley.websocket.compression.enabled=true", "halley.websocket.compression.threshold=0B" })
class LiveWireTests {

	private static final String EXTENSIONS = "Sec-WebSocket-Extensions";

	@Autowired
	private LiveClients clients;

	@Test
	void messagesAreCompressedInBothDirections() {
		LiveClient<String, String> echo = this.clients.withCompression().webSocket("/echo");
		assertThat(echo.handshake().headers().getFirst(EXTENSIONS)).startsWith("permessage-deflate");
		String text = "compress me ".repeat(1000);
		echo.send(text).expect(text);
		assertThat(echo.transcript()).containsPattern("12000 bytes go compressed, as \\d{2,3}\n")
			.containsPattern("12000 bytes came compressed, as \\d{2,3}\n");
		echo.send(text).expect(text);
		assertThat(echo.transcript()).containsPattern("12000 bytes go compressed, as \\d{1,2}\n");
	}

	@Test
	void lengthsOfAllKindsAreCompressed() {
		for (LiveClients offering : new LiveClients[] { this.clients.withCompression(),
				this.clients.withCompression("client_no_context_takeover", "server_no_context_takeover"),
				this.clients.withCompression("server_max_window_bits=9") }) {
			LiveClient<byte[], byte[]> bytes = offering.webSocket("/bytes", byte[].class, byte[].class);
			Random random = new Random(7);
			for (int length : new int[] { 0, 1, 0, 125, 1024, 5000, 30_000 }) {
				byte[] message = new byte[length];
				random.nextBytes(message);
				bytes.send(message).expect(message);
			}
		}
	}

	@Test
	void withoutAnOfferNothingIsCompressed() {
		LiveClient<String, String> echo = this.clients.webSocket("/echo");
		assertThat(echo.handshake().headers().getFirst(EXTENSIONS)).isNull();
		echo.send("Hello".repeat(100)).expect("Hello".repeat(100));
		assertThat(echo.transcript()).doesNotContain("compressed");
		echo.sendFrame(0xC1, new byte[] { 0 }).expectClose(1002);
	}

	@Test
	void framesThatAreSentByHandGoAsTheyAre() {
		LiveClient<String, String> echo = this.clients.withCompression("client_no_context_takeover").webSocket("/echo");
		byte[] compressed = new MessageDeflate("").deflate("Hello".getBytes(StandardCharsets.UTF_8));
		echo.sendFrame(0xC1, compressed).expect("Hello");
		echo.sendFrame(0x81, "Bye".getBytes(StandardCharsets.UTF_8)).expect("Bye");
		echo.sendFrame(0xC1, new byte[] { 7, 7, 7 }).expectClose(1007);
	}

	@Test
	void whatIsNotCompressedIsNotInflated() {
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> new MessageDeflate("").inflate(new byte[] { 7, 7 }))
			.withMessageContaining("not compressed");
		assertThatIllegalArgumentException().isThrownBy(() -> this.clients.withCompression("client_max_window_bits=9"))
			.withMessageContaining("which the JDK cannot keep to");
	}

	@Test
	void streamsAreAskedForWithJson() {
		LiveClients asking = this.clients.withBody(new Question("why?"));
		asking.events("/asked", Answer.class)
			.expectSatisfying((event) -> assertThat(event.data()).isEqualTo(new Answer("why?", 1)))
			.expectSatisfying((event) -> assertThat(event.data()).isEqualTo(new Answer("why?", 2)))
			.expectClose(1000);
		asking.comet("/asked", Answer.class)
			.expect(new CometCall<>("parent.answer", new Answer("why?", 1)))
			.expect(new CometCall<>("parent.answer", new Answer("why?", 2)))
			.expectClose(1000);
	}

	@Test
	void streamsAreAskedForWithText() {
		this.clients.withBody("ä\nb")
			.events("/letters", String.class)
			.expect(event("text/plain;charset=UTF-8"))
			.expect(event("ä\nb"))
			.expectClose(1000);
		this.clients.withHeader("Content-Type", "text/markdown;charset=UTF-8")
			.withBody("# Title")
			.events("/letters", String.class)
			.expectMatch((event) -> "text/markdown;charset=UTF-8".equals(event.data()))
			.expectMatch((event) -> "# Title".equals(event.data()));
		this.clients.withBody(new byte[] { 'a' })
			.events("/letters", String.class)
			.expectMatch((event) -> "application/octet-stream".equals(event.data()))
			.expectMatch((event) -> "a".equals(event.data()));
	}

	private static ServerSentEvent<String> event(String data) {
		return ServerSentEvent.builder(data).build();
	}

	@Test
	void streamsThatAreAskedForAreRefused() {
		assertThat(this.clients.withBody(new Question("")).refusal("/asked").status()).isEqualTo(422);
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> this.clients.withBody(new Question("why?")).refusal("/asked"))
			.withMessageContaining("was accepted");
		assertThatIllegalStateException().isThrownBy(() -> this.clients.withBody("a").webSocket("/echo"))
			.withMessageContaining("A WebSocket is not opened by POST");
	}

}

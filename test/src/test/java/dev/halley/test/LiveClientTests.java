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

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.socket.CloseStatus;

import dev.halley.test.ChatApplication.OtherController;
import dev.halley.test.ChatApplication.Said;
import dev.halley.test.ChatApplication.Say;
import dev.halley.test.ChatApplication.Tick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for clients of a real server.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "halley.websocket.send-timeout=3s", "halley.websocket.close-timeout=1s" })
class LiveClientTests {

	@Autowired
	private LiveClients clients;

	@LocalServerPort
	private int port;

	@BeforeEach
	void forget() {
		OtherController.done = new CopyOnWriteArrayList<>();
	}

	@Test
	void twoTalk() {
		LiveClient<Say, Said> ada = this.clients.webSocket("/rooms/1?name=Ada", Say.class, Said.class);
		ada.send(new Say("Anybody here?")).expect(new Said("Ada", "Anybody here?"));
		LiveClient<Say, Said> bob = this.clients.webSocket("/rooms/1?name=Bob", Say.class, Said.class);
		bob.send(new Say("Hello")).expect(new Said("Bob", "Hello"));
		ada.expect(new Said("Bob", "Hello"));
		bob.vanish();
		ada.expect(new Said("Bob", "Bye")).expectNone(Duration.ofMillis(100));
		ada.sendText("{\"text\":\"\"}").expect(new Said("", "refused"));
		ada.sendText("no JSON").expectClose(1003);
	}

	@Test
	@SuppressWarnings({ "unchecked", "rawtypes" })
	void aMessageThatThePairDoesNotTakeIsNotSent() {
		LiveClient client = this.clients.webSocket("/rooms/1?name=Ada", Say.class, Said.class);
		assertThatIllegalArgumentException().isThrownBy(() -> client.send(new Said("Ada", "Hello")))
			.withMessageContaining("$Said (expected: a ")
			.withMessageContaining("$Say; ")
			.withMessageContaining("sendText");
		client.send(new Say("Hello")).expect(new Said("Ada", "Hello"));
	}

	@Test
	void refusalsAreAnswers() {
		assertThat(this.clients.refusal("/rooms/1?name=root").status()).isEqualTo(403);
		HttpAnswer origin = this.clients.withOrigin("https://example.org").refusal("/echo");
		assertThat(origin.status()).isEqualTo(403);
		assertThat(origin.headers().getContentType()).hasToString("application/problem+json");
		assertThat(origin.body()).contains("403");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> this.clients.refusal("/echo"))
			.withMessageContaining("was accepted (expected: refused)");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> this.clients.webSocket("/nothing"))
			.withMessageContaining("/nothing: 404 (expected: 101; for a handshake that is to be refused write refusal");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> this.clients.events("/nothing", String.class))
			.withMessageContaining("404 (expected: 200");
	}

	@Test
	void headersCookiesAndSubprotocols() {
		this.clients.withHeader("X-Name", "Ada")
			.withCookie("one", "1")
			.withCookie("two", "2")
			.webSocket("/who")
			.expect("Ada")
			.expect("1")
			.expect("2");
		LiveClient<String, String> echo = this.clients.withSubprotocols("v1", "v3").webSocket("/echo");
		assertThat(echo.handshake().headers().getFirst("Sec-WebSocket-Protocol")).isEqualTo("v1");
	}

	@Test
	void bytesAndLongTexts() {
		this.clients.webSocket("/bytes", byte[].class, byte[].class)
			.send(new byte[] { 1, 2 })
			.expect(new byte[] { 1, 2 });
		LiveClient<String, String> echo = this.clients.webSocket("/echo");
		for (int length : new int[] { 0, 125, 126, 0xFFFF, 0x10000, 500_000 }) {
			echo.send("ä".repeat(length / 2)).expect("ä".repeat(length / 2));
		}
	}

	@Test
	void closesAreAnsweredInBothDirections() {
		LiveClient<String, String> bye = this.clients.webSocket("/bye");
		bye.expect("Hello!").expectClose(new CloseStatus(4000, "bye"));
		bye.expectEventually(() -> assertThat(OtherController.done).containsExactly(4000));
		LiveClient<String, String> echo = this.clients.webSocket("/echo");
		echo.close(new CloseStatus(4001, "done")).expectClose(4001);
		echo.expectEventually(() -> assertThat(OtherController.done).containsExactly(4000, 4001));
		assertThatIllegalStateException().isThrownBy(() -> echo.send("more")).withMessageContaining("send after close");
	}

	@Test
	void whoVanishesIsNoticed() {
		LiveClient<String, String> echo = this.clients.webSocket("/echo");
		echo.send("Hello").expect("Hello").vanish().expectClose(1006);
		echo.expectEventually(() -> assertThat(OtherController.done).containsExactly(1006));
	}

	@Test
	void whoNeverAnswersACloseIsDropped() {
		long start = System.nanoTime();
		LiveClient<String, String> bye = this.clients.withoutCloseAnswer().webSocket("/bye");
		bye.expect("Hello!").expectClose(4000);
		bye.expectEventually(() -> assertThat(OtherController.done).containsExactly(4000));
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(990));
	}

	@Test
	void aCloseThatWasAnsweredCannotBeLeftUnanswered() {
		LiveClient<String, String> bye = this.clients.webSocket("/bye").expect("Hello!").expectClose(4000);
		bye.expectEventually(() -> assertThat(OtherController.done).containsExactly(4000));
		assertThatIllegalStateException().isThrownBy(bye::neverAnswerClose)
			.withMessageContaining("withoutCloseAnswer()");
		LiveClient<String, String> flood = this.clients.webSocket("/echo").neverAnswerClose();
		flood.send("Hello").expect("Hello").vanish();
	}

	@Test
	void whoReadsNothingIsDropped() {
		LiveClient<String, String> flood = this.clients.webSocket("/flood").stall();
		flood.expectEventually(() -> assertThat(OtherController.done).containsExactly(1006));
		assertThat(flood.unread()).hasSizeLessThan(1000);
		assertThatIllegalStateException().isThrownBy(() -> {
			while (true) {
				flood.next();
			}
		}).withMessageContaining("write resume()");
	}

	@Test
	void whoReadsAgainGetsTheRest() {
		LiveClient<String, String> flood = this.clients.webSocket("/flood").stall().resume();
		flood.expectMatch((text) -> text.startsWith("1x")).expectMatch((text) -> text.startsWith("2x"));
		flood.vanish();
	}

	@Test
	void framesAsNoClientSendsThem() {
		this.clients.webSocket("/echo").sendFrame(0x83, new byte[0]).expectClose(1002);
		this.clients.webSocket("/echo").sendFrame(0xC1, "Hi".getBytes(StandardCharsets.UTF_8)).expectClose(1002);
		this.clients.webSocket("/echo").sendRaw(new byte[] { (byte) 0x81, 0x01, 'a' }).expectClose(1002);
		LiveClient<String, String> parts = this.clients.webSocket("/echo");
		parts.sendFrame(0x01, "Hel".getBytes(StandardCharsets.UTF_8))
			.sendFrame(0x89, new byte[] { 1 })
			.sendFrame(0x80, "lo".getBytes(StandardCharsets.UTF_8))
			.expect("Hello");
		assertThat(parts.transcript()).contains("a pong with 1 bytes");
	}

	@Test
	void whatTheServerDoesNotTakeHoldsUpNobody() {
		LiveClient<String, String> deaf = this.clients.withTimeout(Duration.ofSeconds(5)).webSocket("/deaf");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> {
			while (true) {
				deaf.send("x".repeat(50_000));
			}
		}).withMessageContaining("the server has not taken it within 5 s");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(deaf::close)
			.withMessageContaining("Close 1000: the server has not taken it within 5 s");
		deaf.expectClose(1006);
	}

	@Test
	void eventsHaveIdsNamesAndTimes() {
		this.clients.events("/ticks", Tick.class).expect(tick(1)).expect(tick(2)).expectClose(1000);
		this.clients.withHeader("Last-Event-ID", "7").events("/ticks", Tick.class).expect(tick(8)).expect(tick(9));
		this.clients.events("/texts", String.class)
			.expectSatisfying((event) -> assertThat(event.data()).isEqualTo("It's <b>\nbold</b> \\o/ \u2028"))
			.expectMatch((event) -> "ä".equals(event.data()));
	}

	private static ServerSentEvent<Tick> tick(int number) {
		return ServerSentEvent.builder(new Tick(number))
			.id(String.valueOf(number))
			.event("tick")
			.retry(Duration.ofSeconds(2))
			.build();
	}

	@Test
	void aStreamThatIsLeftIsNoticed() {
		LiveClient<Void, ServerSentEvent<String>> endless = this.clients.events("/endless", String.class);
		endless.expectMatch((event) -> "tick".equals(event.data())).close();
		endless.expectEventually(() -> assertThat(OtherController.done).containsExactly(0));
		assertThatIllegalStateException().isThrownBy(() -> this.clients.events("/silent", String.class).sendText("a"))
			.withMessageContaining("An event stream takes no messages");
	}

	@Test
	void aStreamInPlaceOfAWebSocketIsAnAnswerThoughItNeverEnds() {
		LiveClients impatient = this.clients.withTimeout(Duration.ofSeconds(5));
		for (String path : new String[] { "/plain?milliseconds=50", "/plain?milliseconds=10000" }) {
			assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> impatient.webSocket(path))
				.withMessageContaining(path + ": 200 (expected: 101")
				.withMessageContaining("data:tick");
		}
	}

	@Test
	void cometCallsHaveArguments() {
		this.clients.comet("/comet", Tick.class)
			.expect(new CometCall<>("parent.tick", new Tick(1)))
			.expect(new CometCall<>("parent.tick", new Tick(2)))
			.expectNone(Duration.ofMillis(100));
		this.clients.comet("/texts", String.class)
			.expect(new CometCall<>("parent.text", "It's <b>\nbold</b> \\o/ \u2028"))
			.expect(new CometCall<>("parent.text", "ä"))
			.expect(new CometCall<>("parent.end", null))
			.expectClose(1000);
	}

	@Test
	void failuresTellWhatWentOver() {
		LiveClient<String, String> echo = this.clients.webSocket("/echo").send("Hello").send("Bye").expect("Hello");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> echo.expect("Welcome"))
			.withMessageContaining("expected \"Welcome\", but got \"Bye\"")
			.withMessageContaining("Transcript of a WebSocket at http://localhost:" + this.port + "/echo")
			.withMessageContaining("--> \"Hello\"")
			.withMessageContaining("<-- \"Hello\"");
	}

	@Test
	void whatCannotBeReadIsSaid() {
		LiveClient<String, Tick> echo = this.clients.webSocket("/echo", String.class, Tick.class);
		echo.send("no tick");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(echo::next)
			.withMessageContaining("got a message that cannot be read as " + Tick.class.getName())
			.withMessageContaining("<-- \"no tick\"");
	}

	@Test
	void clientsOfAnyAddress() {
		LiveClients.of(URI.create("ws://localhost:" + this.port + "/")).webSocket("/bye").expect("Hello!");
		assertThatIllegalArgumentException().isThrownBy(() -> LiveClients.of(URI.create("localhost")))
			.withMessageContaining("base: localhost (expected: the address of a server");
		assertThatIllegalArgumentException().isThrownBy(() -> this.clients.webSocket("bye"))
			.withMessageContaining("path: bye (expected: one that starts with '/')");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> LiveClients.of(URI.create("http://localhost:1")).webSocket("/"))
			.withMessageContaining("no answer from the server");
	}

}

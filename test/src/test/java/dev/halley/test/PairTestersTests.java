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

import java.time.Duration;
import java.util.List;

import jakarta.servlet.http.Cookie;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.context.WebApplicationContext;

import dev.halley.Hubs;
import dev.halley.test.ChatApplication.OtherController;
import dev.halley.test.ChatApplication.Said;
import dev.halley.test.ChatApplication.Say;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for WebSockets of an application that has no server.
 */
@SpringBootTest
class PairTestersTests {

	@Autowired
	private PairTesters testers;

	@Autowired
	private Hubs hubs;

	@Test
	void messagesGoThroughValidationAndExceptionHandlers() {
		PairTester<Say, Said> ada = this.testers.webSocket("/rooms/9?name=Ada", Say.class, Said.class);
		PairTester<Say, Said> bob = this.testers.webSocket("/rooms/9?name=Bob", Say.class, Said.class);
		ada.send(new Say("Hello")).expect(new Said("Ada", "Hello"));
		bob.expect(new Said("Ada", "Hello")).send(new Say(" ")).expect(new Said("", "refused"));
		ada.sendText("no JSON").expectClose(1003).expectCancelled();
		bob.expect(new Said("Ada", "Bye")).vanish().expectCancelled();
		assertThat(this.hubs.hub("room.9", Said.class).subscribers()).isZero();
	}

	@Test
	void refusalsAreAnswers() {
		assertThat(this.testers.refusal("/rooms/1?name=root").status()).isEqualTo(403);
		assertThat(this.testers.refusal("/rooms/1").status()).isEqualTo(400);
		assertThat(this.testers.withHeader("Origin", "https://example.org").refusal("/echo").body()).contains("403");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> this.testers.refusal("/echo"))
			.withMessage("/echo: the handshake was accepted (expected: refused)");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> this.testers.webSocket("/nothing"))
			.withMessageContaining("/nothing: 404 (expected: 101; for a handshake that is to be refused write refusal");
	}

	@Test
	void handshakesHaveWhatTheRequestHas() {
		this.testers.withHeader("X-Name", "Ada").with((request) -> {
			request.setCookies(new Cookie("one", "1"), new Cookie("two", "2"));
			return request;
		}).webSocket("/who").expect("Ada").expect("1").expect("2");
	}

	@Test
	void aPairThatComesLaterIsWaitedFor() {
		this.testers.webSocket("/late").expect("late");
	}

	@Test
	void aHandshakeThatNeverEndsFails() {
		this.testers.webSocket("/echo").send("Hello").expect("Hello");
		String before = System.getProperty(Timeouts.PROPERTY);
		System.setProperty(Timeouts.PROPERTY, "3s");
		try {
			assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> this.testers.webSocket("/blocked"))
				.withMessageContaining("/blocked: the handshake has not come to an end within 3 s")
				.withMessageContaining("OtherController.blocked(");
			assertThat(Thread.currentThread().isInterrupted()).isFalse();
			assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> this.testers.refusal("/never"))
				.withMessageContaining("/never: the application has no answer to the handshake")
				.withMessageContaining("timeToWait=3000");
		}
		finally {
			if (before != null) {
				System.setProperty(Timeouts.PROPERTY, before);
			}
			else {
				System.clearProperty(Timeouts.PROPERTY);
			}
		}
	}

	@Test
	void allHaveOneTime() {
		PairTester<String, String> one = this.testers.webSocket("/echo");
		PairTester<String, String> other = this.testers.webSocket("/echo").stall();
		one.advance(Duration.ofMinutes(1)).send("Hello").expect("Hello");
		other.expectClose(1006);
	}

	@Test
	void closesAndStatusesAreThePairs() {
		OtherController.done.clear();
		this.testers.webSocket("/bye").expect("Hello!").expectClose(4000).expectCancelled();
		assertThat(OtherController.done).containsExactly(4000);
	}

	@Test
	void whatMockMvcDoesByItselfStays(@Autowired WebApplicationContext context) {
		MockMvc mvc = MockMvcBuilders.webAppContextSetup(context).build();
		assertThat(MockMvcTester.create(mvc)
			.get()
			.uri("/echo")
			.header("Connection", "Upgrade")
			.header("Upgrade", "websocket")
			.header("Sec-WebSocket-Version", "13")
			.header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")).hasStatus(501);
	}

	@Test
	void failuresTellWhatWentOver() {
		PairTester<String, String> echo = this.testers.webSocket("/echo").send("Hello");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> echo.expect("Welcome"))
			.withMessageContaining("Transcript of /echo, in the application's own time")
			.withMessageContaining("--> \"Hello\"");
	}

	@Test
	void anApplicationWithoutWebIsToldWhatToWrite() {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			new HalleyContextCustomizerFactory().createContextCustomizer(PairTestersTests.class, List.of())
				.customizeContext(context, null);
			context.refresh();
			ApplicationContext refreshed = context;
			assertThatExceptionOfType(BeanCreationException.class)
				.isThrownBy(() -> refreshed.getBean(PairTesters.class))
				.withRootCauseInstanceOf(IllegalStateException.class)
				.withStackTraceContaining(
						"PairTesters are for an application without a server (expected: a @WebMvcTest");
		}
	}

}

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

package dev.halley.connection;

import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.web.socket.CloseStatus;

import dev.halley.LogLevel;
import dev.halley.Out;
import dev.halley.codec.MessageDecodingException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Failures} and {@link FailureLog}.
 */
class FailuresTests {

	private static final CloseStatus DENIED = CloseStatus.POLICY_VIOLATION.withReason("access denied");

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	@RegisterExtension
	final LogLevel level = LogLevel.debug(Connection.class);

	private final Connection connection = new Runs().open(Out.never(), new FakeTransport());

	@Test
	void whatIsDeniedIsNoFailureOfTheServer() {
		assertThat(Failures.statusFor(new AccessDeniedException("not yours"), this.connection)).isEqualTo(DENIED);
		assertThat(this.log.messages()).singleElement().asString().endsWith(": closes, not yours");
	}

	@Test
	void anOutThatIsDeniedIsNoFailureOfTheServer() {
		assertThat(Failures.statusForOut(new AccessDeniedException("not yours"), this.connection)).isEqualTo(DENIED);
		assertThat(this.log.messages()).singleElement().asString().endsWith(": closes, not yours");
	}

	@Test
	void whatCannotBeReadIsALineThatSaysWhy() {
		Failures.statusFor(new MessageDecodingException("no JSON"), this.connection);
		assertThat(this.log.messages()).singleElement().asString().contains(": closes, no JSON");
	}

	@Test
	void theMessageOfAFailureIsItsOwnOrItsClass() {
		assertThat(FailureLog.message(new IllegalStateException("broken"))).isEqualTo("broken");
		assertThat(FailureLog.message(new IllegalStateException())).isEqualTo("java.lang.IllegalStateException");
	}

	@Test
	void whatCannotBePrintedIsOutlined() {
		RuntimeException unprintable = new IllegalStateException() {

			@Override
			public String getMessage() {
				throw new IllegalStateException("no session");
			}

		};
		FailureLog.error(LogFactory.getLog(Connection.class), "handler failed", unprintable);
		assertThat(this.log.messages()).last()
			.asString()
			.startsWith("handler failed: " + unprintable.getClass().getName() + ", which cannot be printed")
			.contains("\n\tat " + FailuresTests.class.getName() + ".whatCannotBePrintedIsOutlined(FailuresTests.java:");
	}

	@Test
	void twoHundredCharactersAreNotCut() {
		assertThat(FailureLog.excerpt("x".repeat(200))).isEqualTo("x".repeat(200));
		assertThat(FailureLog.excerpt("x".repeat(201))).isEqualTo("x".repeat(200) + "…");
	}

	/** Of Latin-1 too: one begins a line in some readers, one a command to terminals. */
	@Test
	void anExcerptHasNoControlCharacters() {
		assertThat(FailureLog.excerpt("a\r\nb\u007f\u0085c\u009b2Jd\u2028e")).isEqualTo("a b c 2Jd e");
	}

}

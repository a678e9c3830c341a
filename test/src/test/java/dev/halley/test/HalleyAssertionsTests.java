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

import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.http.HttpHeaders;
import org.springframework.web.socket.CloseStatus;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;

import static dev.halley.test.HalleyAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for assertions of AssertJ, beside AssertJ's own.
 */
@ExtendWith(TesterExtension.class)
class HalleyAssertionsTests {

	@Test
	void whatComesIsAsserted() {
		PairTester<String, String> tester = tester(Out.of("a", "b", "d", "c", "e", "f").andThen(Out.eof()));
		assertThat(tester).receives("a", "b").receivesInAnyOrder("c", "d");
		assertThat(tester).next().isEqualTo("e");
		assertThat(tester).next(InstanceOfAssertFactories.STRING).startsWith("f");
		assertThat(tester).hasNothingUnread().hasClosedWith(1000).hasClosedWith(CloseStatus.NORMAL);
		assertThat(tester).transcript().contains("<-- \"a\"");
		assertThat(tester.unread()).isEmpty();
	}

	@Test
	void whatDoesNotComeIsAsserted() {
		assertThat(tester(Out.never())).isOpen().receivesNothingFor(Duration.ofMinutes(1));
	}

	@Test
	void failuresHaveTheTranscript() {
		assertFails(() -> assertThat(tester()).receives("b")).withMessageContaining("expected \"b\", but got \"a\"");
		assertFails(() -> assertThat(tester()).receivesInAnyOrder("b")).withMessageContaining("but got \"a\"");
		assertFails(() -> assertThat(tester()).next().isEqualTo("b")).withMessageContaining("expected: \"b\"");
		assertFails(() -> assertThat(tester()).next(InstanceOfAssertFactories.STRING).startsWith("b"))
			.withMessageContaining("to start with");
		assertFails(() -> assertThat(tester()).receivesNothingFor(Duration.ZERO))
			.withMessageContaining("but got \"a\"");
		assertFails(() -> assertThat(tester()).hasClosedWith(1000)).withMessageContaining("but got \"a\"");
		assertFails(() -> assertThat(tester()).hasNothingUnread()).withMessageContaining("nobody has read [a]");
		assertFails(() -> assertThat(tester().vanish()).isOpen()).withMessageContaining("it has ended");
	}

	private static ThrowableAssertAlternative<AssertionError> assertFails(ThrowingCallable test) {
		return assertThatExceptionOfType(AssertionError.class).isThrownBy(test)
			.withMessageContainingAll("Transcript of a pair", "<-- \"a\"");
	}

	@Test
	void answersAreAsserted() {
		HttpHeaders headers = new HttpHeaders();
		headers.set("Retry-After", "5");
		HttpAnswer answer = new HttpAnswer(503, headers, "too many");
		assertThat(answer).hasStatus(503).hasHeader("Retry-After", "5").body().isEqualTo("too many");
		for (ThrowingCallable wrong : new ThrowingCallable[] { () -> assertThat(answer).hasStatus(403),
				() -> assertThat(answer).hasHeader("Retry-After", "6"), () -> assertThat(answer).hasHeader("Via", "5"),
				() -> assertThat(answer).body().isEmpty() }) {
			assertThatExceptionOfType(AssertionError.class).isThrownBy(wrong)
				.withMessageContainingAll("503", "Retry-After", "too many");
		}
	}

	private static PairTester<String, String> tester() {
		return tester(Out.of("a").andThen(Out.never()));
	}

	private static PairTester<String, String> tester(Out<String> out) {
		return PairTester.of(InOut.of(In.ignore(), out));
	}

}

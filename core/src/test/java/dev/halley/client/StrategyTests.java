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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.socket.CloseStatus;

import dev.halley.client.ErrorStrategy.Reaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What is done about losses, and when.
 */
class StrategyTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final StandardErrors errors = new StandardErrors(
			Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC));

	private static ConnectionLoss refusal(int status, @Nullable String retryAfter) {
		HttpHeaders headers = new HttpHeaders();
		if (retryAfter != null) {
			headers.set("Retry-After", retryAfter);
		}
		return new ConnectionLoss(null,
				new ConnectFailedException("refused", HttpStatusCode.valueOf(status), headers, null), 1);
	}

	@ParameterizedTest
	@ValueSource(ints = { 101, 200, 204, 301, 307, 400, 401, 403, 404, 410, 426 })
	void refusalsThatWouldComeAgainAreTheEnd(int status) {
		assertThat(this.errors.decide(refusal(status, "1"))).isEqualTo(Reaction.GIVE_UP);
	}

	@ParameterizedTest
	@ValueSource(ints = { 408, 425, 429, 500, 502, 503, 504 })
	void refusalsThatMayPassAreTriedAgain(int status) {
		assertThat(this.errors.decide(refusal(status, null))).isEqualTo(Reaction.COME_BACK);
		assertThat(this.errors.decide(refusal(status, "7"))).isEqualTo(Reaction.comeBackAfter(Duration.ofSeconds(7)));
	}

	@ParameterizedTest
	@CsvSource({ "120, 120", " 120 , 120", "0, 0", "'Thu, 01 Jan 2026 00:01:30 GMT', 90",
			"'Wed, 31 Dec 2025 23:00:00 GMT', 0", "999999999, 3600", "99999999999999999999, 0", "-1, 0", "soon, 0",
			"'', 0", "'Thu, 01 Jan 2099 00:00:00 GMT', 3600" })
	void theTimeToWaitIsInSecondsOrADateAndBounded(String value, long seconds) {
		assertThat(this.errors.retryAfter(value)).isEqualTo(Duration.ofSeconds(seconds));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1001, 1006, 1011, 1012, 1013, 1014 })
	void endsThatMayPassAreFollowedByAnotherAttempt(int code) {
		assertThat(this.errors.decide(new ConnectionLoss(new CloseStatus(code), null, 1)))
			.isEqualTo(Reaction.COME_BACK);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1000, 1002, 1003, 1005, 1007, 1008, 1009, 1010, 3000, 4000, 4999 })
	void otherEndsAreTheEnd(int code) {
		assertThat(this.errors.decide(new ConnectionLoss(new CloseStatus(code), null, 1))).isEqualTo(Reaction.GIVE_UP);
	}

	@Test
	void networksFailForTheMomentAndCodeForGood() {
		assertThat(this.errors
			.decide(new ConnectionLoss(null, new ConnectFailedException("gone", new ConnectException()), 1)))
			.isEqualTo(Reaction.COME_BACK);
		assertThat(this.errors.decide(new ConnectionLoss(null, new IOException(), 1))).isEqualTo(Reaction.COME_BACK);
		assertThat(this.errors.decide(new ConnectionLoss(null, null, 1))).isEqualTo(Reaction.COME_BACK);
		assertThat(this.errors
			.decide(new ConnectionLoss(CloseStatus.SERVER_ERROR, new IllegalStateException("a handler"), 1)))
			.isEqualTo(Reaction.GIVE_UP);
	}

	@Test
	void whatTheApplicationThrowsIsTheEndWhateverItIs() {
		List<Throwable> failures = List.of(new IOException(), new UncheckedIOException(new IOException()),
				new ConnectFailedException("another server", new ConnectException()));
		assertThat(failures).allSatisfy(
				(failure) -> assertThat(this.errors.decide(new ConnectionLoss(CloseStatus.SERVER_ERROR, failure, 1)))
					.isEqualTo(Reaction.GIVE_UP));
	}

	@Test
	void anyStrategyCanGiveUpAfterSomeAttempts() {
		ErrorStrategy strategy = ErrorStrategy.standard().atMost(3);
		assertThat(strategy.decide(new ConnectionLoss(null, null, 2))).isEqualTo(Reaction.COME_BACK);
		assertThat(strategy.decide(new ConnectionLoss(null, null, 3))).isEqualTo(Reaction.GIVE_UP);
	}

	@Test
	void theBoundDoublesUpToTheGreatest() {
		Backoff longest = new Backoff(SECOND, Duration.ofMinutes(1), SECOND, () -> 1);
		assertThat(IntStream.rangeClosed(1, 8).mapToObj((loss) -> longest.delay(loss, null).toSeconds()))
			.containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L);
		assertThat(longest.delay(Integer.MAX_VALUE, null)).isEqualTo(Duration.ofMinutes(1));
	}

	@Test
	void theServersTimeTakesThePlaceOfTheFirst() {
		Backoff longest = new Backoff(SECOND, Duration.ofMinutes(1), SECOND, () -> 1);
		assertThat(longest.delay(2, Duration.ofSeconds(5))).isEqualTo(Duration.ofSeconds(10));
		assertThat(longest.delay(1, Duration.ofMinutes(2))).isEqualTo(Duration.ofMinutes(2));
		assertThat(longest.delay(1, Duration.ZERO)).isEqualTo(SECOND);
	}

	/** Full jitter: each tenth of the time gets about a tenth of the clients. */
	@Test
	void fiveHundredClientsComeBackSpreadOverTheWholeTime() {
		Random random = new Random(42);
		Backoff strategy = new Backoff(SECOND, Duration.ofMinutes(1), SECOND, random::nextDouble);
		int[] histogram = new int[10];
		for (int i = 0; i < 500; i++) {
			histogram[(int) (strategy.delay(4, null).toNanos() * 10 / Duration.ofSeconds(8).toNanos())]++;
		}
		assertThat(histogram).satisfies((counts) -> {
			for (int count : counts) {
				assertThat(count).isBetween(25, 75);
			}
		});
	}

	@Test
	void strategiesWithoutSenseAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> ConnectStrategy.backoff(Duration.ZERO, SECOND))
			.withMessage("first: PT0S (expected: > 0)");
		assertThatIllegalArgumentException().isThrownBy(() -> ConnectStrategy.backoff(SECOND, Duration.ofMillis(1)))
			.withMessage("most: PT0.001S (expected: >= PT1S)");
		assertThatIllegalArgumentException().isThrownBy(() -> Reaction.comeBackAfter(Duration.ofSeconds(-1)))
			.withMessage("pause: PT-1S (expected: >= 0)");
	}

}

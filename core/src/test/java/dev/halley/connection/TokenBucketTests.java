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

import java.time.Duration;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TokenBucket}.
 */
class TokenBucketTests {

	/** The clock overflows meanwhile. */
	private static final long START = Long.MAX_VALUE - Duration.ofMillis(500).toNanos();

	private final TokenBucket bucket = new TokenBucket(10, START);

	private long taken(Duration after) {
		long now = START + after.toNanos();
		return IntStream.range(0, 100).filter((i) -> this.bucket.take(now)).count();
	}

	@Test
	void asManyAsOneSecondHasMayBeTakenAtOnce() {
		assertThat(taken(Duration.ZERO)).isEqualTo(10);
		assertThat(taken(Duration.ofMillis(99))).isZero();
		assertThat(taken(Duration.ofMillis(100))).isEqualTo(1);
		assertThat(taken(Duration.ofMillis(600))).isEqualTo(5);
	}

	@Test
	void noMoreIsKeptThanOneSecondHas() {
		assertThat(taken(Duration.ofHours(1))).isEqualTo(10);
		assertThat(taken(Duration.ofHours(2))).isEqualTo(10);
	}

	@Test
	void whatIsOwedIsToldByTheTimeThatItTakes() {
		assertThat(this.bucket.spend(10, START)).isZero();
		assertThat(this.bucket.isHalfFull(START)).isFalse();
		assertThat(this.bucket.spend(20, START)).isEqualTo(Duration.ofSeconds(2).toNanos());
		assertThat(taken(Duration.ofMillis(2099))).isZero();
		assertThat(taken(Duration.ofMillis(2100))).isEqualTo(1);
		assertThat(this.bucket.isHalfFull(START + Duration.ofMillis(2599).toNanos())).isFalse();
		assertThat(this.bucket.isHalfFull(START + Duration.ofMillis(2600).toNanos())).isTrue();
		assertThat(new TokenBucket(1, 0).spend(Integer.MAX_VALUE, 0))
			.isEqualTo(Duration.ofSeconds(Integer.MAX_VALUE - 1L).toNanos());
	}

	@Test
	void aSecondHasAsManyAsItMayWhateverTheyAre() {
		for (int perSecond : new int[] { 1, 3, 7, 999_999_999, Integer.MAX_VALUE }) {
			TokenBucket other = new TokenBucket(perSecond, 0);
			assertThat(IntStream.range(0, 20).filter((i) -> other.take(0)).count()).isEqualTo(Math.min(perSecond, 20));
		}
	}

}

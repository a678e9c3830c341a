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

package dev.halley;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PresenceFollowing}.
 */
class PresenceFollowingTests {

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private final List<Long> looks = new ArrayList<>();

	private final PresenceFollowing following = new PresenceFollowing(0, this.looks::add);

	@Test
	void whatIsNotInUseIsNotFollowed() {
		assertThat(this.following.look(0, false)).isFalse();
		assertThat(this.following.isUnderWay()).isFalse();
		assertThat(this.looks).isEmpty();
	}

	@Test
	void whatIsInUseIsFollowedAndSomewhatLonger() {
		assertThat(this.following.look(SECOND, true)).isTrue();
		assertThat(this.following.isUnderWay()).isTrue();
		assertThat(this.following.look(2 * SECOND, true)).isFalse();
		this.looks.clear();
		assertThat(this.following.look(12 * SECOND - 1, false)).isFalse();
		assertThat(this.looks).containsExactly(12 * SECOND);
		assertThat(this.following.look(12 * SECOND, false)).isTrue();
		assertThat(this.following.isUnderWay()).isFalse();
	}

	@Test
	void whoAsksOnceMakesItFollow() {
		this.following.use(SECOND);
		assertThat(this.following.look(SECOND, false)).isTrue();
		assertThat(this.following.isUnderWay()).isTrue();
	}

	@Test
	void eachBeginningIsATurn() {
		this.following.look(0, true);
		assertThat(this.following.turn()).isEqualTo(1);
		assertThat(this.following.end()).isTrue();
		assertThat(this.following.end()).isFalse();
		this.following.look(0, true);
		assertThat(this.following.turn()).isEqualTo(2);
	}

	@Test
	void readersBeginSoonAfterTheOthersWereAsked() {
		this.following.look(0, true);
		this.following.asked(SECOND / 2);
		this.looks.clear();
		assertThat(this.following.letReadersBegin(SECOND / 2)).isFalse();
		assertThat(this.following.mayReadersBegin()).isFalse();
		long due = this.looks.get(0);
		assertThat(due).isLessThan(SECOND);
		assertThat(this.following.letReadersBegin(due)).isTrue();
		assertThat(this.following.mayReadersBegin()).isTrue();
		assertThat(this.following.letReadersBegin(due)).isFalse();
	}

	@Test
	void readersBeginThoughNobodyCanBeAsked() {
		this.following.look(0, true);
		assertThat(this.following.letReadersBegin(SECOND - 1)).isFalse();
		assertThat(this.following.letReadersBegin(SECOND)).isTrue();
	}

	@Test
	void readersWaitAnewWhereItIsFollowedAnew() {
		this.following.look(0, true);
		this.following.letReadersBegin(SECOND);
		this.following.end();
		assertThat(this.following.mayReadersBegin()).isFalse();
		this.following.look(2 * SECOND, true);
		assertThat(this.following.mayReadersBegin()).isFalse();
	}

}

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

import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import dev.halley.hub.broker.BrokerPayload;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link NewestMemberData}.
 */
class NewestMemberDataTests {

	private static final BrokerPayload PAYLOAD = new BrokerPayload(new byte[0], false);

	private final NewestMemberData data = new NewestMemberData();

	private static MemberData data(long clock, long node) {
		return new MemberData(clock, node, PAYLOAD, "of " + node + " at " + clock);
	}

	@Test
	void theNewestCountsInWhicheverOrderItIsHeardOf() {
		assertThat(this.data.merge("ada", data(2, 1))).isTrue();
		assertThat(this.data.merge("ada", data(1, 2))).isFalse();
		assertThat(this.data.get("ada")).isEqualTo(data(2, 1));
		assertThat(this.data.merge("ada", data(3, 2))).isTrue();
		assertThat(this.data.get("ada")).isEqualTo(data(3, 2));
	}

	@Test
	void ofTwoOfTheSameTimeThatOfTheGreaterNodeCounts() {
		assertThat(this.data.merge("ada", data(1, 2))).isTrue();
		assertThat(this.data.merge("ada", data(1, 1))).isFalse();
		assertThat(this.data.get("ada")).isEqualTo(data(1, 2));
	}

	@Test
	void nobodyHasToHearOfWhatTheyTell() {
		MemberData first = data(1, 1);
		this.data.merge("ada", first);
		assertThat(this.data.merge("ada", data(1, 1))).isTrue();
		assertThat(this.data.get("ada")).isSameAs(first);
	}

	@Test
	void whatIsSetIsNewerThanAllThatIsHere() {
		long soon = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis() + 1000);
		MemberData ahead = data(soon, 1);
		this.data.merge("ada", ahead);
		this.data.set("ada", data(0, 2), 2);
		MemberData set = this.data.get("ada");
		assertThat(set).isNotNull();
		assertThat(set.isNewerThan(ahead)).isTrue();
		assertThat(set.node()).isEqualTo(2);
	}

	@Test
	void whatIsHereAlreadyIsNotSetAnew() {
		MemberData first = data(1, 1);
		this.data.merge("ada", first);
		this.data.set("ada", first, 2);
		assertThat(this.data.get("ada")).isSameAs(first);
	}

	@Test
	void whatIsKnownKeepsItsIdentity() {
		MemberData ada = data(1, 1);
		this.data.merge("ada", ada);
		this.data.merge("bob", data(2, 1));
		assertThat(this.data.known(List.of(ada.toEntry("ada", PresenceMessage.Kind.HERE),
				data(3, 1).toEntry("bob", PresenceMessage.Kind.HERE),
				data(1, 1).toEntry("cid", PresenceMessage.Kind.HERE), PresenceMessage.Entry.gone("dan"))))
			.hasSize(1)
			.extractingByKey("ada")
			.isSameAs(ada);
	}

}

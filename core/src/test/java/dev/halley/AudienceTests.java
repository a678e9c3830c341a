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

import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link Audience}: who is asked, and who gets the message.
 */
class AudienceTests {

	private final InMemoryHub<String> hub = new InMemoryHub<>("hub", String.class, InMemoryHubs.OTHERS);

	private final HubMembers members = new HubMembers();

	private final Audience audience = new Audience("a");

	private StrictSubscriber join(@Nullable Predicate<String> filter) {
		StrictSubscriber subscriber = StrictSubscriber.unbounded();
		HubMember member = new HubMember(this.hub, subscriber, filter, Step.NONE);
		subscriber.onSubscribe(member.subscription());
		this.members.add(member);
		return subscriber;
	}

	private void ask() {
		this.audience.ask(this.members.view());
	}

	private boolean offer() {
		if (!this.audience.isComplete(this.members.view())) {
			return false;
		}
		this.audience.offer("a");
		return true;
	}

	@Test
	void whoJoinsFirstWithAFilterHasToBeAsked() {
		ask();
		StrictSubscriber late = join((message) -> false);
		assertThat(offer()).isFalse();
		ask();
		assertThat(offer()).isTrue();
		this.audience.deliver(HubCounts.IGNORED);
		assertThat(late.received()).isEmpty();
	}

	@Test
	void whoJoinsOthersWithAFilterHasToBeAsked() {
		StrictSubscriber first = join((message) -> true);
		ask();
		StrictSubscriber late = join((message) -> true);
		assertThat(offer()).isFalse();
		ask();
		assertThat(offer()).isTrue();
		this.audience.deliver(HubCounts.IGNORED);
		assertThat(first.received()).containsExactly("a");
		assertThat(late.received()).containsExactly("a");
	}

	@Test
	void whoJoinsWithoutAFilterIsNotAsked() {
		StrictSubscriber first = join((message) -> false);
		ask();
		StrictSubscriber late = join(null);
		assertThat(offer()).isTrue();
		this.audience.deliver(HubCounts.IGNORED);
		assertThat(first.received()).isEmpty();
		assertThat(late.received()).containsExactly("a");
	}

	@Test
	void aFilterThatThrowsWantsNothing() {
		HubMember member = new HubMember(this.hub, StrictSubscriber.unbounded(), (message) -> {
			throw new IllegalStateException("filter");
		}, Step.NONE);
		assertThat(member.wants("a")).isFalse();
	}

	@Test
	void whoNeverJoinedMayLeave() {
		HubMember member = new HubMember(this.hub, StrictSubscriber.unbounded(), null, Step.NONE);
		assertThatNoException().isThrownBy(() -> this.hub.leave(member));
	}

}

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

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import dev.halley.History;
import dev.halley.Hub;
import dev.halley.HubUnavailableException;
import dev.halley.Position;
import dev.halley.Replay;
import dev.halley.test.ChatApplication.Said;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the faults of a broker, as the test of an application would have them.
 */
@ExtendWith(TesterExtension.class)
class FakeHubBrokerTests {

	private final FakeHubBroker broker = new FakeHubBroker();

	private final FakeHubBroker elsewhere = this.broker.another();

	private final Hub<Said> hub = hub(this.broker);

	private final HubTester<Said> here = HubTester.of(this.hub, Replay.last(10));

	private final HubTester<Said> there = HubTester.of(hub(this.elsewhere), Replay.last(10));

	private static Hub<Said> hub(FakeHubBroker broker) {
		return broker.hubs().hub("room", Said.class, History.ofMessages(5));
	}

	@AfterEach
	void end() {
		this.broker.close();
		this.elsewhere.close();
	}

	@Test
	void whatIsMissedDuringAnOutageFollows() {
		this.here.publish(said("one"));
		this.there.expect(said("one"));
		this.elsewhere.down();
		assertThat(this.elsewhere.state().up()).isFalse();
		assertThat(this.there.expectUnavailable(said("nobody hears")).isOutcomeUnknown()).isFalse();
		this.here.publish(said("two"));
		this.elsewhere.up();
		this.there.expect(said("two"));
		this.here.expect(said("one")).expect(said("two")).expectHistory(said("one"), said("two"));
	}

	@Test
	void anOutageThatIsLongerThanTheHistoryIsAReset() {
		this.here.publish(said("one"));
		this.there.expect(said("one"));
		this.elsewhere.down();
		for (int i = 0; i < 7; i++) {
			this.here.publish(said("more"));
		}
		Position last = this.here.publish(said("last"));
		this.elsewhere.up();
		this.there.expectReset();
		for (int i = 0; i < 4; i++) {
			this.there.expect(said("more"));
		}
		assertThat(this.there.expect(said("last")).position()).isEqualTo(last);
	}

	@Test
	void whoseAnswerIsLostDoesNotKnowAndMayTryAgain() {
		this.here.publish(said("one"));
		this.there.expect(said("one"));
		this.broker.loseAnswers();
		HubUnavailableException unavailable = this.here.expectUnavailable(said("two"));
		assertThat(unavailable.isOutcomeUnknown()).isTrue();
		this.there.expect(said("two"));
	}

	@Test
	void aGapIsFilled() {
		this.here.publish(said("one"));
		this.there.expect(said("one"));
		this.elsewhere.loseMessages();
		this.here.publish(said("lost on the way"));
		this.elsewhere.up();
		this.here.publish(said("three"));
		this.there.expect(said("lost on the way")).expect(said("three"));
	}

	@Test
	void aSlowBrokerKeepsTheOrder() {
		this.here.publish(said("one"));
		this.there.expect(said("one"));
		this.broker.slow(Duration.ofMillis(100));
		this.hub.publish(said("two"));
		this.broker.slow(Duration.ZERO);
		this.here.publish(said("three"));
		this.there.expect(said("two")).expect(said("three"));
	}

	@Test
	void whatTakesTooLongHasAnOutcomeThatIsNotKnown() {
		this.here.publish(said("one"));
		this.there.expect(said("one"));
		this.broker.slow(Duration.ofSeconds(3));
		assertThat(this.here.expectUnavailable(said("two")).isOutcomeUnknown()).isTrue();
		this.there.expect(said("two"));
	}

	@Test
	void whatWaitsForWhatTakesTooLongHasNoKnownOutcomeEither() {
		this.here.publish(said("one"));
		this.there.expect(said("one"));
		this.broker.slow(Duration.ofMinutes(1));
		this.hub.publish(said("two"));
		this.broker.up();
		assertThat(this.here.expectUnavailable(said("three")).isOutcomeUnknown()).isTrue();
	}

	@Test
	void aServerThatHasLostItsDataBeginsAnotherLife() {
		this.here.publish(said("one"));
		this.there.expect(said("one"));
		this.broker.restartWithoutData();
		publishAtLast(said("new"));
		this.there.expectReset().expect(said("new")).expectHistory(said("new"));
	}

	@Test
	void aServerThatHasKeptItsDataGoesOn() {
		this.here.publish(said("one"));
		this.there.expect(said("one"));
		this.broker.restart();
		publishAtLast(said("two"));
		this.there.expect(said("two")).expectHistory(said("one"), said("two"));
	}

	private void publishAtLast(Said said) {
		this.here.expectEventually(() -> this.here.publish(said));
	}

	@Test
	void whatIsClosedFailsAtOnce() {
		this.here.publish(said("one"));
		this.broker.close();
		this.here.expectUnavailable(said("two"));
	}

	private static Said said(String text) {
		return new Said("Ada", text);
	}

}

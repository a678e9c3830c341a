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

import org.junit.jupiter.api.Test;

import dev.halley.Overflow;
import dev.halley.connection.TimeOuts.Due;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TimeOuts}: at which nanosecond the time has come for what, with the
 * default settings.
 */
class TimeOutsTests {

	/** The clock of a machine may turn from the largest number to the smallest. */
	private long now = Long.MAX_VALUE - Duration.ofSeconds(20).toNanos();

	private final Traffic traffic = new Traffic();

	private final TimeOuts timeOuts = new TimeOuts(ConnectionSettings.DEFAULT, this.traffic);

	private void start() {
		this.timeOuts.start(this.now);
		this.traffic.lastWrite = this.now;
	}

	private void pass(Duration time) {
		this.now += time.toNanos();
	}

	private Due look() {
		return this.timeOuts.look(this.now, true, true, Long.MAX_VALUE);
	}

	private Due lookAtStream() {
		return this.timeOuts.look(this.now, true, false, Long.MAX_VALUE);
	}

	private void assertComesAfter(Duration time, Due due) {
		pass(time.minusNanos(1));
		assertThat(look()).isEqualTo(Due.NOTHING);
		pass(Duration.ofNanos(1));
		assertThat(look()).isEqualTo(due);
	}

	@Test
	void withoutAWireNothingIsDue() {
		this.timeOuts.start(this.now);
		assertThat(look()).isEqualTo(Due.NOTHING);
		assertThat(this.timeOuts.isClosing()).isFalse();
	}

	/** Whoever opens it may be seen before the start is. */
	@Test
	void oneThatIsAboutToStartIsNeitherIdleNorAtRest() {
		this.now = Duration.ofHours(24).toNanos();
		this.timeOuts.expect(this.now);
		assertThat(look()).isEqualTo(Due.NOTHING);
		assertThat(this.timeOuts.isResting(this.now)).isFalse();
		start();
		assertComesAfter(Duration.ofSeconds(30), Due.PING);
	}

	@Test
	void aWireThatIsExpectedHasTheSendTimeout() {
		this.timeOuts.expect(this.now);
		pass(Duration.ofSeconds(10).minusNanos(1));
		assertThat(this.timeOuts.look(this.now, false, false, Long.MAX_VALUE)).isEqualTo(Due.NOTHING);
		pass(Duration.ofNanos(1));
		assertThat(this.timeOuts.look(this.now, false, false, Long.MAX_VALUE)).isEqualTo(Due.DROP);
	}

	@Test
	void aWireThatHasComeIsNotExpected() {
		this.timeOuts.expect(this.now);
		start();
		pass(Duration.ofSeconds(10));
		assertThat(look()).isEqualTo(Due.NOTHING);
	}

	@Test
	void aPingIsDueAtTheInterval() {
		start();
		assertComesAfter(Duration.ofSeconds(30), Due.PING);
		this.timeOuts.pinged(this.now, true);
		this.timeOuts.activity();
		assertComesAfter(Duration.ofSeconds(30), Due.PING);
	}

	@Test
	void aPingWaitsForNoMessageThatWentOut() {
		start();
		pass(Duration.ofSeconds(30));
		this.traffic.lastWrite = this.now;
		assertThat(look()).isEqualTo(Due.PING);
	}

	@Test
	void aPingWaitsForTheWriteUnderWay() {
		start();
		pass(Duration.ofSeconds(30));
		this.traffic.sending = true;
		assertThat(look()).isEqualTo(Due.NOTHING);
		assertThat(lookAtStream()).isEqualTo(Due.NOTHING);
		this.traffic.sending = false;
		assertThat(look()).isEqualTo(Due.PING);
	}

	@Test
	void aPongIsAwaitedForItsTimeout() {
		start();
		pass(Duration.ofSeconds(30));
		this.timeOuts.pinged(this.now, true);
		assertComesAfter(Duration.ofSeconds(10), Due.DROP);
	}

	@Test
	void aPongThatCameIsAwaitedNoMore() {
		start();
		pass(Duration.ofSeconds(30));
		this.timeOuts.pinged(this.now, true);
		this.timeOuts.activity();
		pass(Duration.ofSeconds(10));
		assertThat(look()).isEqualTo(Due.NOTHING);
	}

	@Test
	void anotherPingDoesNotProlongTheWaitForThePong() {
		start();
		this.timeOuts.pinged(this.now, true);
		pass(Duration.ofSeconds(9));
		this.timeOuts.pinged(this.now, true);
		assertComesAfter(Duration.ofSeconds(1), Due.DROP);
	}

	@Test
	void thePongOfAPeerThatIsNotReadIsAwaitedFromWhenItIs() {
		start();
		this.timeOuts.pinged(this.now, true);
		pass(Duration.ofSeconds(60));
		this.traffic.busy = true;
		this.timeOuts.look(this.now, true, true, Long.MAX_VALUE);
		this.traffic.busy = false;
		this.timeOuts.pinged(this.now, true);
		assertComesAfter(Duration.ofSeconds(10), Due.DROP);
	}

	@Test
	void thePongBehindAWriteIsAwaitedFromItsEnd() {
		start();
		this.timeOuts.pinged(this.now, true);
		pass(Duration.ofSeconds(60));
		this.traffic.sending = true;
		assertThat(look()).isEqualTo(Due.NOTHING);
		this.traffic.sending = false;
		this.timeOuts.pinged(this.now, true);
		assertComesAfter(Duration.ofSeconds(10), Due.DROP);
	}

	@Test
	void workOnAMessageProlongsNoWaitForAPong() {
		start();
		this.timeOuts.pinged(this.now, true);
		this.traffic.atWork = true;
		assertComesAfter(Duration.ofSeconds(10), Due.DROP);
	}

	@Test
	void aSilentPeerIsIdleAfterItsTimeout() {
		start();
		pass(Duration.ofMinutes(5).minusNanos(1));
		assertThat(look()).isEqualTo(Due.PING);
		pass(Duration.ofNanos(1));
		assertThat(look()).isEqualTo(Due.CLOSE_IDLE);
	}

	@Test
	void aPeerIsIdleFromTheLookThatFoundItsLastMessage() {
		start();
		pass(Duration.ofMinutes(4));
		this.timeOuts.activity();
		assertThat(look()).isEqualTo(Due.PING);
		pass(Duration.ofMinutes(5).minusNanos(1));
		assertThat(look()).isEqualTo(Due.PING);
		pass(Duration.ofNanos(1));
		assertThat(look()).isEqualTo(Due.CLOSE_IDLE);
	}

	@Test
	void aPeerIsNotIdleWhileItIsServed() {
		start();
		this.traffic.busy = true;
		assertNotIdle();
		this.traffic.busy = false;
		this.traffic.atWork = true;
		assertNotIdle();
		this.traffic.atWork = false;
		this.traffic.sending = true;
		assertNotIdle();
		this.traffic.sending = false;
		pass(Duration.ofMinutes(5));
		assertThat(look()).isEqualTo(Due.CLOSE_IDLE);
	}

	private void assertNotIdle() {
		pass(Duration.ofMinutes(5));
		assertThat(look()).isIn(Due.NOTHING, Due.PING);
	}

	@Test
	void aStreamIsNeverIdle() {
		start();
		pass(Duration.ofMinutes(5));
		assertThat(lookAtStream()).isEqualTo(Due.PING);
	}

	@Test
	void aStreamIsFilledAtTheIntervalAfterItsLastMessage() {
		start();
		pass(Duration.ofSeconds(20));
		this.traffic.lastWrite = this.now;
		pass(Duration.ofSeconds(30).minusNanos(1));
		assertThat(lookAtStream()).isEqualTo(Due.NOTHING);
		pass(Duration.ofNanos(1));
		assertThat(lookAtStream()).isEqualTo(Due.PING);
	}

	@Test
	void aStreamIsFilledOnceMoreASecondLater() {
		start();
		pass(Duration.ofSeconds(30));
		fill();
		assertFilledAfter(Duration.ofSeconds(1));
		assertFilledAfter(Duration.ofSeconds(30));
		assertFilledAfter(Duration.ofSeconds(1));
	}

	@Test
	void aShortIntervalIsHalvedForTheFillerThatConfirms() {
		TimeOuts timeOuts = new TimeOuts(ConnectionSettings.DEFAULT.withPingInterval(Duration.ofNanos(10)),
				this.traffic);
		timeOuts.start(this.now);
		timeOuts.pinged(this.now, false);
		this.traffic.lastWrite = this.now;
		assertThat(timeOuts.look(this.now + 4, true, false, Long.MAX_VALUE)).isEqualTo(Due.NOTHING);
		assertThat(timeOuts.look(this.now + 5, true, false, Long.MAX_VALUE)).isEqualTo(Due.PING);
	}

	@Test
	void noAnswerToAFillerIsAwaited() {
		start();
		pass(Duration.ofSeconds(30));
		fill();
		this.traffic.lastWrite = this.now + Duration.ofSeconds(10).toNanos();
		pass(Duration.ofSeconds(10));
		assertThat(lookAtStream()).isEqualTo(Due.NOTHING);
	}

	private void fill() {
		this.timeOuts.pinged(this.now, false);
		this.traffic.lastWrite = this.now;
	}

	private void assertFilledAfter(Duration time) {
		pass(time.minusNanos(1));
		assertThat(lookAtStream()).isEqualTo(Due.NOTHING);
		pass(Duration.ofNanos(1));
		assertThat(lookAtStream()).isEqualTo(Due.PING);
		fill();
	}

	@Test
	void aWriteThatIsStuckHasTheSendTimeout() {
		start();
		this.traffic.sending = true;
		this.traffic.stuckSince = this.now;
		assertComesAfter(Duration.ofSeconds(10), Due.DROP);
	}

	@Test
	void aCloseHasItsTimeoutWhichASecondCallDoesNotProlong() {
		start();
		this.timeOuts.closing(this.now);
		assertThat(this.timeOuts.isClosing()).isTrue();
		pass(Duration.ofSeconds(2));
		this.timeOuts.closing(this.now);
		pass(Duration.ofSeconds(1).minusNanos(1));
		assertThat(this.timeOuts.look(this.now, false, true, Long.MAX_VALUE)).isEqualTo(Due.NOTHING);
		pass(Duration.ofNanos(1));
		assertThat(this.timeOuts.look(this.now, false, true, Long.MAX_VALUE)).isEqualTo(Due.DROP);
	}

	@Test
	void nothingButTheEndIsAwaitedOfAConnectionThatIsNotOpen() {
		start();
		this.timeOuts.pinged(this.now, true);
		pass(Duration.ofMinutes(5));
		assertThat(this.timeOuts.look(this.now, false, true, Long.MAX_VALUE)).isEqualTo(Due.NOTHING);
	}

	private void assertRestsFor(Duration time) {
		assertThat(this.timeOuts.isResting(this.now)).isTrue();
		assertThat(this.timeOuts.isResting(this.now + time.toNanos() - 1)).isTrue();
		assertThat(this.timeOuts.isResting(this.now + time.toNanos())).isFalse();
	}

	private void assertRestsNot() {
		assertThat(this.timeOuts.isResting(this.now)).isFalse();
	}

	@Test
	void aConnectionIsAtRestUntilSomethingIsDue() {
		assertRestsNot();
		start();
		assertRestsNot();
		look();
		assertRestsFor(Duration.ofSeconds(1));
		pass(Duration.ofSeconds(30).minusNanos(7));
		look();
		assertRestsFor(Duration.ofNanos(7));
		pass(Duration.ofNanos(7));
		look();
		assertRestsNot();
		this.timeOuts.pinged(this.now, true);
		look();
		assertRestsNot();
		this.timeOuts.activity();
		look();
		assertRestsFor(Duration.ofSeconds(1));
		this.timeOuts.look(this.now, true, true, 5);
		assertRestsFor(Duration.ofNanos(5));
	}

	@Test
	void aConnectionRestsNotPastItsIdleTimeout() {
		start();
		pass(Duration.ofMinutes(5).minusNanos(9));
		this.timeOuts.activity();
		look();
		pass(Duration.ofMinutes(5).minusNanos(9));
		this.timeOuts.pinged(this.now, false);
		this.timeOuts.pinged(this.now, false);
		look();
		assertRestsFor(Duration.ofNanos(9));
	}

	@Test
	void aStreamRestsUntilItsFiller() {
		start();
		pass(Duration.ofMinutes(5));
		fill();
		lookAtStream();
		assertRestsNot();
		pass(Duration.ofSeconds(1));
		fill();
		lookAtStream();
		assertRestsFor(Duration.ofSeconds(1));
		pass(Duration.ofSeconds(30).minusNanos(3));
		lookAtStream();
		assertRestsFor(Duration.ofNanos(3));
	}

	@Test
	void aWriteThatMayBeginMeanwhileShortensTheRest() {
		TimeOuts timeOuts = new TimeOuts(
				new ConnectionSettings(256, 1 << 20, Overflow.CLOSE, 1 << 16, Duration.ofMinutes(5),
						Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(3), Duration.ofNanos(400)),
				this.traffic);
		timeOuts.start(this.now);
		timeOuts.look(this.now, true, true, Long.MAX_VALUE);
		assertThat(timeOuts.isResting(this.now + 99)).isTrue();
		assertThat(timeOuts.isResting(this.now + 100)).isFalse();
	}

	@Test
	void whatHappensEndsTheRest() {
		start();
		look();
		this.timeOuts.activity();
		assertRestsNot();
		look();
		assertRestsFor(Duration.ofSeconds(1));
		this.timeOuts.closing(this.now);
		assertRestsNot();
	}

	@Test
	void nothingRestsWhileSomethingGoesOn() {
		start();
		this.traffic.busy = true;
		look();
		assertRestsNot();
		this.traffic.busy = false;
		this.traffic.atWork = true;
		look();
		assertRestsNot();
		this.traffic.atWork = false;
		this.traffic.sending = true;
		look();
		assertRestsNot();
		this.traffic.sending = false;
		this.timeOuts.look(this.now, false, true, Long.MAX_VALUE);
		assertRestsNot();
	}

	private static final class Traffic implements TimeOuts.Traffic {

		private boolean busy;

		private boolean atWork;

		private boolean sending;

		private long stuckSince = OutboundState.NOT_WAITING;

		private long lastWrite;

		@Override
		public boolean isBusy() {
			return this.busy;
		}

		@Override
		public boolean isAtWork() {
			return this.atWork;
		}

		@Override
		public boolean isSending() {
			return this.sending;
		}

		@Override
		public long stuckSince() {
			return this.stuckSince;
		}

		@Override
		public long lastWrite() {
			return this.lastWrite;
		}

	}

}

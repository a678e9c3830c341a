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

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import dev.halley.codec.Payload;
import dev.halley.connection.InboundState.Kept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link InboundState}.
 */
class InboundStateTests {

	private static final Payload SMALL = Runs.text("a");

	private static final Payload HALF = Runs.text("b".repeat(8 * 1024));

	private final InboundState state = new InboundState(false);

	@Test
	void oneMessageIsHandledAndOthersWait() {
		assertThat(this.state.begin()).isTrue();
		assertThat(this.state.begin()).isFalse();
		assertThat(this.state.keep(SMALL)).isEqualTo(Kept.WAITING);
		assertThat(this.state.leave()).isFalse();
		assertThat(this.state.next()).isSameAs(SMALL);
		assertThat(this.state.leave()).isTrue();
		assertThat(this.state.isAtWork()).isFalse();
	}

	@Test
	void whoeverKeepsAMessageThatNobodyWillTakeHasTheHandling() {
		assertThat(this.state.keep(SMALL)).isEqualTo(Kept.TO_HANDLE);
		assertThat(this.state.begin()).isFalse();
		assertThat(this.state.next()).isSameAs(SMALL);
	}

	@Test
	void readingIsStoppedWhileItIsFullAndGoesOnWhenItIsHalfEmpty() {
		this.state.begin();
		this.state.await();
		this.state.keep(HALF);
		assertThat(this.state.keep(HALF)).isEqualTo(Kept.FULL);
		assertThat(this.state.suspend()).isTrue();
		assertThat(this.state.isDeaf()).isTrue();
		assertThat(this.state.resume()).isFalse();
		this.state.next();
		this.state.next();
		assertThat(this.state.resume()).isTrue();
		assertThat(this.state.resume()).isFalse();
		assertThat(this.state.isDeaf()).isFalse();
	}

	@Test
	void readingIsNotStoppedIfWhatWasFullIsEmptiedMeanwhile() {
		this.state.begin();
		this.state.keep(HALF);
		assertThat(this.state.keep(HALF)).isEqualTo(Kept.FULL);
		this.state.next();
		assertThat(this.state.suspend()).isFalse();
		assertThat(this.state.resume()).isFalse();
	}

	@Test
	void aMessageDuringTheStartOrWhileReadingIsStoppedIsOutOfTurn() {
		this.state.starting();
		assertThatIllegalStateException().isThrownBy(() -> this.state.keep(SMALL));
		this.state.started();
		this.state.begin();
		this.state.keep(HALF);
		this.state.keep(HALF);
		this.state.suspend();
		assertThatIllegalStateException().isThrownBy(() -> this.state.keep(SMALL));
	}

	@Test
	void refusesWhatComesAndForgetsWhatWaits() {
		this.state.begin();
		this.state.keep(SMALL);
		this.state.refuse();
		assertThat(this.state.keep(SMALL)).isEqualTo(Kept.DROPPED);
		assertThat(this.state.leave()).isTrue();
		assertThat(this.state.next()).isNull();
		assertThat(this.state.isEnding()).isTrue();
		assertThat(this.state.isOver()).isFalse();
	}

	@Test
	void theEndWaitsForTheMessageInProgressAndForThoseThatWait() {
		this.state.begin();
		this.state.keep(SMALL);
		this.state.end();
		assertThat(this.state.keep(SMALL)).isEqualTo(Kept.DROPPED);
		assertThat(this.state.isOver()).isFalse();
		assertThat(this.state.leave()).isFalse();
		this.state.next();
		assertThat(this.state.isOver()).isFalse();
		this.state.leave();
		assertThat(this.state.isOver()).isTrue();
	}

	@Test
	void theEndOfAPipelineWaitsForNothingThatIsAwaitedUnlessMoreWaits() {
		InboundState pipeline = new InboundState(true);
		pipeline.begin();
		pipeline.end();
		assertThat(pipeline.isOver()).isFalse();
		pipeline.await();
		assertThat(pipeline.isOver()).isTrue();
		InboundState waiting = new InboundState(true);
		waiting.begin();
		waiting.keep(SMALL);
		waiting.await();
		waiting.end();
		assertThat(waiting.isOver()).isFalse();
	}

	@Test
	void theEndWaitsForTheStartUnlessItCameBefore() {
		assertThat(this.state.starting()).isTrue();
		this.state.end();
		assertThat(this.state.isOver()).isFalse();
		this.state.started();
		assertThat(this.state.isOver()).isTrue();
		assertThat(this.state.starting()).isFalse();
	}

	@Test
	void theEndIsToldOnce() {
		this.state.end();
		assertThat(this.state.done()).isTrue();
		assertThat(this.state.done()).isFalse();
		assertThat(this.state.isOver()).isFalse();
	}

	@Test
	void readingIsStoppedForAWorkerForOneSecond() {
		this.state.begin();
		assertThat(this.state.hold(5)).isTrue();
		assertThat(this.state.isDeaf()).isTrue();
		assertThat(this.state.isHeldTooLong(4 + TimeUnit.SECONDS.toNanos(1))).isFalse();
		assertThat(this.state.isHeldTooLong(5 + TimeUnit.SECONDS.toNanos(1))).isTrue();
		assertThat(this.state.release()).isTrue();
		assertThat(this.state.release()).isFalse();
		assertThat(this.state.isHeldTooLong(5 + TimeUnit.SECONDS.toNanos(1))).isFalse();
	}

	@Test
	void readingIsNotStoppedForAWorkerWhoseHandlerIsAsynchronous() {
		this.state.begin();
		this.state.await();
		assertThat(this.state.hold(5)).isFalse();
		assertThat(this.state.release()).isTrue();
		assertThat(this.state.isDeaf()).isFalse();
	}

	@Test
	void aMessageThatWaitsForItsTimeLetsOthersBeReadAheadUnlessTheEndHasCome() {
		this.state.begin();
		assertThat(this.state.waitForTime()).isTrue();
		assertThat(this.state.isDeaf()).isFalse();
		assertThat(this.state.isAtWork()).isTrue();
		assertThat(this.state.timeHasCome()).isTrue();
		assertThat(this.state.timeHasCome()).isFalse();
		this.state.end();
		assertThat(this.state.waitForTime()).isFalse();
	}

}

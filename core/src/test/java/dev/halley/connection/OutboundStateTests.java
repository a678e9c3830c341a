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

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.springframework.web.socket.CloseStatus;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.Overflow;
import dev.halley.codec.Payload;
import dev.halley.connection.OutboundState.Queued;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OutboundState}.
 */
class OutboundStateTests {

	private static final Payload A = Runs.text("a");

	private static final Payload B = Runs.text("b");

	private final Runs runs = new Runs();

	private final OutboundState state = state(Overflow.CLOSE);

	private OutboundState state(Overflow overflow) {
		return state(overflow, 4);
	}

	private OutboundState state(Overflow overflow, int messages) {
		this.runs.with(overflow, messages, 100);
		return new OutboundState(this.runs.connection(InOut.of(In.<String>ignore(), Out.never())), this.runs.settings);
	}

	private static Queued add(OutboundState state, Payload payload, boolean fromSource) {
		return state.add(payload, payload.size(), fromSource);
	}

	private Queued add(Payload payload) {
		return add(this.state, payload, false);
	}

	private static void write(OutboundState state) {
		List<Payload> batch = state.takeBatch();
		assertThat(batch).isNotEmpty();
		assertThat(state.written(batch, state.round())).isTrue();
	}

	@Test
	void oneWriteTakesAllThatWaitsAndTheNextOneWaitsForItsEnd() {
		add(A);
		add(B);
		List<Payload> batch = this.state.takeBatch();
		assertThat(batch).containsExactly(A, B);
		assertThat(this.state.isSending()).isTrue();
		add(A);
		assertThat(this.state.takeBatch()).isNull();
		assertThat(this.state.written(batch, this.state.round())).isTrue();
		assertThat(this.state.sentMessages()).isEqualTo(2);
		assertThat(this.state.takeBatch()).containsExactly(A);
	}

	@Test
	void theSecondEndOfAWriteIsKnown() {
		add(A);
		List<Payload> first = this.state.takeBatch();
		int round = this.state.round();
		this.state.written(first, round);
		assertThat(this.state.written(first, round)).isFalse();
		add(B);
		this.state.takeBatch();
		assertThat(this.state.written(first, round)).isFalse();
		assertThat(this.state.isSending()).isTrue();
		assertThat(this.state.sentMessages()).isOne();
	}

	@Test
	void whatNobodyAskedForFindsTheLimits() {
		for (int i = 0; i < 4; i++) {
			assertThat(add(A)).isNotEqualTo(Queued.TOO_MUCH);
		}
		assertThat(add(A)).isEqualTo(Queued.TOO_MUCH);
		assertThat(add(this.state, A, true)).isEqualTo(Queued.TOO_MUCH);
		this.state.addLast(B, B.size());
		assertThat(this.state.takeBatch()).containsExactly(A, A, A, A, B);
	}

	@Test
	void moreIsAskedForWhenTheSizeOfTheFirstIsKnown() {
		OutboundState large = state(Overflow.CLOSE, 64);
		assertThat(large.takeDemand()).isOne();
		assertThat(large.takeDemand()).isZero();
		assertThat(add(large, A, true)).isEqualTo(Queued.STARTING);
		assertThat(large.takeDemand()).isEqualTo(4);
		assertThat(add(large, A, true)).isEqualTo(Queued.WAITING);
	}

	@Test
	void whatComesWhileMoreIsAwaitedFromTheSourceMayWaitUntilHalfIsFull() {
		this.state.takeDemand();
		assertThat(add(A)).isEqualTo(Queued.WAITING);
		assertThat(add(A)).isEqualTo(Queued.WAITING);
		assertThat(add(A)).isEqualTo(Queued.PRESSING);
	}

	@Test
	void whatDoesNotFitMustNotBeHeldBack() {
		assertThat(this.state.isTooMuchWith(1000)).isFalse();
		add(A);
		assertThat(this.state.isTooMuchWith(99)).isFalse();
		assertThat(this.state.isTooMuchWith(100)).isTrue();
	}

	@Test
	void aStepwiseSourceIsFetchedFromBeforeTheWireIsFree() {
		OutboundState stepwise = state(Overflow.LATEST);
		stepwise.takeDemand();
		add(stepwise, A, true);
		write(stepwise);
		stepwise.addBeside(B);
		assertThat(stepwise.isHeldBack()).isTrue();
		assertThat(stepwise.takeBatch()).isNull();
		stepwise.fetched();
		assertThat(stepwise.takeBatch()).containsExactly(B);
	}

	@Test
	void aPingGoesFirstAndDoesNotWaitForTheSource() {
		OutboundState stepwise = state(Overflow.LATEST);
		stepwise.addBeside(A);
		write(stepwise);
		stepwise.addBeside(A);
		Payload ping = Payload.ping(new byte[0]);
		stepwise.addPing(ping);
		assertThat(stepwise.takeBatch()).containsExactly(ping, A);
	}

	@Test
	void theCloseGoesOutOnceAfterWhatIsQueuedAndNothingIsTakenAfterIt() {
		assertThat(this.state.takeClose()).isNull();
		add(A);
		assertThat(this.state.close(CloseStatus.NORMAL, false)).isTrue();
		assertThat(this.state.close(CloseStatus.GOING_AWAY, false)).isFalse();
		assertThat(add(B)).isEqualTo(Queued.NOT);
		assertThat(this.state.addBeside(B)).isEqualTo(LiveConnection.Sending.CLOSED);
		assertThat(this.state.takeDemand()).isZero();
		assertThat(this.state.takeClose()).isNull();
		write(this.state);
		assertThat(this.state.takeClose()).isEqualTo(CloseStatus.NORMAL);
		assertThat(this.state.takeClose()).isNull();
	}

	@Test
	void aCloseMayDiscardWhatIsQueued() {
		add(A);
		this.state.close(CloseStatus.SERVICE_OVERLOAD, true);
		assertThat(this.state.takeBatch()).isNull();
		assertThat(this.state.takeClose()).isEqualTo(CloseStatus.SERVICE_OVERLOAD);
	}

	@Test
	void nothingIsWrittenOnceTheWireIsGone() {
		add(A);
		this.state.close(CloseStatus.NORMAL, false);
		this.state.end();
		assertThat(this.state.isTaking()).isFalse();
		assertThat(this.state.takeBatch()).isNull();
		assertThat(this.state.takeClose()).isNull();
	}

	@Test
	void knowsTheThreadOnWhichTheSourceEmittedLastUntilTheWireIsGone() throws Exception {
		add(A);
		assertThat(this.state.isEmitting()).isFalse();
		add(this.state, A, true);
		assertThat(this.state.isEmitting()).isTrue();
		CompletableFuture.runAsync(this.state::emitting).get(30, TimeUnit.SECONDS);
		assertThat(this.state.isEmitting()).isFalse();
		this.state.emitting();
		this.state.end();
		assertThat(this.state.isEmitting()).isFalse();
	}

}

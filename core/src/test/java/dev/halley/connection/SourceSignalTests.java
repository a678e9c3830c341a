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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.web.socket.CloseStatus;

import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.Overflow;
import dev.halley.StackReserve;
import dev.halley.codec.MessageCodec;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SourceSubscriber}: what it asks a source for, and what it makes of the
 * source's signals, be it at the end of a stack.
 */
class SourceSignalTests {

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	private final List<Runnable> callbacks = new ArrayList<>();

	private final Runs runs = new Runs();

	private final FakeTransport transport = new FakeTransport();

	private final ManualSource<String> source = new ManualSource<>();

	private int completions;

	@Test
	void neverAsksForNothing() {
		this.runs.with(Overflow.CLOSE, 16, 1 << 20);
		this.runs.open(Out.from(this.source), this.transport.stalled());
		for (int i = 0; i < 200; i++) {
			this.source.emit("m" + i);
			this.transport.finishAllWrites();
		}
		assertThat(this.source.requests).doesNotContain(0L);
		assertThat(this.transport.wire).hasSize(200);
	}

	@Test
	void asksStepByStepForOneAndOnlyWhileTheWireIsFree() {
		this.runs.with(Overflow.DROP_OLDEST, 2, 1 << 20);
		this.runs.open(Out.from(this.source), this.transport.stalled());
		assertThat(this.source.requests).containsExactly(1L);
		this.source.emit("a");
		int before = this.source.requests.size();
		assertThat(this.transport.wire).containsExactly("a");
		this.transport.finishWrite();
		assertThat(this.source.requests).hasSizeGreaterThan(before).containsOnly(1L);
	}

	@Test
	void asksOnTheThreadThatOpens() {
		this.runs.with(Overflow.CLOSE, 16, 1 << 20);
		Runs runs = new Runs(Runnable::run, this.callbacks::add);
		runs.open(Out.of("a", "b", "c"), this.transport);
		assertThat(this.transport.wire).containsExactly("a", "b", "c");
		assertThat(this.callbacks).isEmpty();
	}

	@Test
	void endsThatComeBeforeTheSourceIsCancelledCancelItOnce() {
		Runs runs = new Runs(Runnable::run, this.callbacks::add);
		Connection connection = runs.open(Out.from(this.source), this.transport.neverAcknowledging());
		connection.close(CloseStatus.NORMAL);
		connection.closing(CloseStatus.NORMAL);
		connection.ended(CloseStatus.NORMAL);
		assertThat(this.source.cancels).isZero();
		this.callbacks.forEach(Runnable::run);
		assertThat(this.source.cancels).isOne();
		assertThat(runs.done).containsExactly(CloseStatus.NORMAL);
	}

	@Test
	void aSourceThatFailsToCancelIsReported() {
		this.source.cancelFailure = new IllegalStateException("boom");
		this.runs.open(Out.from(this.source), this.transport).close(CloseStatus.NORMAL);
		assertThat(this.runs.done).containsExactly(CloseStatus.NORMAL);
		assertThat(this.log.messages()).singleElement().asString().contains("cancelling out failed");
	}

	@Test
	void anEndWithoutAWireChangesNothing() {
		Connection connection = this.runs.connection(InOut.of(this.runs.in(), Out.never()));
		Outbound outbound = outbound(connection);
		outbound.start(this.source.erased());
		this.source.complete();
		assertThat(connection.isOpen()).isFalse();
		assertThat(this.runs.done).isEmpty();
	}

	@Test
	void onlyTheFirstEndOfASourceCounts() {
		this.runs.open(Out.from(this.source), this.transport);
		this.source.subscriber().onComplete();
		this.source.subscriber().onError(new IllegalStateException("after the end"));
		this.source.emit("late");
		assertThat(this.transport.wire).isEmpty();
		assertThat(this.log.messages()).isEmpty();
	}

	@Test
	void aMessageAtTheEndOfAStackIsSentOrElseIsTheSourcesFailure() throws Exception {
		Connection connection = this.runs.open(Out.from(this.source), this.transport);
		this.source.emit("first");
		onASmallStack(() -> this.source.emit("last"));
		assertThat(this.transport.wire).containsExactly("first", "last");
		assertThat(connection.isOpen()).isTrue();
	}

	@Test
	void aFailureAtTheEndOfAStackIsAnsweredElsewhere() throws Exception {
		Runs runs = new Runs(Runnable::run, this.callbacks::add);
		runs.failures = (failure, message) -> Runs.text(failure.getMessage());
		fail(runs, new ManualSource<>(), new FakeTransport(), Runnable::run);
		fail(runs, this.source, this.transport, SourceSignalTests::atTheEnd);
		new ArrayList<>(this.callbacks).forEach(Runnable::run);
		assertThat(this.transport.wire).containsExactly("a", "boom", "<Close 1011>");
	}

	private static void fail(Runs runs, ManualSource<String> source, FakeTransport transport, Stack stack)
			throws Exception {
		runs.open(Out.from(source), transport);
		source.emit("a");
		onASmallStack(() -> source.subscriber().onError(new IllegalStateException("boom")), stack);
	}

	@Test
	void theEndOfAStreamAtTheEndOfAStackClosesIt() throws Exception {
		complete(new ManualSource<>(), new FakeTransport().stream(), Runnable::run);
		complete(this.source, this.transport.stream(), SourceSignalTests::atTheEnd);
		assertThat(this.transport.wire).containsExactly("a", "<Close 1000>");
		assertThat(this.runs.done).hasSize(2);
	}

	private void complete(ManualSource<String> source, FakeTransport transport, Stack stack) throws Exception {
		this.runs.open(Out.from(source), transport);
		source.emit("a");
		onASmallStack(source::complete, stack);
	}

	/** It is asked for the reserve before anything is changed. */
	@Test
	void anEndForWhichThereIsNoStackIsNone() throws Exception {
		this.runs.open(Out.from(this.source), this.transport);
		this.source.emit("a");
		AtomicInteger tries = new AtomicInteger();
		onASmallStack(() -> {
			if (tries.incrementAndGet() <= 20) {
				this.source.complete();
				this.completions++;
			}
		});
		assertThat(tries).hasValue(21);
		assertThat(this.completions).isZero();
		this.source.emit("b");
		assertThat(this.transport.wire).containsExactly("a", "b");
	}

	/**
	 * The application goes on within: what it calls has as much room as a write needs.
	 */
	@Test
	void whoAsksForStackHasEnoughForAWrite() throws Exception {
		Outbound outbound = outbound(this.runs.connection(InOut.of(this.runs.in(), Out.never())));
		outbound.requireStack();
		descend(60);
		List<String> steps = new ArrayList<>();
		onASmallStack(() -> {
			outbound.requireStack();
			steps.add("required");
			descend(60);
			steps.add("written");
		});
		assertThat(steps).containsExactly("required", "written");
	}

	@Test
	void aStackIsFreshForAsManyCallsAsAreSafeInEachBatchOfItsThread() throws Exception {
		Outbound outbound = outbound(this.runs.connection(InOut.of(this.runs.in(), Out.never())));
		assertThat(outbound.isStackFresh()).isFalse();
		outbound.cork();
		assertThat(CompletableFuture.supplyAsync(outbound::isStackFresh).get(30, TimeUnit.SECONDS)).isFalse();
		for (int i = 0; i < StackReserve.SAFE_CALLS; i++) {
			assertThat(outbound.isStackFresh()).isTrue();
		}
		assertThat(outbound.isStackFresh()).isFalse();
		outbound.uncork();
		outbound.cork();
		assertThat(outbound.isStackFresh()).isTrue();
	}

	private Outbound outbound(Connection connection) {
		return new Outbound(connection, encoder(), Runs.SETTINGS, new OutboundState(connection, Runs.SETTINGS));
	}

	@SuppressWarnings({ "unchecked", "rawtypes" })
	private PayloadEncoder encoder() {
		return new PayloadEncoder((MessageCodec) this.runs.codec);
	}

	private static void onASmallStack(Runnable call) throws Exception {
		onASmallStack(call, SourceSignalTests::atTheEnd);
	}

	private static void onASmallStack(Runnable call, Stack stack) throws Exception {
		CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
		Thread thread = new Thread(null, () -> {
			stack.call(call);
			ended.complete(null);
		}, "small", 512 * 1024);
		thread.setUncaughtExceptionHandler((failed, ex) -> ended.completeExceptionally(ex));
		thread.start();
		ended.get(30, TimeUnit.SECONDS);
	}

	/** Calls as near to the end of the stack as the call returns. */
	private static void atTheEnd(Runnable call) {
		try {
			atTheEnd(call);
		}
		catch (StackOverflowError ex) {
			call.run();
		}
	}

	private static int descend(int levels) {
		return (levels == 0) ? 0 : descend(levels - 1) + 1;
	}

	/** Where on a stack something is called. */
	private interface Stack {

		void call(Runnable call);

	}

}

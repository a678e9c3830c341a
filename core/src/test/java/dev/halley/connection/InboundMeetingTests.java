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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import dev.halley.CallContext;
import dev.halley.Channel;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an {@link Inbound} makes of events that meet: an end within the start, a close
 * before what was read ahead is handled, a context that cannot be entered.
 */
class InboundMeetingTests {

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	private final FakeTransport transport = new FakeTransport();

	private final Runs runs = new Runs();

	private final List<Object> calls = new ArrayList<>();

	private final List<Sinks.Empty<Void>> handlers = new ArrayList<>();

	private In<String> asynchronous() {
		return In.<String>forEachAsync((message) -> {
			this.calls.add(message);
			this.handlers.add(Sinks.empty());
			return this.handlers.get(this.handlers.size() - 1).asMono();
		}).whenDone(this.calls::add);
	}

	private Connection open(In<String> in) {
		return this.runs.open(InOut.of(in, Out.never()), this.transport);
	}

	@Test
	void anEndWithinTheStartWaitsForIt() {
		In<String> in = In.<String>ignore().whenOpen(() -> this.calls.add("open")).whenDone(this.calls::add);
		this.runs.open(InOut.of(in, Out.of("a")), this.transport.broken());
		assertThat(this.calls).containsExactly("open", CloseStatus.NO_CLOSE_FRAME);
	}

	@Test
	void aDeadPeerIsFoundThoughAMessageWaitsForAnAsynchronousHandler() {
		Connection connection = open(asynchronous());
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b"));
		this.runs.pass(Duration.ofSeconds(40));
		assertThat(this.transport.aborts).containsExactly(CloseStatus.NO_CLOSE_FRAME);
	}

	@Test
	void readingGoesOnIfWhatWasFullIsEmptiedWhileReadingIsStopped() {
		Connection connection = open(asynchronous());
		connection.received(Runs.text("a"));
		this.transport.onSuspend = () -> this.handlers.get(0).tryEmitEmpty();
		String big = "b".repeat(16 * 1024);
		connection.received(Runs.text(big));
		assertThat(this.transport.suspends).hasValue(1);
		assertThat(this.transport.resumes).hasValue(1);
		connection.received(Runs.text("c"));
		this.handlers.get(1).tryEmitEmpty();
		assertThat(this.calls).containsExactly("a", big, "c");
	}

	@Test
	void whatIsAboutToBeHandledIsDroppedWhenWeClose() {
		List<Runnable> handling = new ArrayList<>();
		this.transport.handling = handling::add;
		Connection connection = open(asynchronous());
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b"));
		this.handlers.get(0).tryEmitEmpty();
		assertThat(handling).hasSize(1);
		connection.close(CloseStatus.GOING_AWAY);
		handling.get(0).run();
		assertThat(this.calls).containsExactly("a", CloseStatus.GOING_AWAY);
	}

	@Test
	void anEndThatWaitsForAPipelineComesWhenWhatWasReadAheadIsDropped() {
		ManualSubscriber pipeline = new ManualSubscriber(this.calls);
		Connection connection = open(In.through((messages) -> {
			messages.subscribe(pipeline);
			return Mono.never();
		}));
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b"));
		connection.ended(CloseStatus.NORMAL);
		connection.abort(CloseStatus.NORMAL);
		pipeline.request(1);
		assertThat(this.calls).containsExactly("a", "<completed>");
	}

	@Test
	void theAnswersToWhatWasReadAheadGoOutInOneWrite() {
		List<Channel<String>> channels = new ArrayList<>();
		Sinks.Empty<Void> first = Sinks.empty();
		In<String> in = In.forEachAsync((message) -> message.equals("a") ? first.asMono()
				: Mono.fromRunnable(() -> channels.get(0).push(message)));
		Connection connection = this.runs.open(InOut.of(in, Out.<String>unicast(channels::add)), this.transport);
		for (String message : List.of("a", "b", "c", "d")) {
			connection.received(Runs.text(message));
		}
		first.tryEmitEmpty();
		assertThat(this.transport.batches).hasSize(1);
		assertThat(this.transport.wire).containsExactly("b", "c", "d");
	}

	@Test
	void theInIsToldOnceOfAnEndAfterWhichWeClose() {
		List<Runnable> callbacks = new ArrayList<>();
		Runs runs = new Runs(Runnable::run, callbacks::add);
		Connection connection = runs.open(Out.never(), this.transport);
		connection.ended(CloseStatus.NO_CLOSE_FRAME);
		connection.close(CloseStatus.NORMAL);
		callbacks.forEach(Runnable::run);
		assertThat(runs.done).containsExactly(CloseStatus.NO_CLOSE_FRAME);
	}

	@Test
	void anOutWithoutItsContextClosesWith1011() {
		fragile(new AtomicBoolean(true)).open(Out.never(), this.transport);
		assertThat(this.transport.closes).containsExactly(CloseStatus.SERVER_ERROR);
		assertThat(this.calls).containsExactly("failed: no context");
	}

	@Test
	void aPipelineWithoutItsContextClosesWith1011WhateverTheAnswer() {
		AtomicBoolean broken = new AtomicBoolean();
		Runs runs = fragile(broken);
		Out<String> out = Out.from(Flux.<String>never().doOnRequest((n) -> broken.set(true)));
		runs.open(InOut.of(In.ignore(), out), this.transport);
		assertThat(this.transport.closes).containsExactly(CloseStatus.SERVER_ERROR);
		assertThat(this.calls).hasSize(1);
	}

	@Test
	void aMessageWithoutItsContextIsAFailureOfTheConnection() {
		failWithoutContext(false);
	}

	@Test
	void aWorkersMessageWithoutItsContextIsAFailureOfTheConnection() {
		failWithoutContext(true);
	}

	private void failWithoutContext(boolean onWorker) {
		AtomicBoolean broken = new AtomicBoolean();
		List<Runnable> work = new ArrayList<>();
		Runs runs = fragile(broken);
		Connection connection = runs.open(Out.never(), this.transport);
		this.transport.workers = onWorker ? work::add : null;
		broken.set(!onWorker);
		connection.received(Runs.text("a"));
		broken.set(onWorker);
		work.forEach(Runnable::run);
		assertThat(this.calls).containsExactly("failed: no context");
		assertThat(runs.received).isEmpty();
		this.transport.workers = null;
		connection.received(Runs.text("b"));
		assertThat(runs.received).containsExactly("b");
	}

	@Test
	void anEndWithoutItsContextIsNotWaitedForByTheApplicationsEnd() {
		AtomicBoolean broken = new AtomicBoolean();
		Runs runs = fragile(broken);
		Connection connection = runs.open(Out.never(), this.transport);
		runs.registry.stopAccepting();
		connection.closing(CloseStatus.NORMAL);
		broken.set(true);
		connection.ended(CloseStatus.NORMAL);
		assertThat(this.log.messages()).singleElement().asString().contains("whenDone failed");
		assertThat(runs.registry.finishing()).isZero();
	}

	/** Pairs whose context cannot be entered once after each time that it broke. */
	private Runs fragile(AtomicBoolean broken) {
		Runs runs = new Runs(() -> new CallContext() {

			@Override
			protected Scope apply() {
				if (broken.getAndSet(false)) {
					throw new IllegalStateException("no context");
				}
				return Scope.NONE;
			}

		});
		runs.failures = (failure, message) -> {
			this.calls.add("failed: " + failure.getMessage());
			return null;
		};
		return runs;
	}

}

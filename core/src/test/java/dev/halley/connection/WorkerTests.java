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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.reactivestreams.Subscription;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.codec.Payload;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is handled by workers in place of the thread that reads, and for how long reading
 * waits for them. Virtual time.
 */
class WorkerTests {

	private static final Duration TICK = Duration.ofMillis(250);

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	private final Queue<Runnable> work = new ArrayDeque<>();

	private final Runs runs = new Runs();

	private final FakeTransport transport = new FakeTransport();

	private Connection open(In<String> in) {
		this.transport.workers = this.work::add;
		return this.runs.open(InOut.of(in, Out.never()), this.transport);
	}

	private void workOn() {
		this.work.remove().run();
	}

	@Test
	void readingWaitsForAWorkersMessage() {
		Connection connection = open(this.runs.in());
		connection.received(Runs.text("a"));
		assertThat(this.runs.received).isEmpty();
		assertThat(this.transport.suspends).hasValue(1);
		assertThat(this.transport.resumes).hasValue(0);
		workOn();
		assertThat(this.runs.received).containsExactly("a");
		assertThat(this.transport.resumes).hasValue(1);
		connection.received(Runs.text("b"));
		assertThat(this.work).hasSize(1);
		workOn();
		assertThat(this.runs.received).containsExactly("a", "b");
		assertThat(this.transport.resumes).hasValue(2);
	}

	@Test
	void readingWaitsForASecondAtMost() {
		Connection connection = open(this.runs.in());
		this.runs.pass(Duration.ofSeconds(5));
		connection.received(Runs.text("a"));
		this.runs.pass(Duration.ofSeconds(1).minus(TICK));
		assertThat(this.transport.resumes).hasValue(0);
		this.runs.pass(TICK);
		assertThat(this.transport.resumes).hasValue(1);
		this.runs.pass(Duration.ofSeconds(5));
		assertThat(this.transport.resumes).hasValue(1);
	}

	@Test
	void whatComesWhileAWorkerTakesLongIsHandledAfterIt() {
		Connection connection = open(this.runs.in());
		connection.received(Runs.text("a"));
		this.runs.pass(Duration.ofSeconds(1));
		connection.received(Runs.text("b"));
		assertThat(this.work).hasSize(1);
		workOn();
		assertThat(this.runs.received).containsExactly("a", "b");
		assertThat(this.transport.resumes).hasValue(1);
	}

	@Test
	void noTimeIsCountedAgainstAWorkerThatIsNotAtWork() {
		Connection connection = open(this.runs.in());
		this.runs.pass(Duration.ofSeconds(10));
		assertThat(this.transport.resumes).hasValue(0);
		connection.received(Runs.text("a"));
		workOn();
		this.runs.pass(Duration.ofSeconds(10));
		assertThat(this.transport.resumes).hasValue(1);
	}

	@Test
	void readingDoesNotStopForAWorkerThatIsDoneAtOnce() {
		Connection connection = open(this.runs.in());
		this.transport.workers = Runnable::run;
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b"));
		assertThat(this.runs.received).containsExactly("a", "b");
		assertThat(this.transport.suspends).hasValue(0);
		assertThat(this.transport.resumes).hasValue(0);
		connection.ended(CloseStatus.NORMAL);
		assertThat(this.runs.done).containsExactly(CloseStatus.NORMAL);
	}

	@Test
	void readingGoesOnIfAWorkerIsDoneWhileReadingIsStopped() {
		Connection connection = open(this.runs.in());
		this.transport.onSuspend = this::workOn;
		connection.received(Runs.text("a"));
		assertThat(this.transport.suspends).hasValue(1);
		assertThat(this.transport.resumes).hasValue(1);
		connection.received(Runs.text("b"));
		assertThat(this.runs.received).containsExactly("a", "b");
	}

	@Test
	void anEndThatComesWithinAMessageOfAWorkerFollowsIt() {
		List<Object> order = new ArrayList<>();
		Connection connection = open(In.<String>forEach((message) -> {
			this.transport.connection().ended(CloseStatus.NORMAL);
			order.add(message);
		}).whenDone(order::add));
		this.transport.workers = Runnable::run;
		connection.received(Runs.text("a"));
		assertThat(order).containsExactly("a", CloseStatus.NORMAL);
	}

	@Test
	void readingGoesOnAsSoonAsAWorkersHandlerIsAsynchronous() {
		Sinks.Empty<Void> handler = Sinks.empty();
		Connection connection = open(In.<String>forEachAsync((message) -> {
			this.runs.received.add(message);
			return message.equals("a") ? handler.asMono() : Mono.empty();
		}).whenDone(this.runs.done::add));
		connection.received(Runs.text("a"));
		assertThat(this.transport.resumes).hasValue(0);
		workOn();
		assertThat(this.transport.resumes).hasValue(1);
		connection.received(Runs.text("b"));
		assertThat(this.runs.received).containsExactly("a");
		connection.ended(CloseStatus.NORMAL);
		assertThat(this.runs.done).isEmpty();
		handler.tryEmitEmpty();
		assertThat(this.runs.received).containsExactly("a", "b");
		assertThat(this.runs.done).containsExactly(CloseStatus.NORMAL);
		assertThat(this.transport.resumes).hasValue(1);
	}

	@Test
	void theEndWaitsForAWorkersMessage() {
		Connection connection = open(this.runs.in());
		connection.received(Runs.text("a"));
		connection.ended(CloseStatus.NORMAL);
		assertThat(this.runs.done).isEmpty();
		workOn();
		assertThat(this.runs.received).containsExactly("a");
		assertThat(this.runs.done).containsExactly(CloseStatus.NORMAL);
		assertThat(this.transport.resumes).hasValue(0);
	}

	@Test
	void theEndDoesNotWaitForAPipelineThatAsksForNothing() {
		BaseSubscriber<String> pipeline = new BaseSubscriber<>() {

			@Override
			protected void hookOnSubscribe(Subscription subscription) {
			}

			@Override
			protected void hookOnNext(String message) {
				WorkerTests.this.runs.received.add(message);
			}

			@Override
			protected void hookOnComplete() {
				WorkerTests.this.runs.received.add("<completed>");
			}

		};
		Connection connection = open(In.through((messages) -> {
			messages.subscribe(pipeline);
			return Mono.never();
		}));
		connection.received(Runs.text("a"));
		connection.ended(CloseStatus.NORMAL);
		workOn();
		pipeline.request(1);
		assertThat(this.runs.received).containsExactly("a", "<completed>");
	}

	@Test
	void aFailureOnAWorkerIsAnswered() {
		this.runs.failures = (failure, message) -> Payload.text(failure.getMessage() + " " + message);
		Connection connection = open(In.forEach((message) -> {
			throw new IllegalStateException("bad");
		}));
		connection.received(Runs.text("a"));
		workOn();
		assertThat(this.transport.wire).containsExactly("bad a");
		connection.received(Runs.text("b"));
		workOn();
		assertThat(this.transport.wire).containsExactly("bad a", "bad b");
	}

	@Test
	void aPipelineThatFailsOnAWorkerClosesWith1011WhateverTheAnswer() {
		this.runs.failures = (failure, message) -> null;
		Connection connection = open(In.through((messages) -> messages.doOnNext((message) -> {
			throw new IllegalStateException("bad");
		})));
		connection.received(Runs.text("a"));
		workOn();
		assertThat(this.transport.closes).containsExactly(CloseStatus.SERVER_ERROR);
	}

	@Test
	void workersThatTakeNoMoreAreAFailureOfTheMessage() {
		List<Object> failed = new ArrayList<>();
		this.runs.failures = (failure, message) -> {
			failed.add(message);
			return null;
		};
		Connection connection = open(this.runs.in());
		this.transport.workers = (task) -> {
			throw new RejectedExecutionException("full");
		};
		connection.received(Runs.text("a"));
		assertThat(failed).containsExactly("a");
		assertThat(this.transport.suspends).hasValue(0);
		this.transport.workers = null;
		connection.received(Runs.text("b"));
		assertThat(this.runs.received).containsExactly("b");
	}

	@Test
	void whatIsIgnoredNeedsNoWorker() {
		Connection connection = open(In.ignore());
		connection.received(Runs.text("a"));
		assertThat(this.work).isEmpty();
		assertThat(this.transport.suspends).hasValue(0);
	}

	@Test
	void anUnreadableMessageNeedsNoWorker() {
		this.runs.failures = (failure, message) -> Payload.text("unreadable");
		open(this.runs.in()).received(Runs.text("?"));
		assertThat(this.work).isEmpty();
		assertThat(this.transport.wire).containsExactly("unreadable");
	}

	@Test
	void aWireThatWeCloseIsNotResumedForItsWorker() {
		Connection connection = open(this.runs.in());
		this.transport.neverAcknowledging();
		connection.received(Runs.text("a"));
		connection.close(CloseStatus.NORMAL);
		this.runs.pass(Duration.ofSeconds(2));
		workOn();
		assertThat(this.runs.received).containsExactly("a");
		assertThat(this.transport.resumes).hasValue(0);
	}

}

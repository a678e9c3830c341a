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
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.springframework.web.socket.CloseStatus;

import dev.halley.Out;
import dev.halley.StackReserve;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the application may ask for is done wholly or not at all where a stack ends.
 */
class StackEndTests {

	private static final Runnable RESERVE = StackReserve::require;

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	/** Names whom a status that may not be sent did not close. */
	@RegisterExtension
	final ConnectionLog registryLog = new ConnectionLog(ConnectionRegistry.class);

	private Runs runs = new Runs();

	private FakeTransport transport = new FakeTransport();

	/** What runs for the first time is linked then, which needs more. */
	@BeforeEach
	void linkAll() {
		open().close(CloseStatus.NORMAL);
		open().abort(CloseStatus.NORMAL);
		Reservation first = this.runs.registry.reserve(null, "user");
		this.runs.registry.reserve(null, "user").close();
		first.close();
		open();
		this.runs.registry.closeAll(CloseStatus.NO_CLOSE_FRAME);
		this.runs.registry.closeAll(CloseStatus.NORMAL);
		assertThat(this.registryLog.messages()).hasSize(1);
		open();
		this.runs.registry.abortAll(CloseStatus.NORMAL);
		this.runs = new Runs();
		assertThat(succeeds(RESERVE)).isTrue();
	}

	private Connection open() {
		this.transport = new FakeTransport();
		this.transport.onClose = () -> descend(60);
		this.transport.onAbort = () -> descend(60);
		return this.runs.open(Out.never(), this.transport);
	}

	private static int descend(int levels) {
		return (levels == 0) ? 0 : descend(levels - 1) + 1;
	}

	@Test
	void aConnectionIsClosedAtTheEndOfAStack() throws Exception {
		Connection connection = open();
		atTheEndOfAStack(() -> connection.close(CloseStatus.NORMAL));
		assertThat(this.transport.closes).containsExactly(CloseStatus.NORMAL);
		assertGone();
	}

	@Test
	void aConnectionIsDroppedAtTheEndOfAStack() throws Exception {
		Connection connection = open();
		atTheEndOfAStack(() -> connection.abort(CloseStatus.NORMAL));
		assertThat(this.transport.aborts).containsExactly(CloseStatus.NORMAL);
		assertGone();
	}

	private void assertGone() {
		assertThat(this.runs.done).containsExactly(CloseStatus.NORMAL);
		assertThat(this.runs.registry.size()).isZero();
		assertThat(this.runs.registry.reserved()).isZero();
		assertThat(this.log.messages()).isEmpty();
	}

	@Test
	void aPlaceIsTakenOnceAtTheEndOfAStack() throws Exception {
		for (int i = 1; i <= 3; i++) {
			atTheEndOfAStack(() -> this.runs.registry.reserve(null, "user"));
			assertThat(this.runs.registry.reserved()).isEqualTo(i);
		}
	}

	/** It must not look as if all were closed when there was no room to close one. */
	@Test
	void closingAllFailsWhereThereIsNoRoomForIt() throws Exception {
		open();
		assertFailsNearTheEndOfAStack(() -> this.runs.registry.closeAll(CloseStatus.NORMAL));
		assertThat(this.transport.closes).isEmpty();
	}

	@Test
	void droppingAllFailsWhereThereIsNoRoomForIt() throws Exception {
		open();
		assertFailsNearTheEndOfAStack(() -> this.runs.registry.abortAll(CloseStatus.NORMAL));
		assertThat(this.transport.aborts).isEmpty();
	}

	/**
	 * Near the end of a stack a signal is taken, or refused so that it can come again.
	 */
	@Test
	void aSourcesFailureIsNotLostAtTheEndOfAStack() throws Exception {
		List<FailingSource> sources = new ArrayList<>();
		for (int i = 0; i < 2000; i++) {
			FailingSource source = new FailingSource();
			this.runs.open(Out.from(source), source.transport);
			sources.add(source);
		}
		sources.get(0).fail();
		AtomicInteger next = new AtomicInteger(1);
		atTheEndOfAStack(() -> sources.get(next.getAndIncrement()).fail());
		assertThat(next.get()).isGreaterThan(10);
		for (FailingSource source : sources.subList(0, next.get())) {
			source.fail();
			assertThat(source.transport.closes).containsExactly(CloseStatus.SERVER_ERROR);
		}
	}

	private void assertFailsNearTheEndOfAStack(Runnable call) throws Exception {
		AtomicInteger failures = new AtomicInteger();
		AtomicInteger returns = new AtomicInteger();
		atTheEndOfAStack(() -> {
			if (succeeds(RESERVE)) {
				return;
			}
			boolean returned = succeeds(call);
			if (!succeeds(RESERVE)) {
				(returned ? returns : failures).incrementAndGet();
			}
			throw new StackOverflowError();
		});
		assertThat(failures).hasPositiveValue();
		assertThat(returns).hasValue(0);
	}

	private static boolean succeeds(Runnable call) {
		try {
			call.run();
			return true;
		}
		catch (StackOverflowError ex) {
			return false;
		}
	}

	private static void atTheEndOfAStack(Runnable call) throws Exception {
		CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
		new Thread(null, () -> {
			try {
				atTheEnd(call);
				ended.complete(null);
			}
			catch (Throwable ex) {
				ended.completeExceptionally(ex);
			}
		}, "small", 512 * 1024).start();
		ended.get(120, TimeUnit.SECONDS);
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

	/** A source that fails when it is told to. */
	private static final class FailingSource implements Publisher<String>, Subscription {

		private final FakeTransport transport = new FakeTransport();

		private @Nullable Subscriber<? super String> subscriber;

		@Override
		public void subscribe(Subscriber<? super String> subscriber) {
			this.subscriber = subscriber;
			subscriber.onSubscribe(this);
		}

		void fail() {
			Objects.requireNonNull(this.subscriber).onError(new IllegalStateException("told to"));
		}

		@Override
		public void request(long n) {
		}

		@Override
		public void cancel() {
		}

	}

}

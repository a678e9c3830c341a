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
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;

import dev.halley.Blocker;
import dev.halley.Channel;
import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Code of the application that blocks at the end of its connection, of each kind, keeps
 * nothing from going on: neither the Close of this connection nor anything of others.
 */
@Timeout(120)
class CallbackTests {

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	private final ExecutorService wires = Executors.newSingleThreadExecutor();

	private final ExecutorService callbacks = Executors.newCachedThreadPool();

	private final ExecutorService peers = Executors.newCachedThreadPool();

	private final Runs runs = new Runs(this.wires, this.callbacks);

	private final Blocker blocker = new Blocker();

	@AfterEach
	void stopThreads() {
		this.blocker.close();
		this.wires.shutdownNow();
		this.callbacks.shutdownNow();
		this.peers.shutdownNow();
	}

	private Connection open(Kind kind, FakeTransport transport) {
		return this.runs.open(kind.pair(this.blocker), transport);
	}

	private static FakeTransport other(Runs runs) {
		FakeTransport transport = new FakeTransport();
		runs.open(Out.never(), transport);
		return transport;
	}

	private void awaitBlocked(int count) {
		Awaitility.await().until(() -> this.blocker.blocked() >= count);
	}

	private <T> T soon(Callable<T> work) throws Exception {
		return this.peers.submit(work).get(30, TimeUnit.SECONDS);
	}

	@ParameterizedTest
	@EnumSource
	void keepsNoCloseBack(Kind kind) throws Exception {
		FakeTransport transport = new FakeTransport();
		Connection connection = open(kind, transport);
		soon(() -> {
			connection.close(new CloseStatus(4000));
			return true;
		});
		assertThat(transport.closes).containsExactly(new CloseStatus(4000));
		awaitBlocked(1);
	}

	@ParameterizedTest
	@EnumSource
	void keepsNoDeadlineBack(Kind kind) {
		FakeTransport transport = new FakeTransport().neverAcknowledging();
		open(kind, transport).close(CloseStatus.NORMAL);
		this.runs.pass(Duration.ofSeconds(4));
		Awaitility.await().until(() -> !transport.aborts.isEmpty());
		awaitBlocked(1);
	}

	@ParameterizedTest
	@EnumSource
	void leavesThePeerToTheOneWhoSaysThatItIsGone(Kind kind) throws Exception {
		Connection connection = open(kind, new FakeTransport());
		soon(() -> {
			connection.closing(CloseStatus.NORMAL);
			connection.ended(CloseStatus.NORMAL);
			return true;
		});
		awaitBlocked(1);
		assertThat(this.runs.registry.reserved()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void keepsNoDeadPeersFromBeingFound(Kind kind) {
		for (int i = 0; i < 40; i++) {
			open(kind, new FakeTransport());
		}
		FakeTransport dead = other(this.runs);
		Awaitility.await().until(() -> {
			this.runs.pass(Duration.ofSeconds(1));
			return this.blocker.blocked() == 40 && !dead.aborts.isEmpty();
		});
		FakeTransport next = other(this.runs);
		Awaitility.await().until(() -> {
			this.runs.pass(Duration.ofSeconds(1));
			return !next.aborts.isEmpty();
		});
	}

	@ParameterizedTest
	@EnumSource
	void keepsAShutdownFromNothingButItsWait(Kind kind) throws Exception {
		List<FakeTransport> others = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			open(kind, new FakeTransport());
			others.add(other(this.runs));
		}
		this.runs.registry.stopAccepting();
		soon(() -> {
			this.runs.registry.closeAll(CloseStatus.GOING_AWAY);
			return true;
		});
		assertThat(others)
			.allSatisfy((transport) -> assertThat(transport.closes).containsExactly(CloseStatus.GOING_AWAY));
		awaitBlocked(20);
		assertThat(soon(() -> this.runs.registry.awaitEmpty(Duration.ofMillis(1)))).isFalse();
		assertThat(this.runs.registry.finishing()).isPositive();
		this.blocker.close();
		assertThat(soon(() -> this.runs.registry.awaitEmpty(Duration.ofSeconds(20)))).isTrue();
	}

	@ParameterizedTest
	@EnumSource
	void keepsNoStreamFromGoingOn(Kind kind) {
		for (int i = 0; i < 40; i++) {
			open(kind, new FakeTransport()).ended(CloseStatus.NO_CLOSE_FRAME);
		}
		awaitBlocked(40);
		FakeTransport transport = new FakeTransport().completingOn(this.peers);
		this.runs.open(Out.from(Flux.range(0, 100_000).map(String::valueOf)), transport);
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> transport.wire.size() == 100_000);
	}

	@ParameterizedTest
	@EnumSource
	void keepsNoPublisherWhoFindsThatThePeerIsGone(Kind kind) throws Exception {
		Hub<String> hub = Hubs.inMemory().hub("room", String.class);
		InOut<String, String> pair = kind.pair(this.blocker, hub.out());
		this.runs.open(pair, new FakeTransport().broken());
		FakeTransport transport = new FakeTransport();
		this.runs.open(hub.out(), transport);
		soon(() -> hub.publish("a"));
		soon(() -> hub.publish("b"));
		awaitBlocked(1);
		assertThat(transport.wire).containsExactly("a", "b");
	}

	@ParameterizedTest
	@EnumSource
	void isOneAtATimeInOrder(Kind kind) {
		AtomicInteger done = new AtomicInteger();
		InOut<String, String> pair = kind.pair(this.blocker, Out.never(), (status) -> done.incrementAndGet());
		this.runs.open(pair, new FakeTransport()).ended(CloseStatus.NORMAL);
		awaitBlocked(1);
		assertThat(done).hasValue(0);
		this.blocker.close();
		Awaitility.await().until(() -> done.get() == 1);
	}

	/** What blocks. */
	enum Kind {

		CANCEL {
			@Override
			InOut<String, String> pair(Runnable block, Out<String> out, Consumer<CloseStatus> then) {
				Flux<String> source = Flux.<String>never().doOnCancel(block);
				return InOut.of(In.<String>ignore().whenDone(then), out.interleave(Out.from(source)));
			}
		},

		CLEANUP {
			@Override
			InOut<String, String> pair(Runnable block, Out<String> out, Consumer<CloseStatus> then) {
				Flux<String> source = Flux.using(() -> "a", (resource) -> Flux.never(), (resource) -> block.run());
				return InOut.of(In.<String>ignore().whenDone(then), out.interleave(Out.from(source)));
			}
		},

		ON_END {
			@Override
			InOut<String, String> pair(Runnable block, Out<String> out, Consumer<CloseStatus> then) {
				Out<String> source = Out.unicast((Channel<String> channel) -> channel.onEnd(block));
				return InOut.of(In.<String>ignore().whenDone(then), out.interleave(source));
			}
		},

		WHEN_DONE {
			@Override
			InOut<String, String> pair(Runnable block, Out<String> out, Consumer<CloseStatus> then) {
				return InOut.of(In.<String>ignore().whenDone(block).whenDone(then), out);
			}
		},

		FOLD {
			@Override
			InOut<String, String> pair(Runnable block, Out<String> out, Consumer<CloseStatus> then) {
				In<String> in = In.fold("", String::concat, (text) -> block.run());
				return InOut.of(in.whenDone(then), out);
			}
		},

		PIPELINE {
			@Override
			InOut<String, String> pair(Runnable block, Out<String> out, Consumer<CloseStatus> then) {
				In<String> in = In.through((messages) -> messages.doOnComplete(block));
				return InOut.of(in.whenDone(then), out);
			}
		};

		InOut<String, String> pair(Runnable block) {
			return pair(block, Out.never());
		}

		InOut<String, String> pair(Runnable block, Out<String> out) {
			return pair(block, out, (status) -> {
			});
		}

		abstract InOut<String, String> pair(Runnable block, Out<String> out, Consumer<CloseStatus> then);

	}

}

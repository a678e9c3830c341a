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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;

import dev.halley.CallContext;
import dev.halley.Out;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HandlerCompletion}.
 */
class HandlerCompletionTests {

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	private final List<String> failures = new CopyOnWriteArrayList<>();

	/** Those on which the failures were answered. */
	private final List<Thread> threads = new CopyOnWriteArrayList<>();

	private final Connection connection = open();

	private int next;

	private final HandlerCompletion completion = completion();

	private Connection open() {
		Runs runs = new Runs(Runnable::run, HandlerCompletionTests::runElsewhere);
		runs.failures = (failure, message) -> {
			this.failures.add(message + ": " + failure.getMessage());
			this.threads.add(Thread.currentThread());
			return null;
		};
		return runs.open(Out.never(), new FakeTransport());
	}

	private HandlerCompletion completion() {
		return new HandlerCompletion(this.connection, "a", new Handling(this.connection, null, false), () -> {
			descend(60);
			this.next++;
		});
	}

	private static void runElsewhere(Runnable callback) {
		Thread thread = new Thread(callback);
		thread.start();
		try {
			thread.join(30_000);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static int descend(int levels) {
		return (levels == 0) ? 0 : descend(levels - 1) + 1;
	}

	@Test
	void goesOnByItselfOnlyIfItIsLeftAloneBeforeItIsDone() {
		this.completion.onComplete();
		assertThat(this.completion.isDone()).isTrue();
		assertThat(this.completion.isLeftAlone()).isFalse();
		assertThat(this.next).isZero();
	}

	@Test
	void goesOnByItselfWhenItIsDoneLater() {
		assertThat(this.completion.isLeftAlone()).isTrue();
		this.completion.onComplete();
		assertThat(this.next).isEqualTo(1);
	}

	@Test
	void asksForAllAndOnce() {
		List<String> calls = new ArrayList<>();
		this.completion.onSubscribe(subscription("first", calls));
		this.completion.onSubscribe(subscription("second", calls));
		assertThat(calls).containsExactly("first asked for " + Long.MAX_VALUE, "second cancelled");
	}

	private static Subscription subscription(String name, List<String> calls) {
		return new Subscription() {

			@Override
			public void request(long count) {
				calls.add(name + " asked for " + count);
			}

			@Override
			public void cancel() {
				calls.add(name + " cancelled");
			}

		};
	}

	@Test
	void aHandlerFindsTheContextOfItsConnection() {
		CallContext context = new CallContext() {

			@Override
			protected Scope apply() {
				return Scope.NONE;
			}

		};
		Connection connection = new Runs(() -> context).open(Out.never(), new FakeTransport());
		HandlerCompletion completion = new HandlerCompletion(connection, "a", new Handling(connection, null, false),
				() -> {
				});
		assertThat(CallContext.from(completion.currentContext())).isSameAs(context);
	}

	@Test
	void aFailureOfTheCallItselfIsAnsweredOnItsThread() {
		this.completion.onError(new IllegalStateException("broken"));
		assertThat(this.failures).containsExactly("a: broken");
		assertThat(this.threads).containsExactly(Thread.currentThread());
		assertThat(this.completion.isDone()).isTrue();
		assertThat(this.next).isZero();
	}

	@Test
	void aFailureOfACallThatIsLeftAloneIsAnsweredElsewhere() {
		assertThat(this.completion.isLeftAlone()).isTrue();
		this.completion.onError(new IllegalStateException("broken"));
		assertFailedElsewhere();
		assertThat(this.next).isOne();
	}

	@Test
	void aFailureOnAnotherThreadIsAnsweredOnAThreadOfNobodys() throws Exception {
		Thread other = new Thread(() -> this.completion.onError(new IllegalStateException("broken")));
		other.start();
		other.join(30_000);
		assertFailedElsewhere();
		assertThat(this.threads).doesNotContain(other);
		assertThat(this.next).isZero();
	}

	private void assertFailedElsewhere() {
		assertThat(this.failures).containsExactly("a: broken");
		assertThat(this.threads).hasSize(1).doesNotContain(Thread.currentThread());
		assertThat(this.completion.isDone()).isTrue();
	}

	@Test
	void theFirstSignalCounts() {
		assertThat(this.completion.isLeftAlone()).isTrue();
		this.completion.onComplete();
		this.completion.onError(new IllegalStateException("late"));
		this.completion.onComplete();
		assertThat(this.failures).isEmpty();
		assertThat(this.next).isOne();
	}

	@Test
	void aFailureIsTheEnd() {
		assertThat(this.completion.isLeftAlone()).isTrue();
		this.completion.onError(new IllegalStateException("broken"));
		this.completion.onError(new IllegalStateException("again"));
		this.completion.onComplete();
		assertThat(this.failures).containsExactly("a: broken");
		assertThat(this.next).isOne();
	}

	/**
	 * The signal that has room for what comes of it is the one that counts. What runs for
	 * the first time is linked then, which needs more, so it has run before.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void goesOnThoughItIsSignalledAtTheEndOfAStack(boolean failed) throws Exception {
		Consumer<HandlerCompletion> signal = failed
				? (completion) -> completion.onError(new IllegalStateException("broken"))
				: HandlerCompletion::onComplete;
		HandlerCompletion before = completion();
		assertThat(before.isLeftAlone()).isTrue();
		signal.accept(before);
		assertThat(this.completion.isLeftAlone()).isTrue();
		CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
		new Thread(null, () -> {
			atTheEnd(() -> signal.accept(this.completion));
			ended.complete(null);
		}, "small", 512 * 1024).start();
		ended.get(30, TimeUnit.SECONDS);
		assertThat(this.next).isEqualTo(2);
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

}

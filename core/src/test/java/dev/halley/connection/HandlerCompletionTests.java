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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.halley.Out;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HandlerCompletion}.
 */
class HandlerCompletionTests {

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	private final Connection connection = new Runs(Runnable::run, HandlerCompletionTests::runElsewhere)
		.open(Out.never(), new FakeTransport());

	private int next;

	private final HandlerCompletion completion = completion();

	private HandlerCompletion completion() {
		return new HandlerCompletion(this.connection, "a", () -> {
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

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

package dev.halley;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StackReserve}, on threads whose stacks end.
 */
class StackReserveTests {

	private static final int ROUNDS = 300;

	/** As deep as a write to a network goes. */
	private static final int WRITE = 60;

	private int writes;

	private int broken;

	@Test
	void aStackEndsBeforeAWriteAndNotWithin() throws Exception {
		endStacks(StackReserve::require);
		assertThat(this.writes).isGreaterThan(ROUNDS);
		assertThat(this.broken).isZero();
	}

	@Test
	void withoutItStacksEndWithinWrites() throws Exception {
		endStacks(() -> {
		});
		assertThat(this.broken).isPositive();
	}

	@Test
	void whoIsNotInADeliveryIsHeldToIt() throws Exception {
		endStacks(StackReserve::requireOutsideDeliveries);
		assertThat(this.broken).isZero();
	}

	@Test
	void aDeliveryIsNotHeldToItAgain() throws Exception {
		endStacks(() -> {
			boolean entered = Delivering.enter();
			try {
				StackReserve.requireOutsideDeliveries();
			}
			finally {
				if (entered) {
					Delivering.leave();
				}
			}
		});
		assertThat(this.broken).isPositive();
	}

	private void endStacks(StackReserve.Check check) throws Exception {
		for (int i = 0; i < ROUNDS; i++) {
			CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
			new Thread(null, () -> {
				try {
					again(check);
				}
				catch (StackOverflowError ex) {
					ended.complete(null);
				}
			}, "small", 256 * 1024).start();
			ended.get(30, TimeUnit.SECONDS);
		}
	}

	private void again(StackReserve.Check check) {
		check.require();
		this.broken++;
		write(WRITE);
		this.broken--;
		this.writes++;
		again(check);
	}

	private static int write(int levels) {
		return (levels == 0) ? 0 : write(levels - 1) + 1;
	}

}

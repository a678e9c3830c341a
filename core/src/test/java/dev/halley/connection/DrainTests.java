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
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.springframework.web.socket.CloseStatus;

import dev.halley.Out;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * {@link Drain}, and the registry that drains.
 */
class DrainTests {

	private static List<Integer> batches(int count, Duration over) {
		List<Runnable> closings = new ArrayList<>();
		int[] closed = new int[1];
		for (int i = 0; i < count; i++) {
			closings.add(() -> closed[0]++);
		}
		Drain drain = new Drain(closings, over);
		List<Integer> batches = new ArrayList<>();
		long elapsed = 0;
		boolean more = true;
		while (more) {
			int before = closed[0];
			more = drain.next(elapsed);
			batches.add(closed[0] - before);
			elapsed += Drain.STEP.toNanos();
		}
		assertThat(closed[0]).isEqualTo(count);
		return batches;
	}

	@Test
	void tenThousandAreSpreadOverTheTime() {
		assertThat(batches(10_000, Duration.ofSeconds(5))).hasSize(50).containsOnly(200);
	}

	@Test
	void fewAreClosedAtOnce() {
		assertThat(batches(100, Duration.ofSeconds(5))).containsExactly(100);
		assertThat(batches(250, Duration.ofSeconds(5))).containsExactly(100, 100, 50);
		assertThat(batches(0, Duration.ofSeconds(5))).containsExactly(0);
	}

	@Test
	void allAreClosedAtOnceWithoutATime() {
		assertThat(batches(10_000, Duration.ZERO)).containsExactly(10_000);
	}

	@Test
	void whoeverIsLateCatchesUp() {
		List<Runnable> closings = new ArrayList<>();
		List<Integer> closed = new ArrayList<>();
		for (int i = 0; i < 10_000; i++) {
			int number = i;
			closings.add(() -> closed.add(number));
		}
		Drain drain = new Drain(closings, Duration.ofSeconds(5));
		assertThat(drain.next(0)).isTrue();
		assertThat(drain.next(TimeUnit.SECONDS.toNanos(2))).isTrue();
		assertThat(closed).hasSize(4200);
		assertThat(drain.next(TimeUnit.SECONDS.toNanos(9))).isFalse();
		assertThat(closed).hasSize(10_000).doesNotHaveDuplicates();
	}

	@Test
	void theRegistryTellsAllOverTheTimeAndAcceptsNobody() throws InterruptedException {
		Runs runs = new Runs();
		List<FakeTransport> wires = new ArrayList<>();
		for (int i = 0; i < 500; i++) {
			FakeTransport wire = new FakeTransport().neverAcknowledging();
			runs.open(Out.never(), wire);
			wires.add(wire);
		}
		long start = System.nanoTime();
		runs.registry.drain(CloseStatus.SERVICE_RESTARTED, Duration.ofMillis(900));
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(350));
		assertThat(wires).allSatisfy((wire) -> assertThat(wire.closes).containsExactly(CloseStatus.SERVICE_RESTARTED));
		assertThatExceptionOfType(TooManyConnectionsException.class).isThrownBy(() -> runs.registry.reserve(null, null))
			.satisfies((ex) -> assertThat(ex.retryAfterSeconds()).isBetween(1, 10));
	}

	@Test
	void nobodyIsWaitedForIfAllHaveGone() throws InterruptedException {
		Runs runs = new Runs();
		for (int i = 0; i < 50; i++) {
			runs.open(Out.never(), new FakeTransport());
		}
		runs.registry.drain(CloseStatus.GOING_AWAY, Duration.ofHours(1));
		assertThat(runs.registry.size()).isZero();
	}

}

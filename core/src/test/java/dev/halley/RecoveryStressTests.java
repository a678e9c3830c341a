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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who is cut off again and again while messages fly, and comes back with the id of what
 * it has seen last.
 */
@Timeout(180)
class RecoveryStressTests {

	private static final int MESSAGES = 3000;

	private final Threads threads = new Threads();

	private final Hubs hubs = Hubs.inMemory();

	private final List<Hub<String>> rooms = IntStream.range(0, 3)
		.mapToObj((i) -> this.hubs.hub("room " + i, String.class, History.ofMessages(2 * MESSAGES)))
		.toList();

	@AfterEach
	void stop() {
		this.threads.close();
	}

	@Test
	void threeHubsInOneOut() throws Exception {
		comeAndGo((id) -> room(0, id).interleave(room(1, id), room(2, id)));
	}

	@Test
	void hubsBehindOperatorsInNestedOuts() throws Exception {
		comeAndGo((id) -> Out.<String>of()
			.andThen(room(0, id).map((message) -> message + "!").map((message) -> message.replace("!", "")))
			.interleave(Out.<String>of().interleave(room(1, id).filter((message) -> true), room(2, id)))
			.map(String::strip)
			.filter((message) -> !message.isEmpty()));
	}

	@Test
	void hubsWhoseMessagesAreJoined() throws Exception {
		comeAndGo((id) -> room(0, id).interleave(room(1, id), room(2, id))
			.batched(7, Duration.ofMillis(1), (one, other) -> one + " " + other));
	}

	private Out<String> room(int number, @Nullable String id) {
		return this.rooms.get(number).out(Replay.after(id));
	}

	private void comeAndGo(Function<@Nullable String, Out<String>> out) throws Exception {
		AtomicInteger publishing = new AtomicInteger(this.rooms.size());
		List<List<String>> seen = List.of(new ArrayList<>(), new ArrayList<>());
		WireWithIds first = WireWithIds.open(out.apply(null));
		first.awaitCount(this.rooms.size());
		String begin = first.lastId();
		first.cut();
		this.threads.race(this.rooms.size() + seen.size(), (number) -> {
			if (number < this.rooms.size()) {
				IntStream.range(0, MESSAGES).forEach((i) -> this.rooms.get(number).publish(number + ":" + i));
				publishing.decrementAndGet();
			}
			else {
				read(out, begin, new Random(number), seen.get(number - this.rooms.size()), publishing);
			}
		});
		for (List<String> reader : seen) {
			assertThat(reader).doesNotContain("reset").hasSize(this.rooms.size() * MESSAGES).doesNotHaveDuplicates();
			Map<Character, List<String>> byRoom = reader.stream()
				.collect(Collectors.groupingBy((message) -> message.charAt(0)));
			byRoom.forEach((room, messages) -> assertThat(messages)
				.isEqualTo(IntStream.range(0, MESSAGES).mapToObj((i) -> room + ":" + i).toList()));
		}
	}

	private void read(Function<@Nullable String, Out<String>> out, @Nullable String begin, Random random,
			List<String> seen, AtomicInteger publishing) {
		String id = begin;
		while (seen.size() < this.rooms.size() * MESSAGES) {
			boolean last = publishing.get() == 0;
			WireWithIds wire = WireWithIds.waiting(out.apply(id));
			wire.request(1 + random.nextInt(last ? 3000 : 200));
			Thread.yield();
			wire.cut();
			assertThat(wire.error()).isNull();
			id = (wire.lastId() != null) ? wire.lastId() : id;
			wire.texts().stream().flatMap((text) -> Stream.of(text.split(" "))).forEach(seen::add);
		}
	}

}

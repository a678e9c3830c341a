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
import java.util.TreeMap;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Does at random what may be done about presence, and compares it with a plain model: who
 * is present, and what each reader makes of what it is told. To repeat a run, set
 * {@code -Dhubs.seed=SEED}; {@code -Dhubs.runs} sets how many there are.
 */
@Timeout(300)
class HubPresenceRandomTests {

	private static final int STEPS = 500;

	private static final Duration PAUSE = Duration.ofMillis(100);

	private final HubTime time = new HubTime();

	private final Map<String, Model> models = new TreeMap<>();

	private final List<Connection> connections = new ArrayList<>();

	private final List<Reader> readers = new ArrayList<>();

	private Duration grace;

	private Hub<String> hub;

	static List<Long> seeds() {
		return Seeds.of(60);
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void readersKnowWhoIsPresent(long seed) {
		Random random = new Random(seed);
		this.grace = Duration.ofMillis(random.nextBoolean() ? random.nextInt(1000) : 0);
		this.hub = this.time.hubs(this.grace).hub("room", String.class);
		int names = random.nextBoolean() ? 1 + random.nextInt(8) : 400;
		for (int step = 0; step < STEPS; step++) {
			step(random, names);
			check("seed " + seed + ", step " + step);
		}
		this.time.pass(this.grace.plus(PAUSE).plus(PAUSE));
		checkSettled("seed " + seed + ", at the end");
	}

	private void step(Random random, int names) {
		switch (random.nextInt(12)) {
			case 0, 1, 2 -> {
				for (int i = (names > 8) ? random.nextInt(200) : 0; i >= 0; i--) {
					join("m" + random.nextInt(names), random.nextInt(3));
				}
			}
			case 3, 4 -> {
				for (int i = (names > 8) ? random.nextInt(200) : 0; i >= 0 && !this.connections.isEmpty(); i--) {
					end(this.connections.remove(random.nextInt(this.connections.size())), random.nextBoolean());
				}
			}
			case 5 -> update("m" + random.nextInt(names), random.nextInt(3));
			case 6 -> this.time.pass(Duration.ofMillis(random.nextInt(300)));
			case 7 -> {
				this.time.pass(PAUSE);
				checkSettled("after a pause");
			}
			case 8 -> this.readers.add(new Reader(this, random.nextBoolean()));
			case 9, 10 -> request(random);
			default -> {
				if (random.nextInt(4) == 0 && !this.readers.isEmpty()) {
					this.readers.remove(random.nextInt(this.readers.size())).log.subscriber.cancel();
				}
			}
		}
	}

	private void join(String name, int data) {
		model(name).join(data);
		HubPresenceTests.Tab tab = new HubPresenceTests.Tab();
		this.hub.join(name, List.of(data)).elements().subscribe(tab);
		this.connections.add(new Connection(name, tab));
	}

	private void end(Connection connection, boolean intended) {
		model(connection.name).leave(intended);
		if (intended) {
			connection.tab.close();
		}
		else {
			connection.tab.vanish();
		}
	}

	private void update(String name, int data) {
		Model model = model(name);
		assertThat(this.hub.update(name, List.of(data))).isEqualTo(model.isPresent());
		model.data = List.of(data);
	}

	private Model model(String name) {
		return this.models.computeIfAbsent(name, (key) -> new Model());
	}

	private void request(Random random) {
		if (!this.readers.isEmpty()) {
			this.readers.get(random.nextInt(this.readers.size())).request(1 + random.nextInt(5));
		}
	}

	private void check(String when) {
		Map<String, Object> members = this.hub.members();
		for (Reader reader : this.readers) {
			reader.log.read();
			if (reader.isUpToDate()) {
				assertThat(reader.log.members).as(when).isEqualTo(members);
			}
			reader.checkPace(when);
		}
	}

	/** What has not changed in the last 100 ms, all have been told of. */
	private void checkSettled(String when) {
		Map<String, Object> members = this.hub.members();
		this.models.forEach((name, model) -> {
			if (!model.hasJustLeft()) {
				assertThat(members.get(name)).as(name + " " + when).isEqualTo(model.isPresent() ? model.data : null);
			}
		});
	}

	private record Connection(String name, HubPresenceTests.Tab tab) {
	}

	private final class Model {

		private int connections;

		private long lost = Long.MIN_VALUE;

		private Object data;

		boolean isPresent() {
			return this.connections > 0 || isWithin(Duration.ZERO);
		}

		boolean hasJustLeft() {
			return !isPresent() && isWithin(PAUSE);
		}

		private boolean isWithin(Duration more) {
			Duration time = HubPresenceRandomTests.this.grace.plus(more);
			return this.lost != Long.MIN_VALUE && HubPresenceRandomTests.this.time.nanos() - this.lost < time.toNanos();
		}

		void join(int data) {
			this.connections++;
			this.lost = Long.MIN_VALUE;
			this.data = List.of(data);
		}

		void leave(boolean intended) {
			this.connections--;
			if (!intended) {
				this.lost = HubPresenceRandomTests.this.time.nanos();
			}
		}

	}

	/** One who wants to know, and asks for all or for some. */
	private static final class Reader {

		private final PresenceLog log;

		private final List<Long> times = new ArrayList<>();

		private final List<Class<?>> kinds = new ArrayList<>();

		private final boolean unbounded;

		private long demand;

		Reader(HubPresenceRandomTests test, boolean unbounded) {
			SendBuffer small = new SendBuffer(1, 1, Overflow.CLOSE, null);
			StrictSubscriber subscriber = unbounded ? StrictSubscriber.unbounded(small)
					: StrictSubscriber.waiting(small);
			subscriber.onNext = (element) -> {
				this.times.add(test.time.nanos());
				this.kinds.add(Elements.unwrap(element).getClass());
			};
			this.unbounded = unbounded;
			this.log = PresenceLog.of(test.hub, subscriber);
		}

		void request(int more) {
			if (!this.unbounded) {
				this.demand += more;
				this.log.subscriber.request(more);
			}
		}

		/** Whether it would have got more if there were more. */
		boolean isUpToDate() {
			return this.unbounded || this.log.subscriber.count() < this.demand;
		}

		/** Each kind once in 100 ms; what waited for the reader comes when it asks. */
		void checkPace(String when) {
			for (int i = 2; this.unbounded && i < this.times.size(); i++) {
				for (int j = 1; j < i; j++) {
					boolean soon = this.times.get(i) - this.times.get(j) < PAUSE.toNanos();
					assertThat(soon && this.kinds.get(i) == this.kinds.get(j)).as(when).isFalse();
				}
			}
			if (this.times.size() > 50) {
				this.times.subList(1, 40).clear();
				this.kinds.subList(1, 40).clear();
			}
		}

	}

}

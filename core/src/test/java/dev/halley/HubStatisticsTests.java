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

import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Hubs#statistics()}.
 */
class HubStatisticsTests {

	private final Hubs hubs = Hubs.inMemory(Runnable::run, Map.of("kept", History.ofMessages(2)), (message) -> 1);

	private static Disposable subscribe(Out<?> out) {
		return Flux.from(out.elements()).subscribe();
	}

	@Test
	void hubsAndSubscribersAreThoseOfNow() {
		Hub<String> room = this.hubs.hub("room", String.class);
		Disposable first = subscribe(room.out());
		Disposable second = subscribe(room.out((message) -> false));
		assertThat(this.hubs.statistics().hubs()).isOne();
		assertThat(this.hubs.statistics().subscribers()).isEqualTo(2);
		first.dispose();
		second.dispose();
		assertThat(this.hubs.statistics().subscribers()).isZero();
	}

	@Test
	void deliveriesAreCountedForEachSubscriberThatWantsThem() {
		Hub<String> room = this.hubs.hub("room", String.class);
		room.publish("nobody is here");
		Disposable all = subscribe(room.out());
		Disposable some = subscribe(room.out((message) -> message.startsWith("a")));
		room.publish("a");
		room.publish("b");
		assertThat(this.hubs.statistics().published()).isEqualTo(3);
		assertThat(this.hubs.statistics().delivered()).isEqualTo(3);
		assertThat(this.hubs.statistics().failed()).isZero();
		all.dispose();
		some.dispose();
		room.publish("a");
		assertThat(this.hubs.statistics().delivered()).isEqualTo(3);
	}

	@Test
	void whoComesBackHasRecoveredOrIsReset() throws Exception {
		Hub<String> kept = this.hubs.hub("kept", String.class);
		Position first = kept.publish("1").toCompletableFuture().get(30, TimeUnit.SECONDS);
		kept.publish("2");
		subscribe(kept.events(Replay.after(first))).dispose();
		subscribe(kept.events(Replay.last(1))).dispose();
		assertThat(this.hubs.statistics().recovered()).isOne();
		assertThat(this.hubs.statistics().reset()).isZero();
		kept.publish("3");
		kept.publish("4");
		subscribe(kept.events(Replay.after(first))).dispose();
		assertThat(this.hubs.statistics().recovered()).isOne();
		assertThat(this.hubs.statistics().reset()).isOne();
	}

	@Test
	void membersArePresentByTheConnectionsOfThisProcess() {
		Hub<String> room = this.hubs.hub("room", String.class);
		Disposable tab = subscribe(room.join("ada", "data", room.out()));
		Disposable otherTab = subscribe(room.join("ada", "data", room.out()));
		Disposable other = subscribe(room.join("bob", "data", room.out()));
		assertThat(this.hubs.statistics().members()).isEqualTo(2);
		tab.dispose();
		otherTab.dispose();
		other.dispose();
	}

}

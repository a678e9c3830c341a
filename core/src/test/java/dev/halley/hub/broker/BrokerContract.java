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

package dev.halley.hub.broker;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import dev.halley.History;
import dev.halley.Hub;
import dev.halley.HubEvent;
import dev.halley.HubUnavailableException;
import dev.halley.Position;
import dev.halley.Replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What hubs do with a broker that can fail: what a {@link HubBroker} has to pass. Whoever
 * writes one extends this class and {@link PromiseContract}, and tells how its server and
 * the links to it are broken:
 *
 * <pre class="code">
 * &#064;Timeout(120)
 * class MyBrokerContractTests extends BrokerContract {
 *
 *     &#064;Override
 *     protected BreakableNodes open() {
 *         return new MyNodes();
 *     }
 *
 * }
 * </pre>
 *
 * {@code MyNodes} implements {@link BreakableNodes}: two brokers with a server of their
 * own, opened for each test and closed after it, and the hubs of each:
 * {@code TestHubs.of(broker, executor)}. The jar needs JUnit, its parameterized tests,
 * AssertJ and Awaitility, and makes Awaitility patient where extensions of JUnit are
 * found by themselves; elsewhere {@code Awaitility.setDefaultTimeout} does.
 *
 * @see MemoryBroker
 */
public abstract class BrokerContract extends HubContract<BreakableNodes> {

	@Test
	void anOutageClosesNobodyAndWhatCameMeanwhileFollows() {
		try (Heard<HubEvent<String>> heard = Heard.of(second().events(Replay.last(10)));
				Heard<String> plain = Heard.of(second().out())) {
			publish(first(), 0, 2);
			heard.await(2);
			this.nodes.cut();
			publish(first(), 2, 50);
			this.nodes.heal();
			assertThat(payloads(heard.await(50))).isEqualTo(numbers(0, 50));
			publish(first(), 50, 51);
			assertThat(payloads(heard.await(51))).isEqualTo(numbers(0, 51));
			Awaitility.await().until(() -> "50".equals(plain.last()));
			assertThat(heard.error()).isNull();
			assertThat(plain.isCompleted()).isFalse();
		}
	}

	@Test
	void toPublishFailsAtOnceWhileThereIsNoLinkAndSaysSo() {
		publish(second(), 0, 1);
		this.nodes.cut();
		long start = System.nanoTime();
		HubUnavailableException failure = failure(second().publish("1"));
		assertThat(failure.isOutcomeUnknown()).isFalse();
		assertThat(failure).hasMessageContaining("was not published");
		assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
		this.nodes.heal();
		Awaitility.await().until(() -> !isFailed(second().publish("2")));
		try (Heard<String> heard = Heard.of(first().out(Replay.last(10)))) {
			assertThat(heard.await(2)).contains("0", "2").doesNotContain("1");
		}
	}

	private static boolean isFailed(CompletionStage<?> stage) {
		try {
			stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
			return false;
		}
		catch (Exception ex) {
			return true;
		}
	}

	@Test
	void whoeverGetsNoAnswerIsToldThatTheOutcomeIsNotKnown() {
		publish(second(), 0, 1);
		this.nodes.loseAnswers();
		HubUnavailableException failure = failure(second().publishOnce("1", "key"));
		assertThat(failure.isOutcomeUnknown()).isTrue();
		assertThat(failure).hasMessageContaining("may or may not have been published");
		this.nodes.heal();
		Awaitility.await().until(() -> !isFailed(second().publishOnce("1 again", "key")));
		try (Heard<String> heard = Heard.of(first().out(Replay.last(10)))) {
			assertThat(heard.await(2)).containsExactly("0", "1");
		}
	}

	@Test
	void whoComesBackDuringAnOutageIsServedFromWhatIsHere() {
		try (Heard<String> heard = Heard.of(second().out(Replay.last(0)))) {
			List<Position> positions = publish(second(), 0, 3);
			heard.await(3);
			this.nodes.cut();
			try (Heard<String> back = Heard.of(second().out(Replay.after(positions.get(0))))) {
				assertThat(back.await(2)).containsExactly("1", "2");
				publish(first(), 3, 5);
				this.nodes.heal();
				assertThat(back.await(4)).containsExactly("1", "2", "3", "4");
				assertThat(heard.await(5)).containsExactly("0", "1", "2", "3", "4");
			}
		}
	}

	@Test
	void whoComesForTheFirstTimeDuringAnOutageWaits() {
		publish(first(), 0, 3);
		this.nodes.cut();
		try (Heard<String> heard = Heard.of(second().out(Replay.last(2)));
				Heard<String> gone = Heard.of(second().out(Replay.last(2)))) {
			assertThat(second().subscribers()).isEqualTo(2);
			gone.close();
			assertThat(second().subscribers()).isOne();
			this.nodes.heal();
			assertThat(heard.await(2)).containsExactly("1", "2");
			assertThat(gone.count()).isZero();
		}
	}

	@Test
	void anOutageThatIsLongerThanTheHistoryIsTold() {
		History three = History.ofMessages(3);
		Hub<String> hub = hub(this.nodes.second(), three);
		Hub<String> publisher = hub(this.nodes.first(), three);
		try (Heard<HubEvent<String>> heard = Heard.of(hub.events(Replay.last(10)));
				Heard<String> inPlace = Heard.of(hub.out(Replay.last(10), (reset) -> "reset"));
				Heard<String> fails = Heard.of(hub.out(Replay.last(10)))) {
			Position first = publish(publisher, 0, 1).get(0);
			heard.await(1);
			inPlace.await(1);
			fails.await(1);
			this.nodes.cut();
			List<Position> missed = publish(publisher, 1, 9);
			this.nodes.heal();
			assertThat(heard.await(5)).containsExactly(new HubEvent.Message<>(first, "0"),
					new HubEvent.Reset<>(missed.get(4)), new HubEvent.Message<>(missed.get(5), "6"),
					new HubEvent.Message<>(missed.get(6), "7"), new HubEvent.Message<>(missed.get(7), "8"));
			assertThat(inPlace.await(5)).containsExactly("0", "reset", "6", "7", "8");
			Awaitility.await().until(() -> fails.error() != null);
		}
	}

	@Test
	void aServerThatComesBackWithoutItsDataIsAnotherEpoch() {
		try (Heard<HubEvent<String>> heard = Heard.of(second().events(Replay.last(10)))) {
			Position old = publish(first(), 0, 3).get(2);
			heard.await(3);
			this.nodes.restart(false);
			Awaitility.await().until(() -> !isFailed(first().publish("new")));
			List<HubEvent<String>> events = heard.await(5);
			assertThat(events.get(3)).isInstanceOf(HubEvent.Reset.class);
			assertThat(payloads(events.subList(4, 5))).containsExactly("new");
			assertThat(epoch(events.get(4).position())).isNotEqualTo(epoch(old));
			try (Heard<HubEvent<String>> back = Heard.of(first().events(Replay.after(old).orLast(5)))) {
				assertThat(back.await(2)).first().isInstanceOf(HubEvent.Reset.class);
			}
		}
	}

	private static String epoch(Position position) {
		return position.toString().substring(0, position.toString().indexOf('-'));
	}

	@Test
	void aServerThatComesBackWithItsDataLosesNothing() {
		try (Heard<HubEvent<String>> heard = Heard.of(second().events(Replay.last(10)))) {
			publish(first(), 0, 3);
			heard.await(3);
			this.nodes.restart(true);
			Awaitility.await().until(() -> !isFailed(first().publish("new")));
			List<HubEvent<String>> events = heard.await(4);
			assertThat(payloads(events)).startsWith("0", "1", "2").endsWith("new");
		}
	}

	@Test
	void aNodeThatTakesThePlaceOfAnotherKnowsItsPositions() {
		Position position = publish(second(), 0, 3).get(1);
		this.nodes.replaceSecond();
		try (Heard<String> heard = Heard.of(second().out(Replay.after(position)))) {
			assertThat(heard.await(1)).containsExactly("2");
		}
	}

	private static List<String> payloads(List<HubEvent<String>> events) {
		return events.stream().map((event) -> ((HubEvent.Message<String>) event).payload()).toList();
	}

	private static HubUnavailableException failure(CompletionStage<Position> stage) {
		ExecutionException failure = assertThatExceptionOfType(ExecutionException.class)
			.isThrownBy(() -> stage.toCompletableFuture().get(30, TimeUnit.SECONDS))
			.actual();
		assertThat(failure.getCause()).isInstanceOf(HubUnavailableException.class);
		return (HubUnavailableException) failure.getCause();
	}

}

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

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.halley.History;
import dev.halley.Hub;
import dev.halley.HubEvent;
import dev.halley.HubResetException;
import dev.halley.Hubs;
import dev.halley.Position;
import dev.halley.Replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What hubs do, whatever carries their messages.
 *
 * @param <N> the two nodes that a test has, which {@link #open()} opens for it
 */
public abstract class HubContract<N extends Nodes> {

	protected static final History HISTORY = History.ofMessages(1000);

	protected final String name = "room." + UUID.randomUUID();

	protected N nodes;

	/** Opens two nodes. */
	protected abstract N open();

	@BeforeEach
	void openNodes() {
		this.nodes = open();
	}

	@AfterEach
	void closeNodes() {
		this.nodes.close();
	}

	protected final Hub<String> hub(Hubs hubs, History history) {
		return hubs.hub(this.name, String.class, history);
	}

	protected final Hub<String> first() {
		return hub(this.nodes.first(), HISTORY);
	}

	protected final Hub<String> second() {
		return hub(this.nodes.second(), HISTORY);
	}

	protected static <T> T get(CompletionStage<T> stage) {
		try {
			return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
		}
		catch (InterruptedException | ExecutionException | TimeoutException ex) {
			throw new AssertionError(ex);
		}
	}

	protected static List<Position> publish(Hub<String> hub, int from, int to) {
		List<CompletionStage<Position>> stages = IntStream.range(from, to)
			.<CompletionStage<Position>>mapToObj((i) -> hub.publish("" + i))
			.toList();
		return stages.stream().map(HubContract::get).toList();
	}

	protected static List<String> numbers(int from, int to) {
		return IntStream.range(from, to).mapToObj(Integer::toString).toList();
	}

	@Test
	void whoSubscribesAndThenPublishesGetsWhatItPublishes() {
		Hub<String> hub = this.nodes.first().hub(this.name, String.class);
		try (Heard<String> heard = Heard.of(hub.out()); Heard<String> some = Heard.of(hub.out((m) -> !m.equals("1")))) {
			publish(hub, 0, 3);
			assertThat(heard.await(3)).containsExactly("0", "1", "2");
			assertThat(some.await(2)).containsExactly("0", "2");
			assertThat(hub.subscribers()).isEqualTo(2);
		}
	}

	@Test
	void allNodesHearTheSameOrder() throws Exception {
		try (Heard<String> one = Heard.of(first().out(Replay.last(10)));
				Heard<String> other = Heard.of(second().out(Replay.last(10)))) {
			get(first().publish("begin"));
			one.await(1);
			other.await(1);
			List<Thread> publishers = new ArrayList<>();
			for (Hub<String> hub : List.of(first(), second(), first(), second())) {
				int thread = publishers.size();
				publishers.add(new Thread(() -> IntStream.range(0, 250).forEach((i) -> hub.publish(thread + "." + i))));
			}
			publishers.forEach(Thread::start);
			for (Thread publisher : publishers) {
				publisher.join(60_000);
			}
			List<String> heard = one.await(1001);
			assertThat(other.await(1001)).isEqualTo(heard).doesNotHaveDuplicates();
			for (int thread = 0; thread < 4; thread++) {
				String prefix = thread + ".";
				assertThat(heard).filteredOn((message) -> message.startsWith(prefix))
					.containsExactlyElementsOf(IntStream.range(0, 250).mapToObj((i) -> prefix + i).toList());
			}
		}
	}

	@Test
	void positionsGrowByOneAndAreTheSameEverywhere() {
		try (Heard<HubEvent<String>> one = Heard.of(first().events(Replay.last(0)))) {
			List<Position> positions = publish(first(), 0, 3);
			assertThat(one.await(3)).containsExactly(new HubEvent.Message<>(positions.get(0), "0"),
					new HubEvent.Message<>(positions.get(1), "1"), new HubEvent.Message<>(positions.get(2), "2"));
			try (Heard<HubEvent<String>> other = Heard.of(second().events(Replay.after(positions.get(0))))) {
				assertThat(other.await(2)).isEqualTo(one.all().subList(1, 3));
			}
		}
	}

	@Test
	void whoComesLaterGetsTheLastMessagesAndThenWhatIsPublished() {
		publish(first(), 0, 5);
		try (Heard<String> heard = Heard.of(second().out(Replay.last(3)))) {
			heard.await(3);
			publish(first(), 5, 7);
			assertThat(heard.await(5)).containsExactly("2", "3", "4", "5", "6");
		}
	}

	@Test
	void whoComesBackGetsWhatCameMeanwhile() {
		List<Position> positions = publish(first(), 0, 5);
		for (Hub<String> hub : List.of(first(), second())) {
			try (Heard<String> heard = Heard.of(hub.out(Replay.after(positions.get(1).toString())));
					Heard<String> all = Heard.of(hub.out(Replay.after((String) null).orLast(4)));
					Heard<String> none = Heard.of(hub.out(Replay.after(positions.get(4))))) {
				assertThat(heard.await(3)).containsExactly("2", "3", "4");
				assertThat(all.await(4)).containsExactly("1", "2", "3", "4");
				assertThat(none.all()).isEmpty();
				assertThat(none.error()).isNull();
			}
		}
	}

	@Test
	void whoComesBackTooLateIsTold() {
		History three = History.ofMessages(3);
		Hub<String> hub = hub(this.nodes.first(), three);
		List<Position> positions = publish(hub, 0, 6);
		Hub<String> other = hub(this.nodes.second(), three);
		try (Heard<HubEvent<String>> told = Heard.of(other.events(Replay.after(positions.get(0)).orLast(2)));
				Heard<String> inPlace = Heard.of(other.out(Replay.after(positions.get(0)), (reset) -> "reset"));
				Heard<String> silent = Heard.of(other.out(Replay.after(positions.get(0)), (reset) -> null));
				Heard<String> exact = Heard.of(other.out(Replay.after(positions.get(2))));
				Heard<String> fails = Heard.of(other.out(Replay.after("nonsense")))) {
			assertThat(told.await(3)).containsExactly(new HubEvent.Reset<>(positions.get(3)),
					new HubEvent.Message<>(positions.get(4), "4"), new HubEvent.Message<>(positions.get(5), "5"));
			assertThat(inPlace.await(1)).containsExactly("reset");
			assertThat(exact.await(3)).containsExactly("3", "4", "5");
			fails.await(1);
			assertThat(fails.error()).isInstanceOf(HubResetException.class);
			publish(hub, 6, 7);
			assertThat(silent.await(1)).containsExactly("6");
			assertThat(inPlace.await(2)).containsExactly("reset", "6");
		}
	}

	@Test
	void aPositionOfAnotherHubIsNotKnown() {
		Position strange = get(this.nodes.first().hub(this.name + ".other", String.class, HISTORY).publish("x"));
		publish(first(), 0, 2);
		try (Heard<HubEvent<String>> told = Heard.of(second().events(Replay.after(strange)))) {
			assertThat(told.await(1)).first().isInstanceOf(HubEvent.Reset.class);
		}
	}

	@Test
	void whatIsPublishedOnceIsPublishedOnceByAllNodesTogether() {
		try (Heard<String> heard = Heard.of(first().out(Replay.last(0)))) {
			Position first = get(first().publishOnce("a", "key"));
			assertThat(get(first().publishOnce("a again", "key"))).isEqualTo(first);
			assertThat(get(second().publishOnce("a elsewhere", "key"))).isEqualTo(first);
			Position second = get(second().publishOnce("b", "other key"));
			assertThat(second).isNotEqualTo(first);
			assertThat(heard.await(2)).containsExactly("a", "b");
			publish(second(), 0, 1);
			assertThat(heard.await(3)).containsExactly("a", "b", "0");
		}
	}

	@Test
	void aKeyThatHasLeftTheHistoryIsFree() {
		Hub<String> hub = hub(this.nodes.first(), History.ofMessages(2));
		Position first = get(hub.publishOnce("a", "key"));
		publish(hub, 0, 2);
		assertThat(get(hub.publishOnce("a", "key"))).isNotEqualTo(first);
		try (Heard<String> heard = Heard.of(hub.out(Replay.last(10)))) {
			assertThat(heard.await(2)).containsExactly("1", "a");
		}
	}

	@Test
	void aHistoryIsBoundedByItsBytes() {
		Hub<String> hub = hub(this.nodes.first(), History.ofBytes(25));
		for (int i = 0; i < 6; i++) {
			get(hub.publish("123456789" + i));
		}
		try (Heard<String> heard = Heard.of(hub(this.nodes.second(), History.ofBytes(25)).out(Replay.last(10)))) {
			assertThat(heard.await(2)).containsExactly("1234567894", "1234567895");
		}
	}

	@Test
	void withoutAHistoryNothingIsReplayed() {
		Hub<String> hub = this.nodes.first().hub(this.name, String.class);
		assertThatIllegalStateException().isThrownBy(() -> hub.out(Replay.last(1)));
		assertThatIllegalStateException().isThrownBy(() -> hub.publishOnce("a", "key"));
	}

	@Test
	void whoJoinsWhileMessagesFlyMissesNothingAndGetsNothingTwice() throws Exception {
		int messages = 10_000;
		History history = History.ofMessages(messages);
		Hub<String> publisher = hub(this.nodes.first(), history);
		Hub<String> joined = hub(this.nodes.second(), history);
		// So that the first ones join among few messages and the last ones among many
		Semaphore chunks = new Semaphore(2);
		CompletableFuture<Void> published = CompletableFuture.runAsync(() -> {
			for (int i = 0; i < messages; i += 200) {
				chunks.acquireUninterruptibly();
				publish(publisher, i, i + 200);
			}
		}, (task) -> new Thread(task).start());
		List<Heard<HubEvent<String>>> all = new ArrayList<>();
		try {
			for (int i = 0; i < 12; i++) {
				Heard<HubEvent<String>> heard = Heard.of(joined.events(Replay.last(50)));
				all.add(heard);
				heard.await(1);
				chunks.release(4);
			}
			get(published);
			for (Heard<HubEvent<String>> heard : all) {
				HubEvent.Message<String> first = (HubEvent.Message<String>) heard.await(1).get(0);
				int from = Integer.parseInt(first.payload());
				assertThat(heard.await(messages - from))
					.extracting((event) -> ((HubEvent.Message<String>) event).payload())
					.isEqualTo(numbers(from, messages));
			}
		}
		finally {
			all.forEach(Heard::close);
		}
	}

	@Test
	void aHubThatIsClosedEndsItsOuts() {
		Hub<String> hub = first();
		try (Heard<String> heard = Heard.of(hub.out()); Heard<String> replayed = Heard.of(hub.out(Replay.last(5)))) {
			publish(hub, 0, 1);
			heard.await(1);
			replayed.await(1);
			hub.close();
			Awaitility.await().until(() -> heard.isCompleted() && replayed.isCompleted());
			assertThat(hub.publish("late")).isCompletedExceptionally();
		}
	}

}

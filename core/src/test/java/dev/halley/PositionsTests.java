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
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.util.context.Context;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The positions that messages of hubs have on a connection whose messages have ids.
 */
@Timeout(60)
class PositionsTests {

	private static final Duration LONG = Duration.ofMillis(200);

	private final Hubs hubs = Hubs.inMemory();

	private final Hub<String> hub = hub("a");

	private Hub<String> hub(String name) {
		return this.hubs.hub(name, String.class, History.ofMessages(10));
	}

	private static String publish(Hub<String> hub, String message) {
		return String.valueOf(hub.publish(message).toCompletableFuture().getNow(null));
	}

	@Test
	void connectionIsToldWhereItBeginsAndWhereEachMessageIs() {
		for (Out<String> out : List.of(this.hub.out(), this.hub.out((message) -> true), this.hub.out(Replay.last(0)))) {
			WireWithIds wire = WireWithIds.open(out);
			assertThat(wire.sent()).containsExactly("start@" + wire.lastId());
			String position = publish(this.hub, "1");
			assertThat(wire.sent()).last().isEqualTo("1@" + position);
			wire.cancel();
		}
	}

	@Test
	void whoBeginsEarlierIsThere() {
		String first = publish(this.hub, "1");
		String second = publish(this.hub, "2");
		assertThat(WireWithIds.open(this.hub.out(Replay.after(first))).sent()).containsExactly("start@" + first,
				"2@" + second);
		assertThat(WireWithIds.open(this.hub.out(Replay.last(1))).sent()).containsExactly("start@" + first,
				"2@" + second);
	}

	@Test
	void withoutSignalsMessagesAloneTell() {
		WireWithIds wire = WireWithIds.withoutSignals(this.hub.out());
		assertThat(wire.sent()).isEmpty();
		assertThat(wire.sent()).doesNotContain("start");
		String position = publish(this.hub, "1");
		assertThat(wire.sent()).containsExactly("1@" + position);
		WireWithIds late = WireWithIds.withoutSignals(this.hub.out(Replay.after("long ago")));
		assertThat(late.error()).isInstanceOf(HubResetException.class);
	}

	@Test
	void hubWithoutHistoryHasNoPlaces() {
		Hub<String> plain = this.hubs.hub("plain", String.class);
		WireWithIds wire = WireWithIds.open(plain.out().map((message) -> message + "!"));
		plain.publish("1");
		assertThat(wire.sent()).containsExactly("1!");
	}

	@Test
	void connectionWithoutIdsGetsNeitherSignalsNorWrappers() {
		StrictSubscriber subscriber = StrictSubscriber.unbounded();
		this.hub.out(Replay.last(1)).map((message) -> message + "!").elements().subscribe(subscriber);
		publish(this.hub, "1");
		assertThat(subscriber.received()).containsExactly("1!");
	}

	@Test
	void mappedAndFilteredMessagesKeepTheirPlaces() {
		WireWithIds wire = WireWithIds.open(this.hub.out()
			.map(Integer::valueOf)
			.filter((number) -> number > 1)
			.map((number) -> "number " + number));
		publish(this.hub, "1");
		String second = publish(this.hub, "2");
		assertThat(wire.sent()).hasSize(2).last().isEqualTo("number 2@" + second);
	}

	@Test
	void sharedMessageStaysTheSharedOne() {
		StrictSubscriber one = WireWithIds.open(this.hub.out());
		StrictSubscriber other = WireWithIds.open(this.hub.out().filter((message) -> true));
		publish(this.hub, "1");
		assertThat(one.received().get(1)).isSameAs(other.received().get(1));
	}

	@Test
	void eventsHavePlacesTooAndAfterTheyWereMapped() {
		String first = publish(this.hub, "1");
		WireWithIds wire = WireWithIds
			.open(this.hub.events(Replay.last(1)).map((event) -> event.getClass().getSimpleName()));
		WireWithIds late = WireWithIds
			.open(this.hub.events(Replay.after("x")).map((event) -> event.getClass().getSimpleName()));
		assertThat(wire.sent()).last().isEqualTo("Message@" + first);
		assertThat(late.sent()).containsExactly("Reset@" + first);
	}

	@Test
	void resetIsASignalThatNoFunctionSees() {
		String first = publish(this.hub, "1");
		WireWithIds late = WireWithIds
			.open(this.hub.out(Replay.after("long ago").orLast(1)).map((message) -> message + "!"));
		assertThat(late.sent()).startsWith("reset@" + late.lastId().replaceFirst("-.*", "-0"))
			.endsWith("1!@" + first)
			.hasSize(2);
	}

	@Test
	void resetIsAFailureForOneWhoAnswersFailures() {
		WireWithIds late = WireWithIds
			.open(this.hub.out(Replay.after("long ago")).onError((ex) -> ex.getClass().getSimpleName()));
		assertThat(late.sent()).containsExactly("HubResetException");
		String first = publish(this.hub, "1");
		WireWithIds again = WireWithIds
			.open(this.hub.out(Replay.after("long ago")).onErrorResume((ex) -> this.hub.out(Replay.last(1))));
		again.awaitCount(2);
		assertThat(again.sent()).last().isEqualTo("1@" + first);
	}

	@Test
	void messageInPlaceOfAResetHasItsPlaceAndNothingPassesIt() {
		String first = publish(this.hub, "1");
		assertThat(WireWithIds.open(this.hub.out(Replay.after("x"), (reset) -> "gap")).sent())
			.containsExactly("gap@" + first);
		WireWithIds silent = WireWithIds
			.open(this.hub.out(Replay.after("x"), (reset) -> null).interleave(hub("b").out()));
		assertThat(silent.lastId()).as("goes on from there").contains(first);
	}

	@Test
	void whatIsBatchedIsWhereTheLastOfItIs() {
		WireWithIds wire = WireWithIds.open(this.hub.out().batched(10, LONG, String::concat));
		wire.awaitCount(1);
		publish(this.hub, "1");
		publish(this.hub, "2");
		String third = publish(this.hub, "3");
		wire.awaitCount(2);
		assertThat(wire.sent()).last().isEqualTo("123@" + third);
	}

	@Test
	void batchOfSeveralHubsIsInAll() {
		Hub<String> other = hub("b");
		WireWithIds wire = WireWithIds.open(this.hub.out().interleave(other.out()).batched(10, LONG, String::concat));
		wire.awaitCount(2);
		String first = publish(this.hub, "1");
		String second = publish(other, "2");
		publish(this.hubs.hub("plain", String.class), "nothing");
		wire.awaitCount(3);
		assertThat(wire.sent()).last().isEqualTo("12@" + composite(first, second));
	}

	@Test
	void resetWithinABatchComesBetween() {
		publish(this.hub, "0");
		WireWithIds wire = WireWithIds.open(
				Out.of("x", "y").andThen(this.hub.out(Replay.after("?").orLast(1))).batched(10, LONG, String::concat));
		wire.awaitCount(3);
		assertThat(wire.texts()).containsExactly("xy", "reset", "0");
	}

	@Test
	void pipelineOfOnesOwnHasNoIds() {
		WireWithIds wire = WireWithIds.open(this.hub.out().through((messages) -> messages));
		publish(this.hub, "1");
		assertThat(wire.sent()).containsExactly("1");
	}

	@Test
	void oneIdIsInSeveralHubsAndEachTakesItsOwn() {
		Hub<String> other = hub("b");
		Out<String> both = this.hub.out().interleave(other.out());
		WireWithIds wire = WireWithIds.open(both);
		String a1 = publish(this.hub, "a1");
		String b1 = publish(other, "b1");
		assertThat(wire.sent()).hasSize(4).last().isEqualTo("b1@" + composite(a1, b1));
		String id = wire.lastId();
		wire.cancel();
		publish(this.hub, "a2");
		publish(other, "b2");
		publish(other, "b3");
		WireWithIds back = WireWithIds.open(this.hub.out(Replay.after(id)).interleave(other.out(Replay.after(id))));
		assertThat(back.texts()).containsExactlyInAnyOrder("a2", "b2", "b3");
	}

	/** The other hub has said nothing yet, or nothing of it has come yet. */
	@Test
	void whoIsCutOffAfterTheFirstMessageHasAPositionInEach() {
		Hub<String> other = hub("b");
		publish(this.hub, "a1");
		WireWithIds first = WireWithIds
			.waiting(this.hub.out(Replay.last(1)).interleave(Out.<String>of().interleave(other.out(Replay.last(1)))));
		first.request(1);
		first.cancel();
		publish(other, "b1");
		WireWithIds back = WireWithIds.open(other.out(Replay.after(first.lastId())));
		assertThat(back.texts()).containsExactly("b1");
		first = WireWithIds.open(this.hub.out(Replay.last(1)).interleave(other.out(Replay.last(1))));
		assertThat(first.sent()).allMatch((sent) -> sent.contains("."));
	}

	/** Until it was told, whoever comes back has to be told again. */
	@Test
	void resetThatWasNotSentYetIsInNoId() {
		Hub<String> other = hub("b");
		String b1 = publish(other, "b1");
		publish(this.hub, "a1");
		Out<String> both = other.out(Replay.after(b1)).interleave(this.hub.out(Replay.after(b1)));
		WireWithIds wire = WireWithIds.waiting(both);
		wire.request(1);
		assertThat(wire.sent()).containsExactly("start@" + b1);
		wire.request(1);
		assertThat(wire.texts()).containsExactly("reset");
		assertThat(wire.lastId()).contains(b1).contains(".");
	}

	@Test
	void whatComesOneAfterTheOtherIsInBoth() {
		Hub<String> other = hub("b");
		String a1 = publish(this.hub, "a1");
		String b1 = publish(other, "b1");
		WireWithIds wire = WireWithIds
			.open(Out.concat(Out.of("welcome"), this.hub.out(Replay.last(1)), other.out(Replay.last(1))));
		assertThat(wire.texts()).containsExactly("welcome", "a1");
		this.hub.close();
		wire.awaitCount(5);
		assertThat(wire.sent()).last().isEqualTo("b1@" + composite(a1, b1));
	}

	@Test
	void nestedOutsGoOn() {
		Hub<String> other = hub("b");
		publish(this.hub, "a1");
		publish(other, "b1");
		Out<String> nested = Out.<String>of()
			.andThen(this.hub.out(Replay.last(1)).map((message) -> message + "!"))
			.interleave(Out.<String>of().interleave(other.out(Replay.last(1)).filter((message) -> true)))
			.map(String::strip);
		WireWithIds wire = WireWithIds.waiting(nested);
		wire.request(10);
		assertThat(wire.texts()).containsExactlyInAnyOrder("a1!", "b1");
	}

	@Test
	void moreHubsThanAPositionHoldsAreReset() {
		List<Hub<String>> many = IntStream.range(0, Position.MOST_HUBS + 1).mapToObj((i) -> hub("hub " + i)).toList();
		WireWithIds wire = WireWithIds.open(merged(many, null));
		many.forEach((hub) -> publish(hub, "1"));
		String id = wire.lastId();
		assertThat(Position.parse(id)).hasToString(id);
		assertThat(id.split("\\.")).hasSize(Position.MOST_HUBS);
		wire.cancel();
		many.forEach((hub) -> publish(hub, "2"));
		List<String> back = WireWithIds.open(merged(many, id)).texts();
		assertThat(back).containsOnlyOnce("reset").hasSize(Position.MOST_HUBS + 1);
	}

	@SuppressWarnings("unchecked")
	private static Out<String> merged(List<Hub<String>> hubs, @Nullable String id) {
		Stream<Out<String>> outs = hubs.stream().map((hub) -> hub.out(Replay.after(id)));
		return Out.<String>of().interleave(outs.toArray(Out[]::new));
	}

	/** A channel that is filled as it starts is not held back by the hubs beside it. */
	@Test
	void otherSourcesDoNotWaitForHubs() {
		Out<String> burst = Out.unicast((channel) -> IntStream.range(0, 1000).forEach((i) -> channel.push("c" + i)));
		StrictSubscriber wire = new StrictSubscriber(Long.MAX_VALUE, null) {

			private final Context context = Context.of(Positions.class, new Positions(true));

			@Override
			public Context currentContext() {
				return this.context;
			}

		};
		burst.interleave(this.hub.out()).elements().subscribe(wire);
		assertThat(wire.error()).isNull();
		assertThat(wire.messages()).hasSize(1001);
	}

	private static String composite(String one, String other) {
		return Position.parse(one).with(Position.parse(other)).toString();
	}

}

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

package dev.halley.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

import dev.halley.Channel;
import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.Overflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for what a pair does under a {@link PairTester}: what it does on a wire.
 */
class PairTesterTests {

	@RegisterExtension
	static final TesterExtension testers = new TesterExtension().failOnUnread();

	private final List<CloseStatus> done = new CopyOnWriteArrayList<>();

	@Test
	void isThePeerOfThePair() {
		InOut<String, String> pair = InOut.<String, String>flow((texts) -> texts.map((text) -> "You say " + text));
		try (PairTester<String, String> tester = PairTester.of(pair)) {
			tester.send("Hello").expect("You say Hello").send("Bye").expectMatch((text) -> text.endsWith("Bye"));
		}
	}

	@Test
	void whatHandlersDoOnTheirThreadIsDoneWhenSendReturns() {
		List<String> handled = new ArrayList<>();
		PairTester.of(InOut.of(In.<String>forEach(handled::add), Out.never())).send("a").send("b");
		assertThat(handled).containsExactly("a", "b");
	}

	@Test
	void twoAreTwoConnections() {
		Hub<String> hub = Hubs.inMemory().hub("room", String.class);
		InOut<String, String> pair = InOut.of(In.forEach(hub::publish), hub.out());
		PairTester<String, String> ada = PairTester.of(pair);
		PairTester<String, String> bob = PairTester.of(pair);
		ada.send("Hello").expect("Hello");
		bob.expect("Hello");
		bob.close();
		bob.expectCancelled();
		assertThat(hub.subscribers()).isOne();
	}

	@Test
	void messagesInAnyOrder() {
		PairTester.of(outs(Out.of(1, 2, 2, 3))).expectInAnyOrder(2, 3, 1, 2).expectNone(Duration.ofSeconds(1));
	}

	@Test
	void theEndOfFileIsACloseAfterAllMessages() {
		PairTester.of(outs(Out.of("Hello!").andThen(Out.eof()))).expect("Hello!").expectClose(CloseStatus.NORMAL);
		assertThat(this.done).containsExactly(CloseStatus.NORMAL);
	}

	@Test
	void aReasonCountsWhereOneIsNamed() {
		CloseStatus full = new CloseStatus(4000, "full");
		PairTester.of(outs(Out.close(full))).expectClose(4000).expectClose(new CloseStatus(4000)).expectClose(full);
		PairTester.of(outs(Out.close(new CloseStatus(4000)))).expectClose(new CloseStatus(4000, ""));
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> PairTester.of(outs(Out.close(full))).expectClose(new CloseStatus(4000, "")))
			.withMessageContaining("but it ended with 4000 \"full\"");
	}

	@Test
	void thePeersCloseReachesThePair() {
		PairTester<String, String> tester = PairTester.of(outs(Out.<String>never()));
		tester.close(new CloseStatus(4001)).expectClose(4001).expectCancelled();
		assertThat(this.done).containsExactly(new CloseStatus(4001));
	}

	@Test
	void whoVanishesIsReportedAs1006() {
		PairTester.of(outs(Out.<String>never())).vanish().expectClose(1006).expectCancelled();
		assertThat(this.done).containsExactly(CloseStatus.NO_CLOSE_FRAME);
	}

	@Test
	void timePassesAsItIsTold() {
		AtomicInteger ticks = new AtomicInteger();
		PairTester<String, Integer> tester = PairTester
			.of(outs(Out.every(Duration.ofHours(1), ticks::incrementAndGet)));
		tester.expect(1).expectNone(Duration.ofMinutes(59)).advance(Duration.ofMinutes(1)).expect(2);
		tester.advance(Duration.ofHours(3)).expect(3).expect(4).expect(5).expectNone(Duration.ZERO);
	}

	@Test
	void testersHaveATimeEach() {
		PairTester<String, String> one = PairTester.of(outs(Out.every(Duration.ofSeconds(1), () -> "one")));
		PairTester<String, String> two = PairTester.of(outs(Out.every(Duration.ofSeconds(1), () -> "two")));
		one.expect("one").advance(Duration.ofSeconds(1)).expect("one");
		two.expect("two").expectNone(Duration.ofMillis(999));
	}

	@Test
	void whatIsBatchedKeepsToTheTime() {
		Sinks.Many<String> source = Sinks.many().unicast().onBackpressureBuffer();
		PairTester<String, String> tester = PairTester
			.of(outs(Out.<String>from(source.asFlux()).batched(10, Duration.ofDays(1), String::concat)));
		source.tryEmitNext("a").orThrow();
		source.tryEmitNext("b").orThrow();
		tester.expectNone(Duration.ofHours(23)).advance(Duration.ofHours(1)).expect("ab");
	}

	@Test
	void operatorsMayUseTheTime() {
		Flux<String> late = Flux.deferContextual(
				(context) -> Mono.just("late").delayElement(Duration.ofDays(1), context.get(Scheduler.class)));
		PairTester.of(outs(Out.from(late))).expectNone(Duration.ofHours(1)).advance(Duration.ofDays(1)).expect("late");
	}

	@Test
	void reactorsOwnTimersRunInRealTime() {
		Flux<String> late = Mono.just("late").delayElement(Duration.ofMillis(100)).flux();
		PairTester.of(outs(Out.from(late))).expect("late");
	}

	@Test
	void sourcesWithThreadsOfTheirOwnAreWaitedFor() {
		AtomicInteger count = new AtomicInteger();
		PairTester<String, Integer> tester = PairTester.of(outs(Out
			.generate(() -> (count.get() < 2) ? Optional.of(count.incrementAndGet()) : Optional.<Integer>empty())));
		tester.expect(1).expect(2).expectNone(Duration.ofSeconds(1));
	}

	@Test
	void silentPeersArePingedAndThenDropped() {
		PairTester<String, String> tester = PairTester.of(outs(Out.<String>never()));
		tester.advance(Duration.ofMinutes(4));
		assertThat(tester.transcript()).contains("a heartbeat");
		assertThat(tester.isOpen()).isTrue();
		tester.stall().advance(Duration.ofSeconds(45)).expectClose(1006);
	}

	@Test
	void whoReadsNothingMeetsTheOverflow() {
		Sinks.Many<Channel<String>> channels = Sinks.many().replay().all();
		PairTester<String, String> tester = PairTester
			.of(outs(Out.unicast((channel) -> channels.tryEmitNext(channel).orThrow())));
		tester.stall();
		Channel<String> channel = channels.asFlux().blockFirst(Duration.ofSeconds(30));
		for (int i = 0; i < 10_000 && channel.push("more"); i++) {
			assertThat(tester.isOpen()).isTrue();
		}
		assertThat(channel.push("more")).isFalse();
		tester.expectClose(CloseStatus.SERVICE_OVERLOAD).expectCancelled();
		assertThat(this.done).extracting(CloseStatus::getCode).containsExactly(1013);
	}

	@Test
	void onlyTheLatestWaits() {
		List<Channel<Integer>> channels = new CopyOnWriteArrayList<>();
		PairTester<String, Integer> tester = PairTester.builder(outs(Out.<Integer>unicast(channels::add)))
			.settings((settings) -> settings.withOverflow(Overflow.LATEST))
			.open();
		tester.stall();
		for (int i = 1; i <= 100; i++) {
			channels.get(0).push(i);
		}
		tester.request(1).expect(1).request(1).expect(100).expectNone(Duration.ofSeconds(1));
	}

	@Test
	void demandReachesTheSource() {
		AtomicLong emitted = new AtomicLong();
		Flux<Integer> endless = Flux.range(1, Integer.MAX_VALUE).doOnNext((number) -> emitted.incrementAndGet());
		Sinks.One<Boolean> start = Sinks.one();
		PairTester<String, Integer> tester = PairTester.of(outs(Out.<Integer>from(start.asMono().thenMany(endless))));
		tester.request(3);
		start.tryEmitValue(true);
		tester.expect(1).expect(2).expect(3).expectNone(Duration.ofSeconds(1));
		assertThat(emitted).hasValueLessThan(300);
		tester.request(1).expect(4);
	}

	@Test
	void anAsynchronousHandlerHoldsTheNextMessage() {
		List<String> handled = new CopyOnWriteArrayList<>();
		Sinks.Empty<Void> first = Sinks.empty();
		PairTester<String, String> tester = PairTester.of(InOut.of(In.forEachAsync((String text) -> {
			handled.add(text);
			return text.equals("first") ? first.asMono() : Mono.empty();
		}), Out.never()));
		tester.send("first").send("second");
		assertThat(handled).containsExactly("first");
		first.tryEmitEmpty().orThrow();
		tester.expectEventually(() -> assertThat(handled).containsExactly("first", "second"));
	}

	@Test
	void aCloseThatWasAnsweredCannotBeLeftUnanswered() {
		PairTester<String, String> tester = PairTester.of(outs(Out.<String>eof())).expectClose(1000);
		assertThatIllegalStateException().isThrownBy(tester::neverAnswerClose)
			.withMessageContaining("answered already");
	}

	@Test
	void whoDoesNotAnswerACloseIsDropped() {
		Sinks.One<String> end = Sinks.one();
		PairTester<String, String> tester = PairTester.of(outs(Out.<String>from(end.asMono()).andThen(Out.eof())));
		tester.neverAnswerClose();
		end.tryEmitValue("Bye");
		tester.expect("Bye").expectClose(1000).neverAnswerClose();
		assertThat(this.done).isEmpty();
		tester.advance(Duration.ofSeconds(4)).expectEventually(() -> assertThat(this.done).hasSize(1));
	}

	@Test
	void whoNeverAnswersACloseIsGoneOnceTheTestIs() {
		PairTester<String, String> tester = PairTester.of(outs(Out.<String>eof().andThen(Out.never())))
			.expectClose(1000);
		tester.close();
		assertThat(this.done).hasSize(1);
		Sinks.One<String> end = Sinks.one();
		tester = PairTester.of(outs(Out.<String>from(end.asMono()).andThen(Out.eof()))).neverAnswerClose();
		end.tryEmitValue("Bye");
		tester.expect("Bye").close();
		assertThat(this.done).hasSize(2);
	}

	@Test
	void aStreamEndsWithItsOut() {
		PairTester.ofStream(Out.of("a", "b")).expect("a").expect("b").expectClose(1000);
		PairTester.ofStream(Out.<String>never()).vanish().expectCancelled();
	}

	@Test
	void messagesOfGivenTypesGoThroughTheirCodecs() {
		PairTester<Say, Said> tester = PairTester.of(InOut.of(In.<Say>ignore(), Out.of(new Said("Ada", "Hello"))),
				Say.class, Said.class);
		tester.expect(new Said("Ada", "Hello"));
		assertThat(PairTester
			.of(InOut.<Say, Said>flow((says) -> says.map((say) -> new Said("Bob", say.text()))), Say.class, Said.class)
			.sendText("{\"text\":\"Hi\"}")
			.next()).isEqualTo(new Said("Bob", "Hi"));
	}

	@Test
	void whatCannotBeReadCloses() {
		InOut<Say, Said> pair = InOut.of(In.forEach((say) -> this.done.add(CloseStatus.NORMAL)), Out.never());
		PairTester.of(pair, Say.class, Said.class).sendText("no JSON").expectClose(1003);
		PairTester.of(pair, Say.class, Said.class).sendBinary(new byte[1]).expectClose(1003);
		assertThat(this.done).isEmpty();
	}

	/** A pair that takes strings, and tells how it ended. */
	private <O> InOut<String, O> outs(Out<O> out) {
		return InOut.of(In.<String>forEach((text) -> {
		}).whenDone(this.done::add), out);
	}

	record Say(String text) {
	}

	record Said(String from, String text) {
	}

}

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
import java.util.Random;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Sources that outlive the connection that asked for them, of several nodes, whatever
 * carries their messages. What happens at random is repeated with
 * {@code -Dhubs.seed=SEED}; {@code -Dhubs.runs} sets how many runs there are.
 */
public abstract class RecordedContract extends RecordedSharing {

	private static final int STEPS = 40;

	@Test
	void whatANodeThatIsLostHasLeftIsForgottenByOthers() {
		openNodes(TestHubs.LEASE);
		Recording shortly = Recording.keptFor(Duration.ofSeconds(1));
		StrictSubscriber one = read(second(shortly).out());
		source(0).emit("a");
		source(0).complete();
		awaitCompletion(one, "a");
		this.nodes.replaceSecond();
		await().until(() -> this.nodes.first().recorded(this.name, String.class).isEmpty());
		StrictSubscriber again = read(first(shortly).out());
		source(1).emit("b");
		awaitMessages(again, "b");
	}

	@Test
	void stopDoesNothingToTheNextRunOfWhatNobodyHasForgotten() {
		openNodes(LONG);
		Recording shortly = Recording.keptFor(Duration.ofSeconds(2));
		read(second(shortly).out());
		TestSource source = source(0);
		StrictSubscriber one = read(first(shortly).out());
		source.emit("a");
		awaitMessages(one, "a");
		source.complete();
		awaitCompletion(one, "a");
		this.nodes.replaceSecond();
		awaitTime(shortly.keep().plusMillis(500));
		first(shortly).stop();
		StrictSubscriber again = read(first(shortly).out());
		source(1).emit("b");
		awaitMessages(again, "b");
		source(1).emit("c");
		awaitMessages(again, "b", "c");
		assertThat(source(1).isCancelled()).isFalse();
	}

	@Test
	void readersOfANodeThatIsLostGetWhatThereIsAndAFailure() {
		openNodes(TestHubs.LEASE);
		Recording shortly = Recording.keptFor(Duration.ofSeconds(2));
		read(second(shortly).out());
		source(0).emit("a", "b");
		StrictSubscriber reader = read(first(shortly).out());
		awaitMessages(reader, "a", "b");
		this.nodes.replaceSecond();
		awaitLoss(reader, "a", "b");
		await().until(() -> this.nodes.first().recorded(this.name, String.class).isEmpty());
		StrictSubscriber again = read(second(shortly).out());
		source(1).emit("c");
		awaitMessages(again, "c");
	}

	@Test
	void whoComesAfterTheNodeIsLostGetsWhatThereIsAndAFailure() {
		openNodes(TestHubs.LEASE);
		StrictSubscriber there = read(second().out());
		source(0).emit("a", "b");
		awaitMessages(there, "a", "b");
		this.nodes.replaceSecond();
		awaitLoss(read(first().out()), "a", "b");
		awaitLoss(read(second().out()), "a", "b");
		assertThat(begun()).isOne();
	}

	@Test
	void anOutageOfTheNodeWithTheSourceLosesNothing() {
		openNodes(LONG);
		StrictSubscriber there = read(second().out());
		source(0).emit("a");
		StrictSubscriber reader = read(first().out());
		awaitMessages(reader, "a");
		this.nodes.cut();
		source(0).emit("b", "c");
		this.nodes.heal();
		awaitMessages(reader, "a", "b", "c");
		this.nodes.cut();
		IntStream.range(0, 200).forEach((i) -> source(0).emit("m" + i));
		source(0).complete();
		this.nodes.heal();
		await().until(reader::isTerminated);
		await().until(there::isTerminated);
		assertThat(reader.messages()).hasSize(203).isEqualTo(there.messages());
		assertThat(reader.isCompleted()).isTrue();
	}

	@Test
	void anOutageOfTheNodeOfAReaderLosesNothing() {
		openNodes(LONG);
		read(first().out());
		source(0).emit("a");
		StrictSubscriber reader = read(second().out());
		awaitMessages(reader, "a");
		this.nodes.cut();
		source(0).emit("b", "c");
		source(0).complete();
		StrictSubscriber late = read(second().out());
		assertThat(reader.isTerminated()).isFalse();
		this.nodes.heal();
		awaitCompletion(reader, "a", "b", "c");
		awaitCompletion(late, "a", "b", "c");
	}

	@Test
	void readersOfANodeThatWasCutOffForLongKeepTheSource() {
		openNodes(TestHubs.LEASE);
		Recording recording = Recording.keptFor(KEEP).withAbandonAfter(Duration.ofSeconds(8));
		Both both = readOnBoth(recording);
		both.one().cancel();
		this.nodes.cut();
		awaitTime(TestHubs.LEASE.plusSeconds(1));
		this.nodes.heal();
		awaitTime(Duration.ofSeconds(9));
		assertThat(both.source().isCancelled()).as("somebody reads on the other node").isFalse();
		both.source().emit("b");
		awaitMessages(both.other(), "a", "b");
		both.other().cancel();
		both.source().awaitCancelled();
	}

	@Test
	void thatTheLastReaderHasLeftIsToldAfterAnOutage() {
		openNodes(LONG);
		Recording recording = Recording.keptFor(KEEP).withAbandonAfter(Duration.ofSeconds(2));
		Both both = readOnBoth(recording);
		awaitTime(Duration.ofSeconds(2));
		both.one().cancel();
		this.nodes.cut();
		both.other().cancel();
		awaitTime(TestHubs.TIMES.linger().plusSeconds(2));
		assertThat(both.source().isCancelled()).as("nobody knows that nobody reads").isFalse();
		this.nodes.heal();
		both.source().awaitCancelled();
	}

	@Test
	void whoReadsTheEndAfterAnOutageGetsItThoughNothingIsKept() {
		openNodes(LONG);
		Recording notKept = Recording.keptFor(Duration.ZERO);
		StrictSubscriber one = read(first(notKept).out());
		source(0).emit("a");
		StrictSubscriber other = read(second(notKept).out());
		awaitMessages(other, "a");
		this.nodes.cut();
		source(0).emit("b");
		source(0).complete();
		awaitCompletion(one, "a", "b");
		awaitTime(Duration.ofSeconds(1));
		this.nodes.heal();
		awaitCompletion(other, "a", "b");
		StrictSubscriber again = read(second(notKept).out());
		source(1).emit("c");
		awaitMessages(again, "c");
	}

	@Test
	void whoComesWhileTheBrokerIsNotThereWaits() {
		openNodes(LONG);
		this.nodes.cut();
		StrictSubscriber reader = read(second().out());
		StrictSubscriber one = read(first().out());
		source(0).emit("a");
		awaitMessages(one, "a");
		assertThat(reader.count()).isZero();
		this.nodes.heal();
		awaitMessages(reader, "a");
		assertThat(begun()).isOne();
	}

	@Test
	void answersThatAreLostDoubleNothing() {
		openNodes(LONG);
		StrictSubscriber there = read(second().out());
		source(0).emit("a");
		StrictSubscriber reader = read(first().out());
		awaitMessages(reader, "a");
		this.nodes.loseAnswers();
		source(0).emit("b", "c");
		source(0).complete();
		this.nodes.heal();
		awaitCompletion(reader, "a", "b", "c");
		awaitCompletion(there, "a", "b", "c");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aServerThatComesBackWithItsDataOrWithoutHasAll(boolean withData) {
		openNodes(LONG);
		StrictSubscriber one = read(first().out());
		source(0).emit("a", "b");
		StrictSubscriber other = read(second().out());
		awaitMessages(other, "a", "b");
		this.nodes.restart(withData);
		source(0).emit("c");
		awaitMessages(other, "a", "b", "c");
		awaitMessages(read(second().out()), "a", "b", "c");
		awaitMessages(one, "a", "b", "c");
		this.nodes.restart(withData);
		source(0).complete();
		awaitCompletion(one, "a", "b", "c");
		awaitCompletion(other, "a", "b", "c");
		awaitCompletion(read(second().out()), "a", "b", "c");
		assertThat(begun()).isOne();
	}

	@Test
	void whoComesAfterTheServerHasLostAllGetsAll() {
		openNodes(LONG);
		StrictSubscriber one = read(first().out());
		source(0).emit("a", "b");
		awaitMessages(one, "a", "b");
		this.nodes.restart(false);
		this.nodes.replaceSecond();
		source(0).emit("c");
		awaitMessages(one, "a", "b", "c");
		awaitMessages(read(second().out()), "a", "b", "c");
		assertThat(begun()).isOne();
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void allReadersGetAllOrAreTold(long seed) {
		RecordedPlay play = new RecordedPlay(this, new Random(seed));
		openNodes(play.deadly ? TestHubs.LEASE : LONG);
		for (int step = 0; step < STEPS; step++) {
			play.step();
		}
		play.heal();
		play.read(this.nodes.first());
		play.read(this.nodes.second());
		Awaitility.await("seed " + seed)
			.atMost(Duration.ofSeconds(60))
			.pollInterval(Duration.ofMillis(20))
			.untilAsserted(() -> {
				play.completeAll();
				assertThat(play.reads).allMatch((read) -> read.reader.isTerminated());
			});
		play.reads.forEach((read) -> play.check(read, seed));
		assertThat(play.doubled).as("seed " + seed + ": begun while another one ran").isFalse();
	}

}

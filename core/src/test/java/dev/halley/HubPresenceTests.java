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
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;
import reactor.util.context.Context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Who is present in a hub, and what those are told who want to know.
 */
@Timeout(60)
class HubPresenceTests {

	private static final Duration GRACE = Duration.ofSeconds(15);

	private final HubTime time = new HubTime();

	private final InMemoryHubs hubs = this.time.hubs(GRACE);

	private final Hub<String> hub = this.hubs.hub("room", String.class);

	private Tab join(String member, Object data) {
		return join(member, data, this.hub.out());
	}

	private Tab join(String member, Object data, Out<?> out) {
		Tab tab = new Tab();
		this.hub.join(member, data, out).elements().subscribe(tab);
		return tab;
	}

	private void pass(long millis) {
		this.time.pass(Duration.ofMillis(millis));
	}

	@Test
	void membersArePresentWhileTheirConnectionsRun() {
		PresenceLog reader = PresenceLog.of(this.hub);
		Out<String> ann = this.hub.join("ann", 1);
		assertThat(this.hub.members()).as("nothing runs yet").isEmpty();
		Tab tab = new Tab();
		ann.elements().subscribe(tab);
		assertThat(this.hub.members()).isEqualTo(Map.of("ann", 1));
		assertThat(reader.take()).containsExactly("present {}", "joined {ann=1}");
		this.hub.publish("hello");
		assertThat(tab.messages()).containsExactly("hello");
		pass(100);
		tab.close();
		assertThat(reader.take()).containsExactly("left [ann]");
		assertThat(this.hub.members()).isEmpty();
		assertThat(this.hub.subscribers()).isZero();
	}

	@Test
	void whoReadsLaterBeginsWithAllWhoAreThere() {
		join("ann", 1);
		pass(100);
		join("bob", 2);
		assertThat(PresenceLog.of(this.hub).take()).containsExactly("present {ann=1, bob=2}");
	}

	@Test
	void severalConnectionsAreOneMember() {
		PresenceLog reader = PresenceLog.of(this.hub);
		Tab first = join("ann", 1);
		Tab second = join("ann", 1);
		pass(100);
		first.close();
		pass(100);
		assertThat(reader.take()).containsExactly("present {}", "joined {ann=1}");
		second.close();
		assertThat(reader.take()).containsExactly("left [ann]");
	}

	@Test
	void whoLosesItsLastConnectionLeavesAfterTheGrace() {
		PresenceLog reader = PresenceLog.of(this.hub);
		Tab tab = join("ann", 1);
		tab.vanish();
		pass(14_999);
		assertThat(reader.take()).containsExactly("present {}", "joined {ann=1}");
		assertThat(this.hub.members()).containsKey("ann");
		pass(1);
		assertThat(reader.take()).containsExactly("left [ann]");
	}

	@Test
	void whoComesBackWithinTheGraceHasNeverLeft() {
		PresenceLog reader = PresenceLog.of(this.hub);
		join("ann", List.of("data")).vanish();
		pass(10_000);
		Tab back = join("ann", List.of("data"));
		pass(60_000);
		assertThat(reader.take()).containsExactly("present {}", "joined {ann=[data]}");
		back.close();
		assertThat(reader.take()).containsExactly("left [ann]");
	}

	@Test
	void whoWasLostAndThenCloseElsewhereHasTheGraceOfTheLostOne() {
		PresenceLog reader = PresenceLog.of(this.hub);
		Tab lost = join("ann", 1);
		Tab closed = join("ann", 1);
		lost.vanish();
		pass(10_000);
		closed.close();
		pass(4_999);
		assertThat(reader.take()).containsExactly("present {}", "joined {ann=1}");
		pass(1);
		assertThat(reader.take()).containsExactly("left [ann]");
	}

	@Test
	void theGraceCountsFromTheLastLoss() {
		Tab first = join("ann", 1);
		Tab second = join("ann", 1);
		first.vanish();
		pass(10_000);
		second.vanish();
		pass(14_999);
		assertThat(this.hub.members()).containsKey("ann");
		pass(1);
		assertThat(this.hub.members()).isEmpty();
	}

	@Test
	void withoutAGraceAllLeaveAtOnce() {
		Hub<String> hub = this.time.hubs(Duration.ZERO).hub("room", String.class);
		PresenceLog reader = PresenceLog.of(hub);
		Tab tab = new Tab();
		hub.join("ann", 1).elements().subscribe(tab);
		pass(100);
		tab.vanish();
		assertThat(reader.take()).containsExactly("present {}", "joined {ann=1}", "left [ann]");
	}

	@Test
	void dataCanBeChanged() {
		PresenceLog reader = PresenceLog.of(this.hub);
		join("ann", "here");
		pass(100);
		assertThat(this.hub.update("ann", "away")).isTrue();
		pass(100);
		assertThat(this.hub.update("ann", new String("away"))).as("equal").isTrue();
		pass(100);
		assertThat(this.hub.update("bob", "away")).isFalse();
		pass(100);
		join("ann", "in a second tab");
		assertThat(reader.take()).containsExactly("present {}", "joined {ann=here}", "changed {ann=away}",
				"changed {ann=in a second tab}");
		assertThat(this.hub.members()).isEqualTo(Map.of("ann", "in a second tab"));
	}

	@Test
	void dataThatIsChangedAndChangedBackIsNotMentioned() {
		PresenceLog reader = PresenceLog.of(this.hub);
		join("ann", List.of("here"));
		this.hub.update("ann", List.of("away"));
		this.hub.update("ann", List.of("here"));
		pass(1000);
		assertThat(reader.take()).containsExactly("present {}", "joined {ann=[here]}");
	}

	@Test
	void changesAreToldOnceInAHundredMilliseconds() {
		PresenceLog reader = PresenceLog.of(this.hub);
		Tab ann = join("ann", 1);
		assertThat(reader.take()).containsExactly("present {}", "joined {ann=1}");
		join("bob", 1);
		join("cid", 1);
		join("dan", 1).close();
		ann.close();
		pass(99);
		assertThat(reader.take()).isEmpty();
		pass(1);
		assertThat(reader.take()).containsExactly("left [ann]", "joined {bob=1, cid=1}");
		this.hub.update("bob", 2);
		pass(99);
		assertThat(reader.take()).isEmpty();
		pass(1);
		assertThat(reader.take()).containsExactly("changed {bob=2}");
		pass(100);
		join("eve", 1);
		assertThat(reader.take()).as("at once after a pause").containsExactly("joined {eve=1}");
	}

	@Test
	void aSnapshotIsWhatAllWereTold() {
		join("ann", 1);
		join("bob", 1);
		PresenceLog reader = PresenceLog.of(this.hub);
		assertThat(reader.take()).containsExactly("present {ann=1}");
		assertThat(this.hub.members()).containsOnlyKeys("ann");
		pass(100);
		assertThat(reader.take()).containsExactly("joined {bob=1}");
		assertThat(this.hub.members()).containsOnlyKeys("ann", "bob");
	}

	@Test
	void veryManyChangesAreANewSnapshot() {
		PresenceLog reader = PresenceLog.of(this.hub);
		join("first", 1);
		List<Tab> tabs = IntStream.range(0, 101).mapToObj((i) -> join("m" + i, 1)).toList();
		pass(100);
		assertThat(reader.events()).hasSize(3).last().isInstanceOf(HubEvent.Presence.class);
		assertThat(reader.members).hasSize(102);
		tabs.stream().limit(100).forEach(Tab::close);
		pass(100);
		assertThat(reader.events()).hasSize(4).last().isInstanceOf(HubEvent.Left.class);
		assertThat(reader.members).hasSize(2);
	}

	@Test
	void manyChangesOfManyMoreAreChanges() {
		PresenceLog reader = PresenceLog.of(this.hub);
		IntStream.range(0, 500).forEach((i) -> join("m" + i, 1));
		pass(100);
		IntStream.range(0, 150).forEach((i) -> this.hub.update("m" + i, 2));
		pass(100);
		assertThat(reader.events()).last().isInstanceOf(HubEvent.Changed.class);
	}

	@Test
	void whoIsTooSlowForTheChangesGetsASnapshotWhenItCan() {
		SendBuffer small = new SendBuffer(1, 1, Overflow.CLOSE, null);
		PresenceLog slow = PresenceLog.of(this.hub, StrictSubscriber.waiting(small));
		slow.subscriber.request(1);
		for (int i = 0; i < PresenceReader.MOST_EVENTS; i++) {
			join("m" + i, 1);
			pass(100);
		}
		slow.subscriber.request(2);
		assertThat(slow.take()).containsExactly("present {}", "joined {m0=1}", "joined {m1=1}");
		for (int i = 0; i < 3; i++) {
			join("n" + i, 1);
			pass(100);
		}
		assertThat(slow.subscriber.isTerminated()).isFalse();
		slow.subscriber.request(100);
		assertThat(slow.read().events()).hasSize(4).last().isInstanceOf(HubEvent.Presence.class);
		assertThat(slow.members).isEqualTo(this.hub.members());
		pass(100);
		join("last", 1);
		assertThat(slow.take()).containsExactly("joined {last=1}");
	}

	@Test
	void eventsAreSharedByAllReaders() {
		PresenceLog one = PresenceLog.of(this.hub);
		PresenceLog other = PresenceLog.of(this.hub);
		join("ann", 1);
		for (int i = 0; i < 2; i++) {
			assertThat(one.subscriber.received().get(i)).isInstanceOf(SharedMessage.class)
				.isSameAs(other.subscriber.received().get(i));
		}
	}

	@Test
	void aClosedHubEndsPresence() {
		PresenceLog reader = PresenceLog.of(this.hub);
		PresenceLog slow = PresenceLog.of(this.hub, StrictSubscriber.waiting());
		Tab tab = join("ann", 1);
		join("bob", 1).vanish();
		slow.subscriber.request(1);
		pass(100);
		this.hub.close();
		assertThat(this.hub.members()).isEmpty();
		assertThat(this.hub.update("ann", 2)).isFalse();
		assertThat(reader.take()).containsExactly("present {}", "joined {ann=1}", "joined {bob=1}");
		assertThat(reader.subscriber.isCompleted()).isTrue();
		assertThat(tab.isCompleted()).isTrue();
		assertThat(slow.subscriber.isTerminated()).isFalse();
		slow.subscriber.request(10);
		assertThat(slow.take()).containsExactly("present {ann=1}", "joined {bob=1}");
		assertThat(slow.subscriber.isCompleted()).isTrue();
		join("cid", 1);
		assertThat(this.hub.members()).isEmpty();
		PresenceLog late = PresenceLog.of(this.hub);
		assertThat(late.take()).isEmpty();
		assertThat(late.subscriber.isCompleted()).isTrue();
		pass(60_000);
		long scheduled = this.time.scheduled();
		pass(60_000);
		assertThat(this.time.scheduled()).isEqualTo(scheduled);
	}

	@Test
	void aHubThatWasClosedBeforeAnybodyWasPresentHasNobody() {
		this.hub.close();
		join("ann", 1);
		PresenceLog late = PresenceLog.of(this.hub);
		assertThat(late.take()).isEmpty();
		assertThat(late.subscriber.isCompleted()).isTrue();
		assertThat(this.hub.members()).isEmpty();
	}

	@Test
	void anyOutMakesPresentWhileItRuns() {
		PresenceLog reader = PresenceLog.of(this.hub);
		Tab tab = join("ann", 1, Out.of("a", "b"));
		assertThat(tab.messages()).containsExactly("a", "b");
		assertThat(tab.isCompleted()).isTrue();
		pass(14_999);
		assertThat(reader.take()).as("the end of an out is none that is meant").hasSize(2);
		pass(1);
		assertThat(reader.take()).containsExactly("left [ann]");
		join("bob", 1, Out.from(Flux.error(new IllegalStateException("on purpose"))));
		pass(100);
		assertThat(reader.take()).containsExactly("joined {bob=1}");
		pass(15_000);
		assertThat(reader.take()).containsExactly("left [bob]");
	}

	@Test
	void theApplicationsEndIsMeant() {
		PresenceLog reader = PresenceLog.of(this.hub);
		Tab tab = new Tab();
		tab.onNext = (element) -> tab.intended.set(element instanceof CloseStatus);
		this.hub.join("ann", 1, Out.of("last").andThen(Out.eof())).elements().subscribe(tab);
		pass(100);
		assertThat(reader.take()).containsExactly("present {}", "joined {ann=1}", "left [ann]");
	}

	@Test
	void mappersOfAJoinedOutRunBeforeTheSendBuffer() {
		StrictSubscriber slow = StrictSubscriber.waiting(new SendBuffer(1, 100, Overflow.CLOSE, null));
		this.hub.join("ann", 1).filter((text) -> text.startsWith("a")).elements().subscribe(slow);
		IntStream.range(0, 100).forEach((i) -> this.hub.publish("b"));
		this.hub.publish("a");
		slow.request(1);
		assertThat(slow.messages()).containsExactly("a");
	}

	@Test
	void dataThatCannotBeComparedFailsItsOwnConnection() {
		Object broken = new Object() {
			@Override
			public boolean equals(Object other) {
				throw new IllegalStateException("on purpose");
			}

			@Override
			public int hashCode() {
				return 0;
			}
		};
		Tab first = join("ann", broken);
		Tab second = join("ann", broken);
		assertThat(second.error()).hasMessage("on purpose");
		assertThat(this.hub.subscribers()).isOne();
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> this.hub.update("ann", 1));
		first.close();
		pass(100);
		assertThat(this.hub.members()).isEmpty();
	}

	@Test
	void readersAreToldThoughNoOtherThreadCanBeHad() {
		Hub<String> hub = this.time.hubs(GRACE, (task) -> {
			throw new RejectedExecutionException("none");
		}).hub("room", String.class);
		PresenceLog reader = PresenceLog.of(hub);
		hub.join("ann", 1).elements().subscribe(new Tab());
		assertThat(reader.take()).containsExactly("present {}", "joined {ann=1}");
	}

	@Test
	void nothingIsScheduledWhereNobodyIsPresent() {
		this.hub.out().elements().subscribe(new Tab());
		this.hub.publish("a");
		assertThat(this.hub.members()).isEmpty();
		assertThat(this.time.scheduled()).isZero();
	}

	@Test
	void namesAndDataAreRequired() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.hub.join("", 1))
			.withMessage("'member' must not be empty");
		assertThatIllegalArgumentException().isThrownBy(() -> this.hub.join("ann", null))
			.withMessage("'data' must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> this.hub.update("ann", null))
			.withMessage("'data' must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> this.time.hubs(Duration.ofNanos(-1)))
			.withMessageStartingWith("presenceGrace: PT-0.000000001S (expected: >= 0");
	}

	@Test
	void whatIsToldCannotBeChanged() {
		join("ann", 1);
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> this.hub.members().remove("ann"));
		Map<String, Object> before = this.hub.members();
		pass(100);
		join("bob", 1);
		assertThat(before).containsOnlyKeys("ann");
	}

	/** A connection that is closed on purpose or lost. */
	static final class Tab extends StrictSubscriber {

		final AtomicBoolean intended = new AtomicBoolean();

		Tab() {
			super(Long.MAX_VALUE, null);
		}

		@Override
		public Context currentContext() {
			ConnectionEnd end = this.intended::get;
			return Context.of(ConnectionEnd.class, end);
		}

		void close() {
			this.intended.set(true);
			cancel();
		}

		void vanish() {
			cancel();
		}

		void end(boolean intended) {
			if (intended) {
				close();
			}
			else {
				vanish();
			}
		}

	}

}

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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

import dev.halley.Hub;
import dev.halley.HubEvent;
import dev.halley.HubUnavailableException;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Position;
import dev.halley.Replay;
import dev.halley.test.MemberChange.Kind;

/**
 * One who is subscribed to a hub, in the vocabulary of {@link Peer}: for code that
 * publishes, and for what hubs do.
 *
 * <pre class="code">
 * HubTester&lt;Said&gt; room = HubTester.of(hubs.hub("room", Said.class));
 * service.say("Ada", "Hello");
 * room.expect(new Said("Ada", "Hello"));
 * </pre>
 *
 * Whatever fails has the transcript of what was published by the tester, what came, and
 * who joined and left. Every wait has an end, as those of peers have; time is real. For
 * one thread, the test's. A {@link TesterExtension}, or a Spring test, closes it.
 *
 * @param <T> the type of the hub's messages
 * @since 0.1
 * @see FakeHubBroker
 */
public final class HubTester<T> implements AutoCloseable {

	private final Hub<T> hub;

	private final Transcript transcript;

	private final PairTester<Void, Object> heard;

	private final HubPublisher<T> publisher;

	private final MemberExpectations members;

	/** Of all that has come, for one that begins in the history. */
	private final List<Position> positions = new CopyOnWriteArrayList<>();

	private int taken;

	HubTester(Hub<T> hub, @Nullable Replay replay, Duration timeout) {
		this.hub = hub;
		long start = System.nanoTime();
		this.transcript = new Transcript("hub " + hub.name(), () -> System.nanoTime() - start);
		HubReading reading = new HubReading(this.transcript, timeout);
		this.heard = reading
			.open((replay != null) ? hub.events(replay).map(this::placed) : hub.out().map((message) -> message));
		this.publisher = new HubPublisher<>(hub, this.transcript, this.heard);
		this.members = new MemberExpectations(hub, reading);
	}

	/**
	 * Subscribes to what is published from now on. Over a broker, what other processes
	 * publish comes from a moment later on, when the subscription is in place.
	 * @param hub the hub
	 * @param <T> the type of its messages
	 * @return a subscriber
	 */
	public static <T> HubTester<T> of(Hub<T> hub) {
		Assert.notNull(hub, "'hub' must not be null");
		return new HubTester<>(hub, null, Timeouts.standard());
	}

	/**
	 * Subscribes, and begins in the history.
	 * @param hub the hub, which keeps one
	 * @param replay where to begin
	 * @param <T> the type of its messages
	 * @return a subscriber, who knows the {@link #position()} of what it got, and is told
	 * of a reset
	 * @throws IllegalStateException if the hub keeps no history
	 */
	public static <T> HubTester<T> of(Hub<T> hub, Replay replay) {
		Assert.notNull(hub, "'hub' must not be null");
		Assert.notNull(replay, "'replay' must not be null");
		return new HubTester<>(hub, replay, Timeouts.standard());
	}

	private Object placed(HubEvent<T> event) {
		this.positions.add(event.position());
		return (event instanceof HubEvent.Message<T> message) ? message.payload() : event;
	}

	/**
	 * Publishes a message, and waits for its place.
	 * @param message the message
	 * @return the position of the message
	 * @throws AssertionError if the hub has not published it; see
	 * {@link #expectUnavailable}
	 */
	public Position publish(T message) {
		return this.publisher.publish(message);
	}

	/**
	 * Publishes a message once, and waits for its place.
	 * @param message the message
	 * @param key as in {@link Hub#publishOnce}
	 * @return the position of the message, or of the first with that key
	 * @throws AssertionError if the hub has not published it
	 */
	public Position publishOnce(T message, String key) {
		return this.publisher.publishOnce(message, key);
	}

	/**
	 * Expects that a message cannot be published, since the broker is away.
	 * @param message the message
	 * @return how the hub says so, and whether the outcome is known
	 */
	public HubUnavailableException expectUnavailable(T message) {
		return this.publisher.unavailable(message);
	}

	/**
	 * Returns the next message.
	 * @return the message
	 */
	@SuppressWarnings("unchecked")
	public T next() {
		Object next = HubReading.take(this.heard, "a message");
		this.taken++;
		if (next instanceof HubEvent.Reset<?>) {
			throw this.heard.failure("expected a message, but got " + next);
		}
		return (T) next;
	}

	/**
	 * Expects this message next.
	 * @param message a message that is equal
	 * @return this
	 */
	public HubTester<T> expect(T message) {
		this.heard.expect(message);
		return taken(1);
	}

	/**
	 * Expects a message next that a predicate holds for.
	 * @param predicate what must hold
	 * @return this
	 */
	public HubTester<T> expectMatch(Predicate<? super T> predicate) {
		Assert.notNull(predicate, "'predicate' must not be null");
		T next = next();
		if (!predicate.test(next)) {
			throw this.heard
				.failure("expected a message that matches the predicate, but got " + Transcript.print(next));
		}
		return this;
	}

	/**
	 * Expects a message next that satisfies an assertion, of whatever library.
	 * @param assertion throws an {@link AssertionError} if it is not satisfied
	 * @return this
	 */
	public HubTester<T> expectSatisfying(Consumer<? super T> assertion) {
		Assert.notNull(assertion, "'assertion' must not be null");
		T next = next();
		try {
			assertion.accept(next);
		}
		catch (AssertionError ex) {
			throw this.heard.failure("expected a message that satisfies the assertion, but got "
					+ Transcript.print(next) + ":\n" + ex.getMessage(), ex);
		}
		return this;
	}

	/**
	 * Expects these messages next, in whatever order.
	 * @param messages the messages
	 * @return this
	 */
	@SafeVarargs
	public final HubTester<T> expectInAnyOrder(T... messages) {
		this.heard.expectInAnyOrder((Object[]) messages);
		return taken(messages.length);
	}

	private HubTester<T> taken(int messages) {
		this.taken += messages;
		return this;
	}

	/**
	 * Expects that nothing comes for some time.
	 * @param time for how long
	 * @return this
	 */
	public HubTester<T> expectNone(Duration time) {
		Inbox.Arrival arrival = this.heard.arrival(time);
		if (arrival != null) {
			throw this.heard.failure("expected nothing for " + Timeouts.print(time) + ", but "
					+ ((arrival.end() != null) ? "the hub was closed" : "got " + Transcript.print(arrival.message())));
		}
		return this;
	}

	/**
	 * Expects to be told next that messages are missing. The {@link #position()} is then
	 * the one after which the hub goes on.
	 * @return this
	 */
	public HubTester<T> expectReset() {
		Object next = HubReading.take(this.heard, "a reset");
		if (!(next instanceof HubEvent.Reset<?>)) {
			throw this.heard.failure("expected a reset, but got " + Transcript.print(next));
		}
		return taken(1);
	}

	/**
	 * Expects that the history has these messages at its end, and before them nothing.
	 * @param messages all of the history, in order
	 * @return this
	 */
	@SafeVarargs
	public final HubTester<T> expectHistory(T... messages) {
		Assert.notEmpty(messages, "'messages' must not be empty");
		try (HubTester<T> reader = of(this.hub, Replay.last(messages.length + 1))) {
			Arrays.stream(messages).forEach(reader::expect);
		}
		return this;
	}

	/**
	 * Returns where the message was that was expected last: whoever begins after it gets
	 * what comes then.
	 * @return the position
	 * @throws IllegalStateException if this does not begin in the history, or has
	 * expected nothing
	 */
	public Position position() {
		Assert.state(this.taken > 0 && !this.positions.isEmpty(), "position: not known (expected: a tester that begins "
				+ "in the history, as HubTester.of(hub, Replay.last(0)) does, and a message that it has expected)");
		return this.positions.get(this.taken - 1);
	}

	/**
	 * Has a member join, by a connection of its own, which is subscribed to the hub's
	 * messages. When that is {@linkplain PairTester#close() closed}, the member leaves at
	 * once; when it {@linkplain PairTester#vanish() vanishes}, after a grace.
	 * @param member the name of the member
	 * @param data what the others are told of it
	 * @return the member's connection
	 */
	public PairTester<Void, T> join(String member, Object data) {
		return PairTester.of(InOut.of(In.ignore(), this.hub.join(member, data)));
	}

	/**
	 * Expects that these join next, in whatever order. From the first time on that a
	 * change is expected all of them are kept in order; who is there then has joined.
	 * @param members their names
	 * @return this
	 */
	public HubTester<T> expectJoined(String... members) {
		this.members.expect(Kind.JOINED, members);
		return this;
	}

	/**
	 * Expects that these get other data next, in whatever order.
	 * @param members their names
	 * @return this
	 */
	public HubTester<T> expectChanged(String... members) {
		this.members.expect(Kind.CHANGED, members);
		return this;
	}

	/**
	 * Expects that these leave next, in whatever order.
	 * @param members their names
	 * @return this
	 */
	public HubTester<T> expectLeft(String... members) {
		this.members.expect(Kind.LEFT, members);
		return this;
	}

	/**
	 * Expects that at last these are present and no others.
	 * @param members their names and data
	 * @return this
	 */
	public HubTester<T> expectMembers(Map<String, ?> members) {
		return expectEventually(() -> {
			Map<String, Object> actual = this.hub.members();
			if (!actual.equals(members)) {
				throw new AssertionError("expected as members " + members + ", but there are " + actual);
			}
		});
	}

	/**
	 * Expects that at last so many are subscribed beside this tester: nobody, after the
	 * last one has left, if none is leaked.
	 * @param others how many others
	 * @return this
	 */
	public HubTester<T> expectSubscribers(int others) {
		return expectEventually(() -> {
			int actual = this.hub.subscribers() - (this.heard.isOpen() ? 1 : 0);
			if (actual != others) {
				throw new AssertionError(
						"expected beside this tester " + others + " subscribers, but there are " + actual);
			}
		});
	}

	/**
	 * Expects of anything else that it holds at last.
	 * @param assertion throws an {@link AssertionError} until it holds
	 * @return this
	 */
	public HubTester<T> expectEventually(Runnable assertion) {
		this.heard.expectEventually(assertion);
		return this;
	}

	/**
	 * Expects that the hub was closed.
	 * @return this
	 */
	public HubTester<T> expectClosed() {
		this.heard.expectClose(1000);
		return this;
	}

	/**
	 * Returns the messages that came and that nobody has expected.
	 * @return the messages, and resets
	 */
	public List<Object> unread() {
		return this.heard.unread();
	}

	/**
	 * Returns what was published, came and was told so far, as failures print it.
	 * @return lines with times
	 */
	public String transcript() {
		return this.transcript.toString();
	}

	/**
	 * Ends the subscription. What came before can still be expected.
	 */
	@Override
	public void close() {
		this.heard.close();
		this.members.close();
	}

}

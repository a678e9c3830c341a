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
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.web.socket.CloseStatus;

/**
 * What a test expects of a peer, and what is told when it is not met.
 *
 * @param <O> the type of the messages that come
 */
final class Expectations<O> {

	private final Peer<?, O, ?> peer;

	private final Class<?> type;

	Expectations(Peer<?, O, ?> peer, Class<?> type) {
		this.peer = peer;
		this.type = type;
	}

	void message(O message) {
		checkType(message);
		O next = next(Transcript.print(message));
		if (!Objects.deepEquals(message, next)) {
			throw this.peer.failure("expected " + Transcript.print(message) + ", but got " + Transcript.print(next)
					+ differentTypes(message, next));
		}
	}

	private void checkType(@Nullable O expected) {
		Assert.notNull(expected, "A message is never null: use expectNone(Duration) to expect that nothing comes");
		Assert.isTrue(ClassUtils.isAssignableValue(this.type, expected),
				() -> "expected message: a " + expected.getClass().getName() + " (expected: a " + this.type.getName()
						+ ", which is what this pair sends; for a part of it write "
						+ "expectSatisfying((message) -> …))");
	}

	private static String differentTypes(Object expected, Object actual) {
		return (expected.getClass() != actual.getClass()) ? " (a " + expected.getClass().getName() + " never equals a "
				+ actual.getClass().getName() + ": expect one of that type, or use expectSatisfying((message) -> …))"
				: "";
	}

	void match(Predicate<? super O> predicate) {
		O next = next("a message that matches the predicate");
		if (!predicate.test(next)) {
			throw this.peer.failure("expected a message that matches the predicate, but got " + Transcript.print(next));
		}
	}

	void satisfying(Consumer<? super O> assertion) {
		O next = next("a message that satisfies the assertion");
		try {
			assertion.accept(next);
		}
		catch (AssertionError ex) {
			throw this.peer.failure("expected a message that satisfies the assertion, but got " + Transcript.print(next)
					+ ":\n" + ex.getMessage(), ex);
		}
	}

	void inAnyOrder(List<O> messages) {
		messages.forEach(this::checkType);
		List<O> missing = new ArrayList<>(messages);
		while (!missing.isEmpty()) {
			O next = next("in any order " + Transcript.print(missing));
			if (!remove(missing, next)) {
				throw this.peer.failure(
						"expected in any order " + Transcript.print(missing) + ", but got " + Transcript.print(next));
			}
		}
	}

	private static boolean remove(List<?> messages, Object message) {
		for (int i = 0; i < messages.size(); i++) {
			if (Objects.deepEquals(messages.get(i), message)) {
				messages.remove(i);
				return true;
			}
		}
		return false;
	}

	void none(Duration time) {
		Inbox.Arrival arrival = this.peer.pass(time);
		if (arrival != null) {
			throw this.peer.failure("expected nothing for " + Timeouts.print(time) + ", but " + arrival);
		}
	}

	void end(String expected, Predicate<CloseStatus> predicate) {
		Inbox.Arrival arrival = this.peer.awaitEnd();
		if (arrival == null) {
			throw this.peer
				.failure("expected the end with " + expected + ", but the connection is open after " + waited());
		}
		CloseStatus actual = arrival.end();
		if (actual == null) {
			throw this.peer.failure("expected the end with " + expected + ", but " + arrival);
		}
		if (!predicate.test(actual)) {
			throw this.peer
				.failure("expected the end with " + expected + ", but it ended with " + Transcript.print(actual));
		}
	}

	void eventually(Runnable assertion) {
		long deadline = System.nanoTime() + this.peer.timeout().toNanos();
		AssertionError last = attempt(assertion);
		while (last != null && System.nanoTime() - deadline < 0) {
			idle();
			last = attempt(assertion);
		}
		if (last != null) {
			throw this.peer.failure("expected what does not hold after " + waited() + ":\n" + last.getMessage(), last);
		}
	}

	private static @Nullable AssertionError attempt(Runnable assertion) {
		try {
			assertion.run();
			return null;
		}
		catch (AssertionError ex) {
			return ex;
		}
	}

	/** Waits a moment for what no signal tells of. */
	private void idle() {
		Object never = new Object();
		synchronized (never) {
			try {
				never.wait(10);
			}
			catch (InterruptedException ex) {
				throw this.peer.interrupted();
			}
		}
	}

	/** Takes the next message, whatever it is. */
	@SuppressWarnings("unchecked")
	O next(String expected) {
		this.peer.requireReading(expected);
		this.peer.arrival(this.peer.timeout());
		Inbox.Arrival arrival = this.peer.inbox().take();
		if (arrival == null) {
			throw this.peer.failure("expected " + expected + ", but nothing came within " + waited());
		}
		if (arrival.end() != null) {
			throw this.peer.failure("expected " + expected + ", but " + arrival);
		}
		if (arrival.failure() != null) {
			throw this.peer.failure("expected " + expected + ", but got a message that cannot be read as "
					+ this.type.getName() + ": " + arrival.failure().getMessage(), arrival.failure());
		}
		return (O) Objects.requireNonNull(arrival.message());
	}

	private String waited() {
		return Timeouts.print(this.peer.timeout());
	}

}

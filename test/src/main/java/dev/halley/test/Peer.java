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
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.web.socket.CloseStatus;

import dev.halley.codec.MessageCodec;
import dev.halley.codec.Payload;

/**
 * The other side of a pair: a test sends what a client would send and expects what the
 * client would get. What comes is kept in order, and each {@code expect…} takes what
 * comes next; nothing is skipped.
 * <p>
 * Every wait has an end: 5 seconds, unless the system property
 * {@code halley.test.timeout} (such as {@code 30s}) says otherwise. What was not met is
 * an {@link AssertionError} that has the transcript of both directions. For one thread,
 * the test's.
 *
 * @param <I> the type of the messages that the pair takes
 * @param <O> the type of the messages that the pair sends
 * @param <S> the type of the peer
 * @since 0.1
 * @see PairTester
 * @see PairTesters
 * @see LiveClient
 */
public abstract sealed class Peer<I, O, S extends Peer<I, O, S>> implements AutoCloseable
		permits PairTester, LiveClient {

	private final Transcript transcript;

	private final Inbox inbox = new Inbox();

	private final Duration timeout;

	private final Class<?> inType;

	private final Expectations<O> expectations;

	private final MessageCodec<Object> inCodec;

	/** What the test itself has ended, and how. */
	private volatile @Nullable String left;

	Peer(Transcript transcript, Duration timeout, Class<?> inType, Class<?> outType, MessageCodec<Object> inCodec) {
		this.transcript = transcript;
		this.timeout = timeout;
		this.inType = inType;
		this.expectations = new Expectations<>(this, outType);
		this.inCodec = inCodec;
		OpenPeers.opened(this);
	}

	/**
	 * Sends a message to the pair. Without a server, returns when a handler that works on
	 * the thread has handled it; an asynchronous one goes on.
	 * @param message the message, not {@code null}
	 * @return this
	 */
	public final S send(I message) {
		Assert.notNull(message, "'message' must not be null");
		Assert.isTrue(ClassUtils.isAssignableValue(this.inType, message),
				() -> "message: a " + message.getClass().getName() + " (expected: a " + this.inType.getName()
						+ "; to send something else as text write sendText(…))");
		return send(encoded(message), Transcript.print(message));
	}

	private Payload encoded(Object message) {
		try {
			return this.inCodec.encode(message);
		}
		catch (RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new IllegalArgumentException("message: " + Transcript.print(message) + ", which cannot be encoded",
					ex);
		}
	}

	/**
	 * Sends text as it is, whatever the pair takes: for what no client should send.
	 * @param text the text
	 * @return this
	 */
	public final S sendText(String text) {
		return send(Payload.text(text), "text " + Transcript.print(text));
	}

	/**
	 * Sends bytes as they are, whatever the pair takes.
	 * @param bytes the bytes
	 * @return this
	 */
	public final S sendBinary(byte[] bytes) {
		return send(Payload.binary(bytes), Transcript.print(bytes));
	}

	/** Sends one message; what it is goes into the transcript. */
	abstract S send(Payload payload, String what);

	/**
	 * Reads no more, until {@link #resume}: what the pair sends waits there, and finally
	 * meets its overflow strategy and its time-outs. Neither are pings answered.
	 * @return this
	 */
	public abstract S stall();

	/**
	 * Reads again.
	 * @return this
	 */
	public abstract S resume();

	/**
	 * Is gone without a word: the network between is cut, in a way that the other side
	 * learns of. For one that nobody learns of see {@link #stall}.
	 * @return this
	 */
	public abstract S vanish();

	/**
	 * Does not answer a Close of the pair's side from now on.
	 * @return this
	 * @throws IllegalStateException if one was answered already
	 */
	public abstract S neverAnswerClose();

	/**
	 * Closes, as a client does.
	 * @param status the status to send
	 * @return this
	 */
	public abstract S close(CloseStatus status);

	/**
	 * Closes with 1000, unless the connection has ended, and returns when it has. What
	 * came before can be expected still.
	 */
	@Override
	public abstract void close();

	/**
	 * Whether the connection is there, as far as this side knows.
	 * @return whether it has not ended
	 */
	public final boolean isOpen() {
		return !this.inbox.isEnded();
	}

	/**
	 * Returns the next message, for a test to look at as it likes.
	 * @return the message
	 */
	public final O next() {
		return this.expectations.next("a message");
	}

	/**
	 * Expects this message next.
	 * @param message a message that is equal; arrays are compared by what is in them
	 * @return this
	 */
	public final S expect(O message) {
		this.expectations.message(message);
		return self();
	}

	/**
	 * Expects a message next that a predicate holds for.
	 * @param predicate what must hold
	 * @return this
	 */
	public final S expectMatch(Predicate<? super O> predicate) {
		Assert.notNull(predicate, "'predicate' must not be null");
		this.expectations.match(predicate);
		return self();
	}

	/**
	 * Expects a message next that satisfies an assertion, of whatever library.
	 * @param assertion throws an {@link AssertionError} if it is not satisfied
	 * @return this
	 */
	public final S expectSatisfying(Consumer<? super O> assertion) {
		Assert.notNull(assertion, "'assertion' must not be null");
		this.expectations.satisfying(assertion);
		return self();
	}

	/**
	 * Expects these messages next, in whatever order.
	 * @param messages the messages
	 * @return this
	 */
	@SafeVarargs
	public final S expectInAnyOrder(O... messages) {
		this.expectations.inAnyOrder(Arrays.asList(messages));
		return self();
	}

	/**
	 * Expects that nothing comes for some time: no message and no end.
	 * @param time for how long
	 * @return this
	 */
	public final S expectNone(Duration time) {
		Assert.isTrue(!time.isNegative(), () -> "time: " + time + " (expected: >= 0)");
		this.expectations.none(time);
		return self();
	}

	/**
	 * Expects the end of the connection next.
	 * @param code the code of the close status, 1006 for an end without a Close
	 * @return this
	 */
	public final S expectClose(int code) {
		this.expectations.end(String.valueOf(code), (status) -> status.getCode() == code);
		return self();
	}

	/**
	 * Expects the end of the connection next.
	 * @param status the close status; without a reason, with any, and with an empty one,
	 * without
	 * @return this
	 */
	public final S expectClose(CloseStatus status) {
		Assert.notNull(status, "'status' must not be null");
		String reason = status.getReason();
		this.expectations.end(Transcript.print(status), (actual) -> actual.getCode() == status.getCode()
				&& (reason == null || reason.equals(Objects.requireNonNullElse(actual.getReason(), ""))));
		return self();
	}

	/**
	 * Expects of anything else that it holds at last: that a repository has a row, that
	 * nobody is subscribed to a source any more.
	 * @param assertion throws an {@link AssertionError} until it holds; tried again for
	 * as long as a message is waited for
	 * @return this
	 */
	public final S expectEventually(Runnable assertion) {
		Assert.notNull(assertion, "'assertion' must not be null");
		this.expectations.eventually(assertion);
		return self();
	}

	/**
	 * Returns the messages that came and that nobody has expected or read.
	 * @return the messages; one that cannot be read is its failure
	 */
	public final List<Object> unread() {
		return this.inbox.unread()
			.stream()
			.map((arrival) -> Objects
				.requireNonNull((arrival.message() != null) ? arrival.message() : arrival.failure()))
			.toList();
	}

	/**
	 * Returns what has gone over the connection so far, as failures print it.
	 * @return lines with times
	 */
	public final String transcript() {
		return this.transcript.toString();
	}

	final AssertionError failure(String what) {
		return failure(what, null);
	}

	final AssertionError failure(String what, @Nullable Throwable cause) {
		return new AssertionError(what + "\n\n" + this.transcript, cause);
	}

	/** Waits for what comes next, which stays. */
	final Inbox.@Nullable Arrival arrival(Duration time) {
		holds(() -> this.inbox.await(time));
		return this.inbox.peek();
	}

	/** Runs what waits until something holds. */
	final boolean holds(Condition condition) {
		try {
			return condition.await();
		}
		catch (InterruptedException ex) {
			throw interrupted();
		}
	}

	final AssertionError interrupted() {
		Thread.currentThread().interrupt();
		return failure("interrupted while it waited");
	}

	/** What the test has ended itself takes nothing more. */
	final void requireNotLeft(String method) {
		String left = this.left;
		Assert.state(left == null, () -> method + " after " + left + ": this connection is over. What came before can "
				+ "still be expected; to go on, open another one");
	}

	final void left(String how) {
		this.left = (this.left != null) ? this.left : how;
	}

	final boolean isLeft() {
		return this.left != null;
	}

	/** Lets time pass and returns what came, which stays. */
	abstract Inbox.@Nullable Arrival pass(Duration time);

	/** Waits for the end, or for what comes before it, which stays. */
	Inbox.@Nullable Arrival awaitEnd() {
		return arrival(this.timeout);
	}

	/** Bad use if nothing is read. */
	abstract void requireReading(String expected);

	final Inbox inbox() {
		return this.inbox;
	}

	final Transcript lines() {
		return this.transcript;
	}

	final Duration timeout() {
		return this.timeout;
	}

	@SuppressWarnings("unchecked")
	final S self() {
		return (S) this;
	}

	/**
	 * Waits until something holds, or too long.
	 */
	@FunctionalInterface
	interface Condition {

		boolean await() throws InterruptedException;

	}

}

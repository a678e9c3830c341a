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

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import org.springframework.web.socket.CloseStatus;
import reactor.core.scheduler.Scheduler;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.codec.Payload;
import dev.halley.connection.Connection;

/**
 * Runs a pair without a server, and is its peer. What runs it is the very code that runs
 * it behind a server, over a wire in memory: messages are handled one at a time, demand
 * and overflow, the end of file, close statuses, time-outs and {@code whenDone} are what
 * they are there.
 *
 * <pre class="code">
 * try (PairTester&lt;String, String&gt; tester = PairTester.of(pair)) {
 *     tester.expect("Hello!").send("How are you?").expect("Fine").close();
 * }
 * </pre>
 *
 * Messages go over as the objects that they are, unless
 * {@linkplain #of(InOut, Class, Class) their types are given}: then each is encoded and
 * decoded, as on a wire.
 * <p>
 * Each tester has a time of its own, which stands still until {@link #advance}. Pings,
 * all time-outs of the connection, {@link Out#every} and {@link Out#batched} keep to it,
 * and so does an operator of Reactor that is given the {@link Scheduler} found in the
 * Reactor context under its class. Operators that are given none, such as
 * {@code delayElements} and {@code Flux.interval}, run on Reactor's own timers in real
 * time; what they send is waited for.
 * <p>
 * The pair runs on threads of the tester. After each call they are at rest: what handlers
 * do on their thread is done. Sources with threads of their own, {@link Out#generate}
 * among them, go on meanwhile.
 *
 * @param <I> the type of the messages that the pair takes
 * @param <O> the type of the messages that the pair sends
 * @since 0.1
 */
public final class PairTester<I, O> extends Peer<I, O, PairTester<I, O>> {

	private static final Duration TICK = Duration.ofMillis(250);

	private static final Duration GRACE = Duration.ofMillis(50);

	private static final int MOST_TICKS = 20_000;

	private final TesterSettings settings;

	private final TesterRuntime runtime;

	private final TesterTransport transport;

	private final Connection connection;

	/** What the pair tells of itself, or {@code null} if the application runs it. */
	private final @Nullable ObservedRun run;

	private boolean stuck;

	PairTester(TesterSettings settings, TesterRuntime runtime, Transcript transcript, Connection connection,
			@Nullable ObservedRun run) {
		super(transcript, settings.timeout(), settings.inType(), settings.outType(), settings.inCodec());
		this.settings = settings;
		this.runtime = runtime;
		this.connection = connection;
		this.run = run;
		this.transport = new TesterTransport(inbox(), transcript, settings.outCodec(), runtime.workers(),
				settings.stream());
		transcript.note("opened");
		act("opening", () -> runtime.workers().execute(() -> this.transport.open(connection)));
	}

	/**
	 * Opens a connection that runs a pair, over a WebSocket. Messages go over as they
	 * are.
	 * @param pair what to run; another tester may run it as well, as another connection
	 * does
	 * @param <I> the type of the messages that the pair takes
	 * @param <O> the type of the messages that the pair sends
	 * @return its peer
	 */
	public static <I, O> PairTester<I, O> of(InOut<I, O> pair) {
		return builder(pair).open();
	}

	/**
	 * Opens a connection that runs a pair, over a WebSocket. Messages are encoded and
	 * decoded in both directions by the built-in codecs: text, bytes, or JSON. Another
	 * {@code JsonMapper} or codecs of the application's are given to a
	 * {@linkplain #builder(InOut) builder}.
	 * @param pair what to run
	 * @param in the type of the messages that the pair takes
	 * @param out the type of the messages that the pair sends
	 * @param <I> the type of the messages that the pair takes
	 * @param <O> the type of the messages that the pair sends
	 * @return its peer
	 * @throws dev.halley.codec.UnsupportedMessageTypeException if a type cannot be both
	 * written and read; its message says what to declare instead
	 */
	public static <I, O> PairTester<I, O> of(InOut<I, O> pair, Class<I> in, Class<O> out) {
		return builder(pair).types(in, out).open();
	}

	/**
	 * Opens a stream, as Comet and event streams are: it takes no messages, and ends when
	 * its out does. Messages go over as they are.
	 * @param out what to run
	 * @param <O> the type of the messages
	 * @return its peer
	 */
	public static <O> PairTester<Void, O> ofStream(Out<O> out) {
		return builder(InOut.<Void, O>of(In.ignore(), out)).stream().open();
	}

	/**
	 * Starts with what {@link #of(InOut)} has.
	 * @param pair what to run
	 * @param <I> the type of the messages that the pair takes
	 * @param <O> the type of the messages that the pair sends
	 * @return a builder
	 */
	public static <I, O> PairTesterBuilder<I, O> builder(InOut<I, O> pair) {
		Assert.notNull(pair, "'pair' must not be null");
		return new PairTesterBuilder<>(pair);
	}

	@Override
	PairTester<I, O> send(Payload payload, String what) {
		Assert.state(!this.settings.stream(), "A stream takes no messages: test what sends with PairTester.of(pair)");
		requireNotLeft("send");
		if (inbox().isEnded()) {
			throw failure("send " + what + ": the connection has ended");
		}
		lines().sent(what);
		act("the handler of " + what, () -> this.transport.receive(payload));
		return this;
	}

	/**
	 * Reads so many messages more and then no others: demand by hand, from the first call
	 * on, or after {@link #stall}. The pair's source is asked as far as its connection
	 * has room for what the peer does not read.
	 * @param messages how many, at least 1
	 * @return this
	 */
	public PairTester<I, O> request(long messages) {
		Assert.isTrue(messages > 0, () -> "messages: " + messages + " (expected: > 0)");
		requireNotLeft("request");
		lines().note("the peer reads " + messages + " more");
		act("reading", () -> this.transport.request(messages));
		return this;
	}

	@Override
	public PairTester<I, O> stall() {
		requireNotLeft("stall");
		lines().note("the peer reads no more");
		this.transport.stall();
		return this;
	}

	@Override
	public PairTester<I, O> resume() {
		requireNotLeft("resume");
		lines().note("the peer reads again");
		act("reading", this.transport::requestUnlimited);
		return this;
	}

	@Override
	public PairTester<I, O> neverAnswerClose() {
		this.transport.neverAnswerClose();
		lines().note("the peer will not answer a Close");
		return this;
	}

	/**
	 * Lets time pass, for this tester alone: pings and time-outs come when they are due,
	 * and so do the messages of {@link Out#every}.
	 * @param time how much
	 * @return this
	 */
	public PairTester<I, O> advance(Duration time) {
		Assert.isTrue(!time.isNegative(), () -> "time: " + time + " (expected: >= 0)");
		lines().note("time passes: " + Timeouts.print(time));
		requireTestsThread();
		long end = this.runtime.time().nanos() + time.toNanos();
		long tick = Math.max(TICK.toNanos(), time.toNanos() / MOST_TICKS);
		for (long now = this.runtime.time().nanos(); now < end; now = this.runtime.time().nanos()) {
			passTo(Math.min(end, now + tick));
			this.runtime.registry().tick();
			rest("what was due");
		}
		return this;
	}

	private void passTo(long target) {
		boolean arrived = false;
		while (!arrived) {
			arrived = this.runtime.time().passTo(target);
			rest("what was due");
		}
	}

	@Override
	public PairTester<I, O> vanish() {
		requireNotLeft("vanish");
		left("vanish()");
		lines().sent("(gone without a Close)");
		act("the end", this.transport::vanish);
		return this;
	}

	@Override
	public PairTester<I, O> close(CloseStatus status) {
		requireNotLeft("close");
		left("close(…)");
		lines().sent(this.settings.stream() ? "(leaves)" : "Close " + Transcript.print(status));
		if (this.settings.stream()) {
			act("the end", this.transport::vanish);
		}
		else {
			act("the end", () -> this.transport.receiveClose(status));
		}
		return this;
	}

	@Override
	public void close() {
		if (!this.stuck && !isLeft() && isOpen()) {
			close(CloseStatus.NORMAL);
		}
		left("close()");
		if (this.stuck) {
			this.runtime.workers().interrupt();
		}
		// What waits for a peer that never answers would wait for ever
		if (isRegistered()) {
			act("the end", this.transport::vanish);
		}
	}

	private boolean isRegistered() {
		return this.runtime.registry().find(this.connection.info().id()) != null;
	}

	/**
	 * Expects that the connection's end has reached the pair: its out was cancelled, and
	 * what is to be done at the end, {@code whenDone}, is done. An out that had completed
	 * or failed by itself before was not cancelled.
	 * @return this
	 */
	public PairTester<I, O> expectCancelled() {
		ObservedRun run = this.run;
		return expectEventually((run != null) ? () -> requireCancelled(run) : this::requireGone);
	}

	private void requireCancelled(ObservedRun run) {
		if (!run.isCancelled()) {
			throw new AssertionError("the out is not cancelled: it " + run.out() + whetherOpen());
		}
		if (!run.isDone()) {
			Object handled = run.handled();
			throw new AssertionError("the out is cancelled, but the in is not done: " + ((handled != null)
					? "the handler of " + Transcript.print(handled) + " has not completed" : "it still ends"));
		}
	}

	/**
	 * The application has the pair; that its connection is gone and all is at rest is
	 * seen.
	 */
	private void requireGone() {
		if (isRegistered()) {
			throw new AssertionError("the out is not cancelled" + whetherOpen());
		}
		rest("the end");
	}

	private String whetherOpen() {
		return isOpen() ? ", and the connection is open: vanish() or close(), or let the pair end it" : "";
	}

	@Override
	Inbox.@Nullable Arrival pass(Duration time) {
		advance(time);
		Duration grace = (time.compareTo(GRACE) < 0) ? time : GRACE;
		return arrival(grace);
	}

	/**
	 * A pair that waits for a peer that reads nothing gets the time it waits for, and
	 * what it does at the end is done then.
	 */
	@Override
	Inbox.@Nullable Arrival awaitEnd() {
		if (this.transport.isStalled() && !this.connection.isOpen() && !inbox().isEnded()) {
			advance(this.connection.settings().closeTimeout().plus(TICK));
		}
		Inbox.Arrival arrival = super.awaitEnd();
		rest("the end");
		return arrival;
	}

	@Override
	void requireReading(String expected) {
		boolean reads = !this.transport.isStalled() || inbox().isEnded() || !inbox().unread().isEmpty();
		Assert.state(reads,
				() -> "expected " + expected + ", but this peer reads nothing: write request(1) or resume() before");
	}

	private void act(String what, Runnable action) {
		requireTestsThread();
		action.run();
		rest(what);
	}

	private void requireTestsThread() {
		Assert.state(!this.runtime.workers().isOwnThread(),
				"A tester is used by the pair that it runs (expected: by the test alone)");
	}

	/** Waits until the tester's threads are at rest. */
	private void rest(String what) {
		if (!this.stuck && !holds(() -> this.runtime.workers().awaitRest(this.settings.patience()))) {
			this.stuck = true;
			throw failure(what + " has not come to an end within " + Timeouts.print(this.settings.patience())
					+ " (code that waits belongs into In.forEachAsync):\n" + this.runtime.workers().whereabouts());
		}
	}

}

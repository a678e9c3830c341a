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
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.reactivestreams.FlowAdapters;
import org.reactivestreams.Publisher;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.util.Assert;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;

/**
 * Which messages go out to a client. Play's {@code Enumerator}.
 * <p>
 * An immutable description, cheap to make, thread-safe, and run once for each connection:
 * nothing happens before. When its messages end, a WebSocket stays open and a Comet or
 * event stream ends; {@link #eof()} and {@link #close} end the connection too, after all
 * that came before is written. A failure closes a WebSocket with 1011. When the
 * connection ends, what runs is cancelled at once.
 * <p>
 * A source that honours demand (Reactive Streams, {@link #generate}) is asked for no more
 * than the connection can take. One that does not wait ({@link Hub}, {@link #unicast})
 * meets the connection's {@link Overflow}; {@link #every} leaves ticks out.
 *
 * @param <T> the type of the messages
 * @since 0.1
 */
public final class Out<T> {

	private final Function<Step, Flux<Object>> source;

	private Out(Flux<Object> elements) {
		this((step) -> step.applyTo(elements));
	}

	private Out(Function<Step, Flux<Object>> source) {
		this.source = source;
	}

	/**
	 * Sends these messages.
	 * @param messages the messages, none {@code null}
	 * @param <T> the type of the messages
	 * @return an out
	 */
	@SafeVarargs
	public static <T> Out<T> of(T... messages) {
		Assert.noNullElements(messages, "'messages' must not contain null");
		return new Out<>(Flux.fromArray(messages.clone()));
	}

	/**
	 * Sends what a publisher emits, on demand.
	 * @param publisher subscribed to once for each connection
	 * @param <T> the type of the messages
	 * @return an out
	 */
	public static <T> Out<T> from(Publisher<? extends T> publisher) {
		Assert.notNull(publisher, "'publisher' must not be null");
		return ofElements(Flux.from(publisher));
	}

	/**
	 * Sends what a publisher emits, on demand.
	 * @param publisher subscribed to once for each connection
	 * @param <T> the type of the messages
	 * @return an out
	 */
	public static <T> Out<T> from(Flow.Publisher<? extends T> publisher) {
		Assert.notNull(publisher, "'publisher' must not be null");
		return ofElements(Flux.from(FlowAdapters.toPublisher(publisher)));
	}

	/**
	 * Sends the elements of a collection, or of whatever else can be iterated over, on
	 * demand.
	 * @param messages iterated over once for each connection, none {@code null}; its
	 * iterator must not block
	 * @param <T> the type of the messages
	 * @return an out
	 */
	public static <T> Out<T> from(Iterable<? extends T> messages) {
		Assert.notNull(messages, "'messages' must not be null");
		return new Out<>(Flux.fromIterable(messages));
	}

	/**
	 * Sends the elements of a stream, on demand, and closes it: at its end, if it fails,
	 * and when the connection ends. A stream serves one connection; a second one that
	 * runs this out fails, with an error that says so.
	 * @param stream read as {@link #from(Supplier)} does
	 * @param <T> the type of the messages
	 * @return an out for one connection
	 */
	public static <T> Out<T> from(Stream<? extends T> stream) {
		Assert.notNull(stream, "'stream' must not be null");
		return new Out<>(Streaming.once(stream));
	}

	/**
	 * Sends the elements of a stream that is opened for each connection, on demand, and
	 * closes it: at its end, if it fails, and when the connection ends.
	 * @param streams opens a stream. It is opened, read and closed on a thread that is
	 * this connection's alone unless there are thousands; may block; interrupted when the
	 * connection ends
	 * @param <T> the type of the messages
	 * @return an out
	 */
	public static <T> Out<T> from(Supplier<? extends Stream<? extends T>> streams) {
		Assert.notNull(streams, "'streams' must not be null");
		return new Out<>(Streaming.each(streams));
	}

	/**
	 * Sends what any reactive type emits that {@link ReactiveAdapterRegistry} knows, such
	 * as RxJava's and Mutiny's, a {@code CompletionStage}, or Kotlin's {@code Flow}.
	 * Types that hold one value send that, or nothing. A {@code CompletionStage} is not
	 * cancelled when a connection ends.
	 * @param source the reactive object
	 * @param <T> the type of the messages, which is not checked
	 * @return an out
	 * @throws IllegalArgumentException if the type is not known
	 */
	public static <T> Out<T> from(Object source) {
		Assert.notNull(source, "'source' must not be null");
		return ofElements(Flux.from(Reactive.toPublisher(source)));
	}

	/**
	 * Sends what a supplier returns, at once and then in each period. A tick that comes
	 * while the connection takes no more is left out, whatever its {@link Overflow}, and
	 * the supplier not called.
	 * @param period the time between two messages
	 * @param supplier called on a thread that many outs share; must not block
	 * @param <T> the type of the messages
	 * @return an out that never ends
	 */
	public static <T> Out<T> every(Duration period, Supplier<? extends T> supplier) {
		Timers.check("period", period);
		Assert.notNull(supplier, "'supplier' must not be null");
		return new Out<>(Timers.every(period, supplier));
	}

	/**
	 * Sends what a supplier returns, each when the connection can take one more, until it
	 * returns nothing.
	 * @param supplier called one call at a time, on a thread that is this connection's
	 * alone unless there are thousands; may block; interrupted when the connection ends
	 * @param <T> the type of the messages
	 * @return an out
	 */
	public static <T> Out<T> generate(Supplier<? extends Optional<? extends T>> supplier) {
		Assert.notNull(supplier, "'supplier' must not be null");
		return new Out<>(Streaming.generated(supplier));
	}

	/**
	 * Sends what is pushed into a channel, from any thread.
	 * @param onStart called once for each connection, when it is ready for messages, with
	 * its channel; should hand the channel on and return soon
	 * @param <T> the type of the messages
	 * @return an out that ends when its channel does
	 */
	public static <T> Out<T> unicast(Consumer<? super Channel<T>> onStart) {
		Assert.notNull(onStart, "'onStart' must not be null");
		return new Out<>((step) -> new UnicastFlux<>(onStart, step));
	}

	/**
	 * Sends the messages of several outs, of one after the other. What follows an end of
	 * the connection is never run.
	 * @param outs the outs; without any, nothing is sent
	 * @param <T> the type of the messages
	 * @return an out of all
	 */
	@SafeVarargs
	public static <T> Out<T> concat(Out<? extends T>... outs) {
		Assert.noNullElements(outs, "'outs' must not contain null");
		Out<T> all = of();
		for (Out<? extends T> out : outs) {
			all = all.andThen(out);
		}
		return all;
	}

	/**
	 * Sends nothing and does not end: a WebSocket stays open for what comes in, a stream
	 * stays open for its heartbeats.
	 * @param <T> the type of the messages
	 * @return an out
	 */
	public static <T> Out<T> never() {
		return new Out<>(Flux.never());
	}

	/**
	 * Ends the connection: a WebSocket with 1000.
	 * @param <T> the type of the messages
	 * @return an out
	 */
	public static <T> Out<T> eof() {
		return close(CloseStatus.NORMAL);
	}

	/**
	 * Ends the connection with a close status. A stream without close statuses just ends.
	 * @param status a status that may be sent: 1000 to 1003, 1007 to 1014, or 3000 to
	 * 4999; its reason is cut to 123 bytes of UTF-8 at a character
	 * @param <T> the type of the messages
	 * @return an out
	 * @throws IllegalArgumentException if the status may not be sent
	 */
	public static <T> Out<T> close(CloseStatus status) {
		return new Out<>(Flux.just(CloseStatuses.sendable(status)));
	}

	/**
	 * Sends the messages of this and then those of another. What follows an end of the
	 * connection is never run.
	 * @param next what follows
	 * @return an out of both
	 */
	public Out<T> andThen(Out<? extends T> next) {
		Assert.notNull(next, "'next' must not be null");
		return new Out<>(
				(step) -> Flux.concat(this.source.apply(step), next.source.apply(step)).takeUntil(Elements::isClose));
	}

	/**
	 * Sends the messages of this and of others as they come. The connection is ended once
	 * all have asked for it, with the first status that is not 1000, if there is one; if
	 * any ends without asking, the whole ends without it. The first failure fails the
	 * whole, after the messages that came before it.
	 * @param others what runs at the same time
	 * @return an out of all
	 */
	@SafeVarargs
	public final Out<T> interleave(Out<? extends T>... others) {
		Assert.noNullElements(others, "'others' must not contain null");
		return new Out<>(Merging.of(this, others));
	}

	/**
	 * Changes each message. Of a source that does not wait, such as a hub, messages are
	 * changed before they wait for the connection.
	 * @param mapper must not return {@code null}; called with one message after the other
	 * @param <R> the type of the changed messages
	 * @return an out of the changed messages, which ends as this does
	 */
	public <R> Out<R> map(Function<? super T, ? extends R> mapper) {
		Assert.notNull(mapper, "'mapper' must not be null");
		return then(Step.map(mapper));
	}

	/**
	 * Leaves messages out. Those of a source that does not wait, such as a hub, take no
	 * room in the send buffer.
	 * @param predicate tells which messages stay; asked for one after the other
	 * @return an out of those that stay, which ends as this does
	 */
	public Out<T> filter(Predicate<? super T> predicate) {
		Assert.notNull(predicate, "'predicate' must not be null");
		return then(Step.filter(predicate));
	}

	/**
	 * Joins messages that come quickly, such as a language model's tokens, into lists. A
	 * list goes out when it is full, when its first message has waited long enough, and
	 * before this ends, ends the connection or fails. While the connection can take no
	 * more, messages wait before the list, where a source that honours demand is not
	 * asked for more than a few lists, and one that does not wait meets the connection's
	 * {@link Overflow}.
	 * @param most the most messages of a list, at least 1
	 * @param within how long the first message of a list waits at most, on a timer that
	 * many outs share
	 * @return an out of lists, none of them empty
	 */
	public Out<List<T>> batched(int most, Duration within) {
		Assert.isTrue(most > 0, () -> "most: " + most + " (expected: > 0)");
		Timers.check("within", within);
		return ofElements(Batching.of(elements(), most, within));
	}

	/**
	 * Joins messages that come quickly into one, as {@link #batched(int, Duration)} does
	 * into lists.
	 * @param most the most messages that are joined, at least 1
	 * @param within how long the first of them waits at most
	 * @param joiner joins what came before and the next one, such as
	 * {@code String::concat}; must not return {@code null}
	 * @return an out of what was joined
	 */
	public Out<T> batched(int most, Duration within, BinaryOperator<T> joiner) {
		Assert.notNull(joiner, "'joiner' must not be null");
		return batched(most, within).map((messages) -> messages.stream().reduce(joiner).orElseThrow());
	}

	/**
	 * Tells the peer of a failure: sends one last message in its place, and then ends as
	 * if there had been none. So a WebSocket stays open and a Comet or event stream ends;
	 * nothing is logged. To close a WebSocket with 1011 after the message, use
	 * {@link #onErrorResume} with {@code Out.of(message).andThen(Out.close(…))}.
	 * <p>
	 * That the peer is too slow for what goes out is no failure that it could be told of,
	 * and is not passed to the function.
	 * @param lastMessage makes the message, which is the only thing that the peer learns
	 * of the failure; if it fails itself or returns {@code null}, that is the failure
	 * @return an out that does not fail unless the function does
	 */
	public Out<T> onError(Function<? super Throwable, ? extends T> lastMessage) {
		Assert.notNull(lastMessage, "'lastMessage' must not be null");
		return onErrorResume((ex) -> {
			T message = lastMessage.apply(ex);
			Assert.state(message != null, "'lastMessage' returned null (expected: a message)");
			return of(message);
		});
	}

	/**
	 * Goes on with another out after a failure, as {@link #onError} does with a message.
	 * @param next makes what follows, which may end the connection; if it fails itself or
	 * returns {@code null}, that is the failure
	 * @return an out that fails only if the function does or what it returns
	 */
	public Out<T> onErrorResume(Function<? super Throwable, ? extends Out<? extends T>> next) {
		Assert.notNull(next, "'next' must not be null");
		return new Out<>(Resuming.of(elements(), next));
	}

	/**
	 * Passes the messages through a pipeline of Reactor's operators. If this ends the
	 * connection, the result does so too, when the pipeline has completed; a pipeline
	 * that cancels this before its end, as {@code take} does, does not learn of it. What
	 * the pipeline asks for is what it gets: messages of a source that does not wait wait
	 * before the pipeline, as they are, and count by their number and, as far as that is
	 * known without encoding them, by their size. What leaves the pipeline has no
	 * {@link Position} of a hub any more, and so no id.
	 * @param pipeline called once for each connection
	 * @param <R> the type of the messages that leave the pipeline
	 * @return an out of what leaves the pipeline
	 */
	public <R> Out<R> through(Function<? super Flux<T>, ? extends Publisher<? extends R>> pipeline) {
		Assert.notNull(pipeline, "'pipeline' must not be null");
		return new Out<>(Piping.of(this::elements, pipeline));
	}

	/**
	 * Returns what a connection runs: messages, shared messages, a last close status, and
	 * signals if it takes some.
	 */
	Flux<Object> elements() {
		return this.source.apply(Step.NONE);
	}

	private <R> Out<R> then(Step next) {
		return new Out<>((step) -> this.source.apply(next.then(step)));
	}

	/** This with something around its source. */
	Out<T> within(UnaryOperator<Flux<Object>> wrapper) {
		return new Out<>((step) -> wrapper.apply(this.source.apply(step)));
	}

	/** Of a source that may emit on any thread. */
	static <T> Out<T> ofElements(Flux<Object> elements) {
		return new Out<>(new ContextFlux<>(elements));
	}

	/** An out whose source runs the step itself. */
	static <T> Out<T> ofSource(Function<Step, Flux<Object>> source) {
		return new Out<>(source);
	}

}

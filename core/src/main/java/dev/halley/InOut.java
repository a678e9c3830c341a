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

import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import org.reactivestreams.Publisher;
import org.springframework.util.Assert;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;

/**
 * A pair: what to do with the messages that come in, and which messages go out. Play's
 * {@code (Iteratee, Enumerator)}.
 * <p>
 * An immutable description, cheap to make, thread-safe, and run once for each connection.
 * {@code out} is attached before {@code in}, so that an answer to the first message is
 * never lost.
 *
 * @param <I> the type of the messages that come in
 * @param <O> the type of the messages that go out
 * @since 0.1
 */
public final class InOut<I, O> {

	private final Supplier<RunningPair<I>> runs;

	private InOut(Supplier<RunningPair<I>> runs) {
		this.runs = runs;
	}

	/**
	 * Joins an in and an out.
	 * @param in what to do with the messages that come in
	 * @param out which messages go out
	 * @param <I> the type of the messages that come in
	 * @param <O> the type of the messages that go out
	 * @return a pair
	 */
	public static <I, O> InOut<I, O> of(In<I> in, Out<? extends O> out) {
		Assert.notNull(in, "'in' must not be null");
		Assert.notNull(out, "'out' must not be null");
		return new InOut<>(() -> new RunningPair<>(in.receiver(), out.elements()));
	}

	/**
	 * Makes the messages that go out from those that come in, in one pipeline of
	 * Reactor's operators. The pipeline's demand is what is read from the socket; at most
	 * 16 KB and one message are read ahead. When the pipeline completes, the connection
	 * is closed with 1000; when it fails, with 1011; when the connection ends, the
	 * pipeline is cancelled.
	 * @param pipeline called once for each connection
	 * @param <I> the type of the messages that come in
	 * @param <O> the type of the messages that go out
	 * @return a pair
	 */
	public static <I, O> InOut<I, O> flow(Function<? super Flux<I>, ? extends Publisher<? extends O>> pipeline) {
		Assert.notNull(pipeline, "'pipeline' must not be null");
		return new InOut<>(() -> {
			PipelineInput<I> input = new PipelineInput<>();
			Flux<Object> output = Flux.defer(() -> Flux.from(pipeline.apply(input)));
			return new RunningPair<>(new FlowReceiver<>(input),
					output.concatWithValues(CloseStatus.NORMAL).takeUntil(Elements::isClose));
		});
	}

	/**
	 * Makes a pair of the runs that something else starts: of another pair's, to see what
	 * they do. For those who run pairs over a wire of their own.
	 * @param runs called once for each connection
	 * @param <I> the type of the messages that come in
	 * @param <O> the type of the messages that go out
	 * @return a pair
	 */
	public static <I, O> InOut<I, O> ofRuns(Supplier<RunningPair<I>> runs) {
		Assert.notNull(runs, "'runs' must not be null");
		return new InOut<>(runs);
	}

	/**
	 * Adds something to do when the connection is there. As {@link In#whenOpen}, for
	 * pairs of any kind.
	 * @param action may block, which keeps messages of this connection waiting
	 * @return a pair that does this too
	 */
	public InOut<I, O> whenOpen(Runnable action) {
		Assert.notNull(action, "'action' must not be null");
		return observed((receiver) -> ObservedReceiver.whenOpen(receiver, action));
	}

	/**
	 * Adds something to do when the connection has ended, however it ended. As
	 * {@link In#whenDone(Runnable)}, for pairs of any kind.
	 * @param action may block
	 * @return a pair that does this too
	 */
	public InOut<I, O> whenDone(Runnable action) {
		Assert.notNull(action, "'action' must not be null");
		return whenDone((status) -> action.run());
	}

	/**
	 * Adds something to do when the connection has ended, however it ended. As
	 * {@link In#whenDone(Consumer)}, for pairs of any kind.
	 * @param action may block; gets the close status
	 * @return a pair that does this too
	 */
	public InOut<I, O> whenDone(Consumer<? super CloseStatus> action) {
		Assert.notNull(action, "'action' must not be null");
		return observed((receiver) -> ObservedReceiver.whenDone(receiver, action));
	}

	private InOut<I, O> observed(UnaryOperator<Receiver<I>> observer) {
		return new InOut<>(() -> {
			RunningPair<I> run = this.runs.get();
			return new RunningPair<>(observer.apply(run.in()), run.out());
		});
	}

	/**
	 * Starts a run for one connection. For those who run pairs over a wire of their own.
	 * @return the run, not started
	 */
	public RunningPair<I> run() {
		return this.runs.get();
	}

}

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

import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.util.Assert;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;

/**
 * What to do with the messages that come in from a client. Play's {@code Iteratee}.
 * <p>
 * An immutable description, cheap to make, thread-safe, and run once for each connection.
 * The messages of one connection are handled strictly in order, one at a time; while a
 * handler is at work, or a pipeline asks for nothing, no more is read from the socket. A
 * handler may block the thread that it is called on, which is one of the web server's.
 * <p>
 * A handler that throws is the business of the application's
 * {@code @MessageExceptionHandler}s; if there is none, the connection is closed with
 * 1011.
 *
 * @param <T> the type of the messages
 * @since 0.1
 */
public final class In<T> {

	private final Supplier<? extends Receiver<T>> receivers;

	private In(Supplier<? extends Receiver<T>> receivers) {
		this.receivers = receivers;
	}

	/**
	 * Calls a function with each message. Where something follows, such as
	 * {@link #whenDone(Runnable) whenDone}, the lambda says what it takes:
	 * {@code In.forEach((Say say) -> …).whenDone(…)}.
	 * @param handler called with one message after the other; may block and throw
	 * @param <T> the type of the messages
	 * @return an in
	 */
	public static <T> In<T> forEach(Consumer<? super T> handler) {
		Assert.notNull(handler, "'handler' must not be null");
		Receiver<T> receiver = (message) -> {
			handler.accept(message);
			return null;
		};
		return new In<>(() -> receiver);
	}

	/**
	 * Calls a function with each message, and waits until what it returns has completed
	 * before it takes the next one. At most 16 KB and one message are read ahead, so that
	 * pings are answered meanwhile and the end of the connection is seen. Messages that
	 * came before the peer's end are handled after it, too.
	 * @param handler returns a {@code Publisher}, a {@code CompletionStage} or any other
	 * type that {@code ReactiveAdapterRegistry} knows, whose elements are ignored
	 * @param <T> the type of the messages
	 * @return an in
	 */
	public static <T> In<T> forEachAsync(Function<? super T, ?> handler) {
		Assert.notNull(handler, "'handler' must not be null");
		Receiver<T> receiver = (message) -> {
			Object result = handler.apply(message);
			Assert.state(result != null, "An asynchronous message handler returned null (expected: a Publisher, a "
					+ "CompletionStage or another reactive type)");
			return Reactive.toPublisher(result);
		};
		return new In<>(() -> receiver);
	}

	/**
	 * Drops all messages unseen.
	 * @param <T> the type of the messages
	 * @return an in
	 */
	public static <T> In<T> ignore() {
		return new In<>(IgnoringReceiver::new);
	}

	/**
	 * Folds the messages of a connection into one value, and hands it over when the
	 * connection has ended.
	 * @param seed the value to start with; shared by all connections, so immutable
	 * @param folder returns the next value
	 * @param whenDone takes the last value; called once
	 * @param <T> the type of the messages
	 * @param <S> the type of the value
	 * @return an in
	 */
	public static <T, S> In<T> fold(S seed, BiFunction<? super S, ? super T, ? extends S> folder,
			Consumer<? super S> whenDone) {
		Assert.notNull(folder, "'folder' must not be null");
		Assert.notNull(whenDone, "'whenDone' must not be null");
		return new In<>(() -> new FoldingReceiver<>(seed, folder, whenDone));
	}

	/**
	 * Passes the messages through a pipeline of Reactor's operators. The pipeline's
	 * demand is what is read from the socket; at most 16 KB and one message are read
	 * ahead. The pipeline's input completes when the connection has ended, however it
	 * ended. When the pipeline itself ends before that, the connection is closed: with
	 * 1000, or with 1011 if it failed.
	 * @param pipeline called once for each connection; what it emits is ignored
	 * @param <T> the type of the messages
	 * @return an in
	 */
	public static <T> In<T> through(Function<? super Flux<T>, ? extends Publisher<?>> pipeline) {
		Assert.notNull(pipeline, "'pipeline' must not be null");
		return new In<>(() -> new PipelineReceiver<>(pipeline));
	}

	/**
	 * As {@link #through(Function)}, for a pipeline that ends in any type that
	 * {@code ReactiveAdapterRegistry} knows, such as RxJava's or Mutiny's.
	 * @param pipeline called once for each connection; what it emits is ignored
	 * @param <T> the type of the messages
	 * @return an in
	 */
	public static <T> In<T> throughReactive(Function<? super Flux<T>, ?> pipeline) {
		Assert.notNull(pipeline, "'pipeline' must not be null");
		return through((messages) -> Reactive.toPublisher(pipeline.apply(messages)));
	}

	/**
	 * Adds something to do when the connection is there: after a handshake that succeeded
	 * and after {@code out} was attached, before the first message is handled, and after
	 * what was added before. It runs once. With {@link #whenDone(Runnable) whenDone}, to
	 * join and to leave are two lines.
	 * <p>
	 * If it throws, that is treated as a handler's failure: an
	 * {@code @MessageExceptionHandler} may answer, otherwise the connection is closed
	 * with 1011. A connection that was gone before it opened runs {@code whenDone} alone.
	 * @param action may block, which keeps messages of this connection waiting
	 * @return an in that does this too
	 */
	public In<T> whenOpen(Runnable action) {
		Assert.notNull(action, "'action' must not be null");
		return new In<>(() -> ObservedReceiver.whenOpen(this.receivers.get(), action));
	}

	/**
	 * Adds something to do when the connection has ended, however it ended. It runs
	 * exactly once, after the handler that may be at work or the pipeline has completed,
	 * and after what was added before. A handler or pipeline that never completes keeps
	 * it from running.
	 * @param action may block
	 * @return an in that does this too
	 */
	public In<T> whenDone(Runnable action) {
		Assert.notNull(action, "'action' must not be null");
		return whenDone((status) -> action.run());
	}

	/**
	 * Adds something to do when the connection has ended, however it ended. It runs
	 * exactly once, after the handler that may be at work or the pipeline has completed,
	 * and after what was added before. A handler or pipeline that never completes keeps
	 * it from running.
	 * @param action may block; gets the close status: the peer's or ours, 1005 if the
	 * peer's had none, 1006 if there was no closing handshake
	 * @return an in that does this too
	 */
	public In<T> whenDone(Consumer<? super CloseStatus> action) {
		Assert.notNull(action, "'action' must not be null");
		return new In<>(() -> ObservedReceiver.whenDone(this.receivers.get(), action));
	}

	Receiver<T> receiver() {
		return this.receivers.get();
	}

	private static final class IgnoringReceiver<T> implements Receiver<T> {

		@Override
		public @Nullable Publisher<?> receive(T message) {
			return null;
		}

		@Override
		public boolean isIgnoring() {
			return true;
		}

	}

	private static final class FoldingReceiver<T, S> implements Receiver<T> {

		private S value;

		private final BiFunction<? super S, ? super T, ? extends S> folder;

		private final Consumer<? super S> whenDone;

		FoldingReceiver(S seed, BiFunction<? super S, ? super T, ? extends S> folder, Consumer<? super S> whenDone) {
			this.value = seed;
			this.folder = folder;
			this.whenDone = whenDone;
		}

		@Override
		public @Nullable Publisher<?> receive(T message) {
			this.value = this.folder.apply(this.value, message);
			return null;
		}

		@Override
		public void done(CloseStatus status) {
			this.whenDone.accept(this.value);
		}

	}

}

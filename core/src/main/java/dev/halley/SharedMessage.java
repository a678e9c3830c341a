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

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * A message on its way to many connections. It carries its encoded forms, so that it is
 * encoded once for each encoder, however many connections take it. A {@link Hub} wraps
 * what is published; operators of {@link Out} unwrap it before user code sees it.
 * <p>
 * Thread-safe. Two connections that need the same form at the same time get the same one:
 * the second waits while the first encodes. An encoder may publish, to the hub that the
 * message comes from as well: that is delivered by another thread.
 *
 * @param <T> the type of the message
 * @since 0.1
 */
public sealed class SharedMessage<T> permits PublishedMessage, PlacedMessage {

	private final @Nullable T message;

	private final AtomicReference<@Nullable Form> forms = new AtomicReference<>();

	/**
	 * Wraps a message.
	 * @param message the message
	 */
	public SharedMessage(T message) {
		this.message = message;
	}

	/** For a message that is decoded when it is asked for. */
	SharedMessage() {
		this.message = null;
	}

	/**
	 * Returns the message.
	 * @return the message
	 * @throws RuntimeException if it came encoded, from another machine, and cannot be
	 * decoded
	 */
	public T message() {
		return Objects.requireNonNull(this.message);
	}

	/**
	 * Returns the encoded form in which this message came, so that an encoder that would
	 * make the same need not.
	 * @return what came, in a form that encoders know, or {@code null} if the message was
	 * not encoded
	 */
	public @Nullable Object received() {
		return null;
	}

	/**
	 * Returns the form of this message that an encoder makes, and makes it if this is the
	 * first time.
	 * @param encoder what encodes; equal encoders make the same form
	 * @param <E> the type of the encoded form
	 * @return the encoded form
	 * @throws Exception what the encoder threw, to each caller; an
	 * {@link IllegalStateException} for an encoder that asks for its own form
	 */
	@SuppressWarnings("unchecked")
	public <E> E encodedBy(Function<Object, E> encoder) throws Exception {
		Form form = find(encoder);
		if (form == null) {
			form = add(encoder, () -> encoder.apply(message()));
		}
		return (E) form.get();
	}

	/**
	 * As {@link #encodedBy}, of this message and its position together.
	 * @param encoder what encodes; equal encoders make the same form
	 * @param <E> the type of the encoded form
	 * @return the encoded form
	 * @throws IllegalStateException if this has no position, or for an encoder that asks
	 * for its own form
	 * @throws Exception what the encoder threw, to each caller
	 */
	@SuppressWarnings("unchecked")
	public <E> E encodedWithPositionBy(BiFunction<Object, Position, E> encoder) throws Exception {
		Form form = find(encoder);
		if (form == null) {
			Position position = position();
			Assert.state(position != null, "The message has no position");
			form = add(encoder, () -> encoder.apply(message(), position));
		}
		return (E) form.get();
	}

	/**
	 * Returns where this is in the order of its hub: whoever comes back with it gets what
	 * comes after.
	 * @return the position, or {@code null} if nobody can come back: it is of no hub, or
	 * of one without a history
	 */
	public @Nullable Position position() {
		return null;
	}

	private @Nullable Form find(Object encoder) {
		Form form = this.forms.get();
		while (form != null && !form.encoding.encoder.equals(encoder)) {
			form = form.next;
		}
		return form;
	}

	private Form add(Object encoder, Callable<?> encoding) {
		while (true) {
			Form first = this.forms.get();
			Form found = find(encoder);
			if (found != null) {
				return found;
			}
			Form form = new Form(new Encoding(encoder, encoding), first);
			if (this.forms.compareAndSet(first, form)) {
				return form;
			}
		}
	}

	@Override
	public String toString() {
		try {
			return "SharedMessage[" + message() + "]";
		}
		catch (RuntimeException ex) {
			return "SharedMessage[" + ((this.message != null) ? "a " + this.message.getClass().getName() : "encoded")
					+ ", which cannot be printed]";
		}
	}

	private static final class Form extends FutureTask<Object> {

		private final Encoding encoding;

		private final @Nullable Form next;

		Form(Encoding encoding, @Nullable Form next) {
			super(encoding);
			this.encoding = encoding;
			this.next = next;
		}

		/**
		 * Encodes, or waits for the thread that does. A wait that is interrupted goes on,
		 * with the interrupt kept for later: encoding is short.
		 */
		@Override
		public Object get() {
			if (this.encoding.thread == Thread.currentThread()) {
				throw new IllegalStateException("An encoder asked for the form that it makes");
			}
			encode();
			boolean interrupted = false;
			try {
				while (true) {
					try {
						return super.get();
					}
					catch (InterruptedException ex) {
						interrupted = true;
					}
					catch (ExecutionException ex) {
						throw sneaky(ex.getCause());
					}
				}
			}
			finally {
				if (interrupted) {
					Thread.currentThread().interrupt();
				}
			}
		}

		/** Does nothing if it was encoded or another thread does it. */
		private void encode() {
			if (isDone()) {
				return;
			}
			boolean outermost = Delivering.enter();
			try {
				run();
			}
			finally {
				if (outermost) {
					Delivering.leave();
				}
			}
		}

		@SuppressWarnings("unchecked")
		private static <X extends Throwable> RuntimeException sneaky(@Nullable Throwable cause) throws X {
			throw (X) ((cause != null) ? cause : new IllegalStateException("Encoding was cancelled"));
		}

	}

	/** Knows which thread it runs on, while it does. */
	private static final class Encoding implements Callable<@Nullable Object> {

		private final Object encoder;

		private final Callable<?> encoding;

		private volatile @Nullable Thread thread;

		Encoding(Object encoder, Callable<?> encoding) {
			this.encoder = encoder;
			this.encoding = encoding;
		}

		@Override
		public @Nullable Object call() throws Exception {
			this.thread = Thread.currentThread();
			try {
				return this.encoding.call();
			}
			finally {
				this.thread = null;
			}
		}

	}

}

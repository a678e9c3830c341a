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

import java.util.function.ToLongFunction;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import reactor.util.context.ContextView;

/**
 * The limits of what may wait for a slow peer, and what happens beyond them. A connection
 * puts its own into the Reactor context, under the class as key, before it subscribes to
 * an {@link Out}; sources that do not wait for demand (hubs, channels) read it there. An
 * {@code Out} that is subscribed to without one gets the {@linkplain #DEFAULT default}.
 *
 * @param messages the most messages that may wait, at least 1
 * @param bytes the most bytes of messages that may wait, at least 1; a single larger
 * message passes when nothing else waits
 * @param overflow what happens when one more does not fit
 * @param weigher tells the encoded size of a message in bytes and may encode it to know,
 * or {@code null} if sizes are to be estimated: strings by their length, which is also
 * done for those that are pushed into a channel, byte arrays by theirs, all else as
 * nothing. Asked only for what waits, in the form in which it will be sent: after
 * {@code map} and {@code filter}. What waits before a pipeline ({@link Out#through}), or
 * is changed after others were {@linkplain Out#interleave interleaved}, is estimated
 * @since 0.1
 */
public record SendBuffer(int messages, long bytes, Overflow overflow, @Nullable ToLongFunction<Object> weigher) {

	/**
	 * 256 messages, 1 MiB, {@link Overflow#CLOSE}.
	 */
	public static final SendBuffer DEFAULT = new SendBuffer(256, 1 << 20, Overflow.CLOSE, null);

	public SendBuffer {
		Assert.isTrue(messages > 0, () -> "messages: " + messages + " (expected: > 0)");
		Assert.isTrue(bytes > 0, () -> "bytes: " + bytes + " (expected: > 0)");
		Assert.notNull(overflow, "'overflow' must not be null");
	}

	/**
	 * Returns these limits with another way to weigh messages.
	 * @param weigher tells the encoded size of a message in bytes
	 * @return the new limits
	 */
	public SendBuffer withWeigher(ToLongFunction<Object> weigher) {
		return new SendBuffer(this.messages, this.bytes, this.overflow, weigher);
	}

	/** These limits where messages are not yet what the connection encodes. */
	SendBuffer withoutWeigher() {
		return (this.weigher != null) ? new SendBuffer(this.messages, this.bytes, this.overflow, null) : this;
	}

	static SendBuffer from(ContextView context) {
		return context.<SendBuffer>getOrEmpty(SendBuffer.class).orElse(DEFAULT);
	}

	/** The most messages that wait: one is enough where only the latest counts. */
	int capacity() {
		return (this.overflow != Overflow.LATEST) ? this.messages : 1;
	}

	/** The same element, as one that keeps the form that weighing makes. */
	Object weighable(Object element) {
		boolean asItIs = this.weigher == null || element instanceof String || element instanceof SharedMessage<?>
				|| Elements.isSignal(element);
		return asItIs ? element : new SharedMessage<>(element);
	}

	/**
	 * The size of an element. One that cannot be encoded is estimated; it fails again,
	 * and is reported, where it is sent.
	 */
	long weigh(Object element) {
		if (this.weigher != null && element instanceof SharedMessage<?>) {
			try {
				return Math.max(0, this.weigher.applyAsLong(element));
			}
			catch (Throwable ex) {
				return estimate(element);
			}
		}
		return estimate(element);
	}

	private static long estimate(Object element) {
		Object message = Elements.unwrap(element);
		if (message instanceof String text) {
			return text.length();
		}
		return (message instanceof byte[] bytes) ? bytes.length : 0;
	}

}

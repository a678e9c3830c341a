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

/**
 * Sees to it that a stack does not end within Halley. Code of the application that calls
 * itself without end, and Halley on the way, ends its stack wherever the last call goes
 * deepest: in the middle of a write, or of what a container does about one. A lock of
 * {@code java.util.concurrent} that is held then stays taken for ever, since there is no
 * stack left to give it back on, and those of containers are everybody's: the queue of
 * the threads that serve requests, the pool of buffers, the selector. So whatever the
 * application may call, and that goes deep, asks for this reserve first, before anything
 * is changed. The {@link StackOverflowError} comes here then, and goes to whom it
 * belongs.
 * <p>
 * There is nothing in Java that tells how much of a stack is left, so the reserve is
 * tried: by calls to that depth which do nothing. That takes half a microsecond, a small
 * part of what a write costs, and is done once for a message to however many subscribers.
 * Whoever calls where no stack can be near its end does without it: deliveries that are
 * under way in a reserve already, a source while it is asked, and what a handler sends on
 * the thread that reads, which is written after the handler's return, up to a
 * {@linkplain #SAFE_CALLS number of calls}.
 * <p>
 * Any thread. Of no use to applications.
 *
 * @since 0.1
 */
public final class StackReserve {

	/**
	 * With how few calls no stack is used up that begins with Halley's own call of the
	 * application: of 1 MB, 8 KB would have to lie between each two.
	 */
	public static final int SAFE_CALLS = 128;

	/** Of at least 48 bytes each: 16 KB, twice what a write needs where it needs most. */
	private static final int LEVELS = 16 * 1024 / 48;

	/** For what lies between {@link #require} and {@link #requireWithin}: 4 KB. */
	private static final int BETWEEN = LEVELS / 4;

	private StackReserve() {
	}

	/**
	 * Returns if a write may be made on the stack of this thread, and somewhat more.
	 * @throws StackOverflowError if its end is near
	 */
	public static void require() {
		descend(LEVELS + BETWEEN, 1, 2, 3, 4, 5);
	}

	/**
	 * Returns if a write may be made on the stack of this thread, for what may be called
	 * on its own or from within Halley, where {@link #require} has been asked some calls
	 * before: it does not refuse there what has begun.
	 * @throws StackOverflowError if its end is near
	 */
	public static void requireWithin() {
		descend(LEVELS, 1, 2, 3, 4, 5);
	}

	/**
	 * Returns if this thread delivers what was published or pushed, for which it has made
	 * sure of the reserve, or if a write may be made on its stack.
	 * @throws StackOverflowError if its end is near
	 */
	public static void requireOutsideDeliveries() {
		if (!Delivering.isUnderWay()) {
			require();
		}
	}

	/** What each level has to keep while the next is at work makes it large. */
	private static long descend(int levels, long a, long b, long c, long d, long e) {
		return (levels == 0) ? a : descend(levels - 1, b, c, d, e, a) + a + b + c + d + e;
	}

	/**
	 * Sees to the reserve where that depends on who is called: found in the context of
	 * subscribers that know better when it can be done without.
	 */
	@FunctionalInterface
	public interface Check {

		/**
		 * Returns if there is stack enough.
		 * @throws StackOverflowError if its end is near
		 */
		void require();

	}

}

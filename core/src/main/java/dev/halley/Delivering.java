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
 * Whether this thread is in the middle of delivering to subscribers, or of encoding a
 * message that others wait for. What user code publishes in there is delivered by another
 * thread: on this one it would wait for what is in progress, or, where each subscriber
 * publishes, go as deep as there are subscribers.
 */
final class Delivering {

	private static final ThreadLocal<Boolean> WITHIN = new ThreadLocal<>();

	private Delivering() {
	}

	/**
	 * Begins.
	 * @return whether this thread was not in there, so that it has to {@link #leave}
	 */
	static boolean enter() {
		if (WITHIN.get() != null) {
			return false;
		}
		WITHIN.set(true);
		return true;
	}

	static boolean isUnderWay() {
		return WITHIN.get() != null;
	}

	static void leave() {
		WITHIN.remove();
	}

}

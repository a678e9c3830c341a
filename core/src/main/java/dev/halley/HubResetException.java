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
 * Signals that a subscriber wanted to go on where it was, that the history of the
 * {@link Hub} does not reach so far back, and that nothing was said about what to do
 * then. So for a reader of a {@link Recorded} source that was begun anew meanwhile.
 *
 * @since 0.1
 * @see Hub#out(Replay, java.util.function.Function)
 */
public final class HubResetException extends RuntimeException {

	HubResetException(String name) {
		super("The history of hub '" + name
				+ "' does not reach back to where the subscriber was. To go on all the same,"
				+ " give hub.out(replay, onReset) what to send in place of what is missing, or use hub.events(replay)",
				null, false, false);
	}

	private HubResetException(String recorded, String remedy) {
		super("Recorded source '" + recorded + "' is not the one that the reader was in. " + remedy, null, false,
				false);
	}

	static HubResetException ofRecorded(String name) {
		return new HubResetException(name, "To go on from its start, give recorded.out(replay, onReset) what to send"
				+ " in place of what is missing, or use recorded.events(replay)");
	}

}

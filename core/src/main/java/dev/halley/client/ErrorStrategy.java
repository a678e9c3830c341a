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

package dev.halley.client;

import java.time.Duration;

import org.springframework.util.Assert;

/**
 * Decides for each loss whether there is another attempt. Called by many threads; must
 * not block.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface ErrorStrategy {

	/**
	 * Decides.
	 * @param loss what has happened
	 * @return what to do about it
	 */
	Reaction decide(ConnectionLoss loss);

	/**
	 * Comes back after what may pass, and gives up where the same would come again.
	 * <ul>
	 * <li>no answer, a stream that has ended or broke off, 5xx, and the close statuses
	 * 1001, 1006, 1011, 1012, 1013 and 1014: comes back</li>
	 * <li>408, 425, 429, 503: comes back after {@code Retry-After}, if there is one, in
	 * seconds or as a date, of an hour at most</li>
	 * <li>401, 403 and all other answers, all other close statuses, such as 1008, 1003
	 * and 4000, and failures of the application's own code: gives up</li>
	 * <li>1000, or a Close without a status: the end</li>
	 * </ul>
	 * @return the strategy
	 */
	static ErrorStrategy standard() {
		return StandardErrors.INSTANCE;
	}

	/**
	 * Gives up after a number of losses in a row, and leaves all others to this.
	 * @param most after how many attempts that have not lasted to give up
	 * @return the strategy
	 */
	default ErrorStrategy atMost(int most) {
		Assert.isTrue(most > 0, () -> "most: " + most + " (expected: > 0)");
		return (loss) -> (loss.inARow() >= most) ? Reaction.GIVE_UP : decide(loss);
	}

	/**
	 * What to do about a loss.
	 *
	 * @param comesBack whether there is another attempt
	 * @param pause how long to wait at least, on top of which comes the delay of
	 * {@link ConnectStrategy}
	 */
	record Reaction(boolean comesBack, Duration pause) {

		/**
		 * There is no other attempt.
		 */
		public static final Reaction GIVE_UP = new Reaction(false, Duration.ZERO);

		/**
		 * There is another attempt, after the delay of {@link ConnectStrategy}.
		 */
		public static final Reaction COME_BACK = new Reaction(true, Duration.ZERO);

		public Reaction {
			Assert.notNull(pause, "'pause' must not be null");
			Assert.isTrue(!pause.isNegative(), () -> "pause: " + pause + " (expected: >= 0)");
		}

		/**
		 * There is another attempt, but not before a time is over.
		 * @param pause the time
		 * @return the reaction
		 */
		public static Reaction comeBackAfter(Duration pause) {
			return new Reaction(true, pause);
		}

	}

}

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

import java.util.List;
import java.util.Random;

/**
 * Numbers from which tests do what they do at random. {@code -Dhubs.seed=SEED} repeats
 * one of them; {@code -Dhubs.runs} sets how many there are.
 */
public final class Seeds {

	private Seeds() {
	}

	/**
	 * Returns so many of them, unless something else is set.
	 */
	public static List<Long> of(int runs) {
		String seed = System.getProperty("hubs.seed");
		if (seed != null) {
			return List.of(Long.valueOf(seed));
		}
		return new Random().longs(Integer.getInteger("hubs.runs", runs)).boxed().toList();
	}

}

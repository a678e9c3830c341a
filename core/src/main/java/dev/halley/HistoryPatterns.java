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

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import org.springframework.util.PatternMatchUtils;
import org.springframework.util.StringUtils;

/**
 * Which hubs keep which history, by patterns of their names. Of several that fit, the one
 * with the most characters other than {@code *} counts.
 */
final class HistoryPatterns {

	private static final Comparator<Entry<String, History>> MOST_SPECIFIC_FIRST = Comparator
		.<Entry<String, History>>comparingInt((entry) -> -specificity(entry.getKey()))
		.thenComparingInt((entry) -> entry.getKey().length())
		.thenComparing(Entry::getKey);

	static final HistoryPatterns NONE = new HistoryPatterns(Map.of());

	private final List<Entry<String, History>> histories;

	HistoryPatterns(Map<String, History> histories) {
		Assert.notNull(histories, "'histories' must not be null");
		histories.keySet().forEach((pattern) -> Assert.hasText(pattern, "A pattern of names must not be empty"));
		this.histories = Map.copyOf(histories).entrySet().stream().sorted(MOST_SPECIFIC_FIRST).toList();
	}

	private static int specificity(String pattern) {
		return pattern.length() - StringUtils.countOccurrencesOf(pattern, "*");
	}

	@Nullable History find(String name) {
		for (Entry<String, History> entry : this.histories) {
			if (PatternMatchUtils.simpleMatch(entry.getKey(), name)) {
				return entry.getValue();
			}
		}
		return null;
	}

}

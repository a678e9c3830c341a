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

package dev.halley.boot;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.unit.DataSize;

/**
 * Checks values of properties, so that what cannot work is found at start-up.
 */
final class PropertyChecks {

	private static final Duration SHORTEST = Duration.ofMillis(1);

	private static final Duration LONGEST = Duration.ofDays(365);

	/** An array of bytes cannot be much larger. */
	private static final DataSize LARGEST = DataSize.ofMegabytes(2047);

	private PropertyChecks() {
	}

	static int count(String property, int value) {
		check(value > 0, property, value, "more than 0");
		return value;
	}

	static int countOrZero(String property, int value) {
		check(value >= 0, property, value, "more than 0, or 0 for no limit");
		return value;
	}

	static int size(String property, DataSize value) {
		check(value.toBytes() > 0, property, value, "more than 0B");
		return sizeOrZero(property, value);
	}

	static int sizeOrZero(String property, DataSize value) {
		check(!value.isNegative(), property, value, "not less than 0B");
		check(value.compareTo(LARGEST) <= 0, property, value, "2047MB at most");
		return (int) value.toBytes();
	}

	/** A size within bounds of its own. */
	static int size(String property, DataSize value, DataSize smallest, DataSize largest) {
		check(value.compareTo(smallest) >= 0, property, value, shown(smallest) + " at least");
		check(value.compareTo(largest) <= 0, property, value, shown(largest) + " at most");
		return (int) value.toBytes();
	}

	private static String shown(DataSize size) {
		return (size.toMegabytes() > 0) ? size.toMegabytes() + "MB" : size.toBytes() + "B";
	}

	static Duration time(String property, Duration value) {
		check(value.compareTo(SHORTEST) >= 0, property, value, "1ms at least");
		check(value.compareTo(LONGEST) <= 0, property, value, "365d at most");
		return value;
	}

	/** A time that may be left out. */
	static Duration timeOrZero(String property, Duration value, String meaning) {
		check(value.isZero() || value.compareTo(SHORTEST) >= 0, property, value, "1ms at least, or 0 for " + meaning);
		return value.isZero() ? value : time(property, value);
	}

	/** A time that another one has to fit into. */
	static Duration longerThan(String other, Duration shorter, String property, Duration value, String reason) {
		check(value.compareTo(shorter) > 0, property, value,
				"more than " + other + " (" + DurationStyle.SIMPLE.print(shorter, unit(shorter)) + "), " + reason);
		return time(property, value);
	}

	private static ChronoUnit unit(Duration value) {
		return (value.toMillisPart() > 0) ? ChronoUnit.MILLIS : ChronoUnit.SECONDS;
	}

	private static void check(boolean valid, String property, Object value, String expected) {
		if (!valid) {
			throw new InvalidConfigurationPropertyValueException(property, value, "Expected: " + expected);
		}
	}

}

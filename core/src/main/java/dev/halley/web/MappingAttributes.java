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

package dev.halley.web;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.StringValueResolver;

import dev.halley.Overflow;
import dev.halley.stream.StreamOverrides;

/**
 * The attributes of a method's mapping, placeholders resolved.
 */
record MappingAttributes(EndpointMethod method, MergedAnnotation<?> mapping, StringValueResolver placeholders) {

	private static final Duration SHORTEST = Duration.ofMillis(1);

	private static final Duration LONGEST = Duration.ofDays(365);

	List<String> strings(String name) {
		return Stream.of(this.mapping.getStringArray(name)).map(this::resolve).toList();
	}

	String string(String name) {
		return resolve(this.mapping.getString(name));
	}

	private String resolve(String value) {
		return Objects.requireNonNullElse(this.placeholders.resolveStringValue(value), "");
	}

	/** A flag that may be left to the configuration. */
	boolean flag(String name, boolean configured) {
		boolean[] values = this.mapping.getBooleanArray(name);
		checkSingle(name, values.length);
		return (values.length == 1) ? values[0] : configured;
	}

	/** What a stream does differently from what is configured. */
	StreamOverrides overrides() {
		Overflow[] overflow = this.mapping.getEnumArray("overflow", Overflow.class);
		checkSingle("overflow", overflow.length);
		return new StreamOverrides(duration("timeout", null), heartbeat(), (overflow.length == 1) ? overflow[0] : null);
	}

	private @Nullable Duration heartbeat() {
		Duration heartbeat = duration("heartbeat", null);
		if (heartbeat != null && heartbeat.isZero()) {
			throw badDuration("heartbeat", string("heartbeat"), null);
		}
		return heartbeat;
	}

	private void checkSingle(String name, int count) {
		if (count > 1) {
			throw this.method.invalid("'" + name + "' has " + count + " values", "one, or none");
		}
	}

	@Nullable Duration duration(String name, @Nullable Duration configured) {
		String value = string(name);
		return value.isEmpty() ? configured : parse(name, value);
	}

	private Duration parse(String name, String value) {
		try {
			Duration duration = DurationFormatterUtils.detectAndParse(value, DurationFormat.Unit.MILLIS);
			if (duration.isZero() || (duration.compareTo(SHORTEST) >= 0 && duration.compareTo(LONGEST) <= 0)) {
				return duration;
			}
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			throw badDuration(name, value, ex);
		}
		throw badDuration(name, value, null);
	}

	private InvalidMappingException badDuration(String name, String value, @Nullable Exception cause) {
		return this.method.invalid("'" + name + "' is '" + value + "'",
				"a duration of 1ms to 365d, such as 10s or 5m, or 0", cause);
	}

}

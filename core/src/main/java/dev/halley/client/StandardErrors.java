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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;

/**
 * The standard {@link ErrorStrategy}.
 *
 * @param clock what dates are compared with
 */
record StandardErrors(Clock clock) implements ErrorStrategy {

	static final StandardErrors INSTANCE = new StandardErrors(Clock.systemUTC());

	private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

	/** The answers that may pass, besides those of 5xx. */
	private static final Set<Integer> PASSING = Set.of(408, 425, 429);

	private static final Set<Integer> COME_AGAIN = Set.of(1001, 1006, 1011, 1012, 1013, 1014);

	@Override
	public Reaction decide(ConnectionLoss loss) {
		Throwable failure = loss.failure();
		if (failure != null && loss.status() != null) {
			// It was open: what failed is the application's own code
			return Reaction.GIVE_UP;
		}
		if (failure instanceof ConnectFailedException refused) {
			return decide(refused.status(), refused.headers());
		}
		if (failure != null) {
			boolean broken = failure instanceof IOException || failure instanceof UncheckedIOException;
			return broken ? Reaction.COME_BACK : Reaction.GIVE_UP;
		}
		boolean again = loss.status() == null || COME_AGAIN.contains(loss.status().getCode());
		return again ? Reaction.COME_BACK : Reaction.GIVE_UP;
	}

	private Reaction decide(@Nullable HttpStatusCode status, HttpHeaders headers) {
		if (status == null) {
			return Reaction.COME_BACK;
		}
		if (!status.is5xxServerError() && !PASSING.contains(status.value())) {
			return Reaction.GIVE_UP;
		}
		return Reaction.comeBackAfter(retryAfter(headers.getFirst(HttpHeaders.RETRY_AFTER)));
	}

	/** Seconds, or a date (RFC 9110 section 10.2.3); anything else says nothing. */
	Duration retryAfter(@Nullable String value) {
		if (value == null) {
			return Duration.ZERO;
		}
		Duration pause = value.strip().matches("\\d{1,9}") ? Duration.ofSeconds(Long.parseLong(value.strip()))
				: untilDate(value.strip());
		if (pause.isNegative()) {
			return Duration.ZERO;
		}
		return (pause.compareTo(LONGEST_PAUSE) > 0) ? LONGEST_PAUSE : pause;
	}

	private Duration untilDate(String date) {
		try {
			return Duration.between(this.clock.instant(),
					ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
		}
		catch (DateTimeException ex) {
			return Duration.ZERO;
		}
	}

}

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

package dev.halley.test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.halley.Hub;
import dev.halley.test.MemberChange.Kind;

/**
 * What a {@link HubTester} expects of those who are present. It begins to read who that
 * is when it is asked first.
 */
final class MemberExpectations {

	private final Hub<?> hub;

	private final HubReading reading;

	private @Nullable PairTester<Void, Object> presence;

	MemberExpectations(Hub<?> hub, HubReading reading) {
		this.hub = hub;
		this.reading = reading;
	}

	/** Expects that these change so next, in whatever order. */
	void expect(Kind kind, String... members) {
		List<String> missing = new ArrayList<>(Arrays.asList(members));
		while (!missing.isEmpty()) {
			String expected = "that " + String.join(" and ", missing) + " " + kind.verb();
			PairTester<Void, Object> presence = presence();
			MemberChange next = (MemberChange) HubReading.take(presence, expected);
			if (next.kind() != kind || !missing.remove(next.member())) {
				throw presence.failure("expected " + expected + ", but " + next);
			}
		}
	}

	private PairTester<Void, Object> presence() {
		PairTester<Void, Object> presence = this.presence;
		if (presence == null) {
			presence = this.reading.open(this.hub.presence().through((events) -> {
				MemberChange.Roster roster = new MemberChange.Roster();
				return events.concatMapIterable(roster::changes);
			}));
			this.presence = presence;
		}
		return presence;
	}

	void close() {
		PairTester<Void, Object> presence = this.presence;
		if (presence != null) {
			presence.close();
		}
	}

}

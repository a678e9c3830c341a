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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A reader of who is present: applies what it is told, and checks that nothing
 * contradicts what it was told before.
 */
final class PresenceLog {

	final StrictSubscriber subscriber;

	/** Who is present, as far as it was told. */
	final Map<String, Object> members = new LinkedHashMap<>();

	private final List<HubEvent<?>> events = new ArrayList<>();

	private PresenceLog(StrictSubscriber subscriber) {
		this.subscriber = subscriber;
	}

	static PresenceLog of(Hub<?> hub) {
		return of(hub, StrictSubscriber.unbounded());
	}

	static PresenceLog of(Hub<?> hub, StrictSubscriber subscriber) {
		hub.presence().elements().subscribe(subscriber);
		return new PresenceLog(subscriber);
	}

	/** Applies what came since. */
	PresenceLog read() {
		List<Object> messages = this.subscriber.messages();
		for (int i = this.events.size(); i < messages.size(); i++) {
			HubEvent<?> event = (HubEvent<?>) messages.get(i);
			check(event);
			apply(event);
			this.events.add(event);
		}
		this.subscriber.assertRulesKept();
		return this;
	}

	private void check(HubEvent<?> event) {
		if (this.events.isEmpty()) {
			assertThat(event).isInstanceOf(HubEvent.Presence.class);
			return;
		}
		HubEvent<?> before = this.events.get(this.events.size() - 1);
		assertThat(event.position().epoch()).isEqualTo(before.position().epoch());
		assertThat(event.position().offset()).as("%s after %s", event, before)
			.isGreaterThan(before.position().offset());
	}

	private void apply(HubEvent<?> event) {
		if (event instanceof HubEvent.Presence<?> presence) {
			this.members.clear();
			this.members.putAll(presence.members());
		}
		else if (event instanceof HubEvent.Joined<?> joined) {
			assertThat(joined.members()).isNotEmpty().doesNotContainKeys(this.members.keySet().toArray(String[]::new));
			this.members.putAll(joined.members());
		}
		else if (event instanceof HubEvent.Changed<?> changed) {
			assertThat(this.members).containsKeys(changed.members().keySet().toArray(String[]::new));
			changed.members().forEach((name, data) -> assertThat(this.members.put(name, data)).isNotEqualTo(data));
		}
		else if (event instanceof HubEvent.Left<?> left) {
			assertThat(left.members()).isNotEmpty();
			left.members().forEach((name) -> assertThat(this.members.remove(name)).as(name).isNotNull());
		}
		else {
			throw new AssertionError(event);
		}
	}

	/** What came, and was not taken before, in short. */
	List<String> take() {
		int from = this.events.size();
		read();
		return this.events.stream().skip(from).map(PresenceLog::shown).toList();
	}

	List<HubEvent<?>> events() {
		return read().events;
	}

	private static String shown(HubEvent<?> event) {
		if (event instanceof HubEvent.Presence<?> presence) {
			return "present " + presence.members();
		}
		if (event instanceof HubEvent.Joined<?> joined) {
			return "joined " + joined.members();
		}
		if (event instanceof HubEvent.Changed<?> changed) {
			return "changed " + changed.members();
		}
		return "left " + ((HubEvent.Left<?>) event).members();
	}

}

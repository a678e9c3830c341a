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

package dev.halley.pages;

import java.security.Principal;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;

import dev.halley.Hub;
import dev.halley.HubEvent;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.pages.HubsPage.Said;

/**
 * What docs/hubs.md shows of presence.
 */
@Controller
class PresencePage {

	private final Hubs hubs;

	PresencePage(Hubs hubs) {
		this.hubs = hubs;
	}

	@WebSocketMapping("/rooms/{room}")
	InOut<Say, Line> room(@PathVariable String room, Principal user) {
		Hub<Said> hub = this.hubs.hub("room." + room, Said.class);
		Out<Line> lines = hub.out().map(Line::said).interleave(hub.presence().map(Line::present));
		return InOut.of(In.forEach((say) -> hub.publish(new Said(user.getName(), say.text()))),
				hub.join(user.getName(), new Profile("online"), lines));
	}

	record Say(String text) {
	}

	record Profile(String status) {
	}

	record Line(@Nullable Said said, @Nullable Map<String, Object> members, @Nullable Set<String> left) {

		static Line said(Said said) {
			return new Line(said, null, null);
		}

		static Line present(HubEvent<Said> event) {
			if (event instanceof HubEvent.Presence<Said> presence) {
				return Line.everybody(presence.members()); // all: replaces what the
															// client has
			}
			if (event instanceof HubEvent.Joined<Said> joined) {
				return Line.put(joined.members()); // members and their data
			}
			if (event instanceof HubEvent.Changed<Said> changed) {
				return Line.put(changed.members());
			}
			return (event instanceof HubEvent.Left<Said> left) ? Line.remove(left.members()) : Line.nothing();
		}

		static Line everybody(Map<String, Object> members) {
			return put(members);
		}

		static Line put(Map<String, Object> members) {
			return new Line(null, members, null);
		}

		static Line remove(Set<String> members) {
			return new Line(null, null, members);
		}

		static Line nothing() {
			return new Line(null, null, null);
		}

	}

}

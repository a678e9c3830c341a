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

package dev.halley.boot.cases;

import java.util.List;

/**
 * Sets of properties.
 */
enum Profile {

	/** No time-out but that of closing disturbs the tests. */
	CALM("halley.websocket.close-timeout=2s", "halley.websocket.send-timeout=1m", "halley.limits.per-user=2",
			"halley.limits.per-address=64"),

	/** Peers must be quick to answer and to read. */
	HASTY("halley.websocket.ping-interval=200ms", "halley.websocket.pong-timeout=1200ms",
			"halley.websocket.close-timeout=300ms", "halley.websocket.send-timeout=1500ms"),

	/** Peers must say something now and then. */
	IDLE("halley.websocket.idle-timeout=1500ms", "halley.websocket.ping-interval=250ms",
			"halley.websocket.pong-timeout=1m");

	private final List<String> properties;

	Profile(String... properties) {
		this.properties = List.of(properties);
	}

	List<String> properties() {
		return this.properties;
	}

}

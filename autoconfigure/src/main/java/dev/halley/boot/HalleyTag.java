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

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Tag;

/**
 * The tags of meters. Each has few values, none of which a client can choose.
 */
enum HalleyTag implements KeyName {

	/** The path template of the mapping; {@code other} beyond many hundreds of them. */
	ENDPOINT("endpoint"),

	/** {@code web_sockets}, {@code server_sent_events} or {@code comet}. */
	TRANSPORT("transport"),

	/** Why a connection has ended. */
	REASON("reason"),

	/** What became of a handshake, or of what was published. */
	OUTCOME("outcome"),

	/** The status of a refusal, or {@code none}. */
	STATUS("status"),

	/** {@code received} or {@code sent}. */
	DIRECTION("direction"),

	/** {@code recovered} or {@code reset}. */
	RESULT("result");

	private final String key;

	HalleyTag(String key) {
		this.key = key;
	}

	@Override
	public String asString() {
		return this.key;
	}

	Tag of(String value) {
		return Tag.of(this.key, value);
	}

}

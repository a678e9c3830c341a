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

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests that have nothing to do with live connections, one after the other, and how
 * long each took.
 */
final class PlainRequests {

	private final Attacker client;

	private final List<Long> micros = new ArrayList<>();

	PlainRequests(Attacker client) {
		this.client = client;
	}

	void fetch(int count) throws IOException {
		for (int i = 0; i < count; i++) {
			int number = this.micros.size();
			long start = System.nanoTime();
			assertThat(this.client.fetch("/plain/" + number)).isEqualTo("plain " + number);
			this.micros.add((System.nanoTime() - start) / 1000);
		}
	}

	/** The median. */
	@Override
	public String toString() {
		List<Long> sorted = this.micros.stream().sorted().toList();
		return sorted.get(sorted.size() / 2) + " us in " + sorted.size() + " requests";
	}

}

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

import { sameData } from "./bytes.js";

const LIMIT = 64;

/** Finds the frame that a received one echoes, and how long it was away. */
export class RoundTrips {

	#away = [];

	/** Milliseconds since the same payload was sent, or undefined when it was not. */
	frame({ direction, data }) {
		const now = performance.now();
		if (direction === "sent") {
			this.#away.push({ data, now });
			this.#away.splice(0, this.#away.length - LIMIT);
			return undefined;
		}
		const index = this.#away.findIndex((sent) => sameData(sent.data, data));
		return index < 0 ? undefined : now - this.#away.splice(index, 1)[0].now;
	}

	clear() {
		this.#away = [];
	}

}

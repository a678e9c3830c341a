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

import java.io.IOException;

/**
 * What reads from a wire until it ends, on a thread of its own.
 */
@FunctionalInterface
interface LineReader {

	/**
	 * Reads until the end.
	 * @throws IOException if the connection has ended without a proper end
	 * @throws InterruptedException if the reading was given up
	 */
	void read() throws IOException, InterruptedException;

}

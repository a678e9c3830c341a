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

package dev.halley.websocket.engine;

/**
 * What a connection carries, as its socket and whoever tells of the network's events see
 * it.
 */
interface LoopSession {

	/**
	 * Reads what is there. One call at a time.
	 * @return whether to call again when there is more
	 */
	boolean readable();

	/** Tries again to write, now that the network has room. */
	void writable();

	/** Tells that the connection broke, or that nobody drives it any more. */
	void lost();

}

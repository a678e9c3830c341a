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

/**
 * What happens to a source that does not wait, such as a {@link Hub} or a
 * {@link Channel}, when a connection's send buffer is full because its peer reads too
 * slowly. Sources that honour demand never overflow: they are simply not asked.
 *
 * @since 0.1
 * @see SendBuffer
 */
public enum Overflow {

	/**
	 * The connection is closed with 1013 (try again later), and what was queued is
	 * discarded. The default, because a silent gap is worse than a reconnect.
	 */
	CLOSE,

	/**
	 * The oldest queued messages make room for the new one.
	 */
	DROP_OLDEST,

	/**
	 * The new message is dropped; those queued stay.
	 */
	DROP_LATEST,

	/**
	 * Only the newest message is kept: for values of which only the last one matters.
	 */
	LATEST

}

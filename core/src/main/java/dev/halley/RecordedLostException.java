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
 * Signals that the rest of a {@link Recorded} source cannot be had: the node that was
 * subscribed to it is lost, or what it had sent is. Readers get it after what there is.
 *
 * @since 0.1
 */
public final class RecordedLostException extends RuntimeException {

	RecordedLostException(String name) {
		super("The rest of recorded source '" + name
				+ "' is lost: so is the node that was subscribed to it, or what it has sent", null, false, false);
	}

}

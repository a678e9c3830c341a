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
 * Signals that a {@link Recorded} source has failed on another node. Of its exception no
 * more than the class is known here. Readers get it after what there is; those on the
 * node with the source get the exception itself.
 *
 * @since 0.1
 */
public final class RecordedFailedException extends RuntimeException {

	private final String failure;

	RecordedFailedException(String name, String failure) {
		super("Recorded source '" + name + "' has failed on another node with " + failure, null, false, false);
		this.failure = failure;
	}

	/**
	 * Returns what the source has failed with.
	 * @return the name of the class of its exception
	 */
	public String failure() {
		return this.failure;
	}

}

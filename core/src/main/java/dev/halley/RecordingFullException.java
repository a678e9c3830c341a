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
 * Signals that a recorded source has emitted more than its {@link Recording} may hold,
 * and was cancelled for it. Readers fail with it after what there is.
 *
 * @since 0.1
 */
public final class RecordingFullException extends RuntimeException {

	RecordingFullException(String name, Recording recording) {
		super("Recorded source '" + name + "' has emitted more than is kept (expected: at most " + recording.messages()
				+ " messages and " + recording.bytes() + " bytes, or as its Recording says)", null, false, false);
	}

}

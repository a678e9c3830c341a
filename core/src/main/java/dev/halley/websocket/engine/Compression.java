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

import org.jspecify.annotations.Nullable;

/**
 * What one connection has negotiated about compression.
 *
 * @param inflater inflates what comes in, or {@code null} if nothing was negotiated
 * @param writer makes frames; the same for all connections that negotiated the same, so
 * that it takes no context over from message to message
 */
record Compression(@Nullable MessageInflater inflater, FrameWriter writer) {

	static final Compression NONE = new Compression(null, FrameWriter.PLAIN);

}

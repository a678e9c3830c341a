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

import java.util.zip.Deflater;

/**
 * How a server compresses.
 *
 * @param threshold the least bytes of a message that is compressed
 * @param level the DEFLATE level, 0 to 9, or -1 for zlib's own choice
 * @param contextTakeover whether messages may refer to those before them. That shrinks
 * small ones, and costs some 300 KB outside the heap for each connection.
 * @param pooled the most idle deflaters, and the most idle inflaters, to keep
 */
record DeflateSettings(int threshold, int level, boolean contextTakeover, int pooled) {

	static final DeflateSettings DEFAULTS = new DeflateSettings(1024, Deflater.DEFAULT_COMPRESSION, false, 32);

	DeflateSettings {
		require(threshold >= 0, "threshold", threshold, ">= 0");
		require(level >= Deflater.DEFAULT_COMPRESSION && level <= Deflater.BEST_COMPRESSION, "level", level, "-1 to 9");
		require(pooled >= 1, "pooled", pooled, ">= 1");
	}

	private static void require(boolean valid, String name, int value, String expected) {
		if (!valid) {
			throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
		}
	}

}

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

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Masks and unmasks payloads (RFC 6455 section 5.3), eight bytes at a time. A key is an
 * {@code int} whose lowest byte is the first on the wire.
 */
final class FrameMask {

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

	private FrameMask() {
	}

	/**
	 * Copy bytes and apply the key to them. A key of 0 only copies.
	 * @param source the array to read
	 * @param from where to start reading
	 * @param target the array to write
	 * @param to where to start writing
	 * @param count how many bytes
	 * @param key the key, at the byte that meets the first of these bytes
	 * @return the key for the byte after these
	 */
	static int copy(byte[] source, int from, byte[] target, int to, int count, int key) {
		if (key == 0) {
			System.arraycopy(source, from, target, to, count);
			return 0;
		}
		long wide = (key & 0xFFFFFFFFL) << 32 | (key & 0xFFFFFFFFL);
		int done = 0;
		for (; done <= count - Long.BYTES; done += Long.BYTES) {
			LONGS.set(target, to + done, (long) LONGS.get(source, from + done) ^ wide);
		}
		for (; done < count; done++) {
			target[to + done] = (byte) (source[from + done] ^ (key >>> ((done & 3) << 3)));
		}
		return Integer.rotateRight(key, (count & 3) << 3);
	}

}

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

import java.util.Arrays;

/**
 * A byte array that grows. Belongs to one thread at a time; made to be used again after
 * {@link #clear()}, and to hold nothing after {@link #release()}.
 */
final class ByteSink {

	private static final int MIN_CAPACITY = 256;

	private static final byte[] NOTHING = {};

	/**
	 * The longest array that every JVM can make.
	 */
	static final int MAX_CAPACITY = Integer.MAX_VALUE - 8;

	private byte[] bytes = NOTHING;

	private int length;

	/**
	 * Make room for more bytes, and take them as written.
	 * @param count how many bytes the caller is going to write
	 * @return where in {@link #array()} they start
	 */
	int extend(int count) {
		ensureRoom(count, MAX_CAPACITY);
		int start = this.length;
		this.length += count;
		return start;
	}

	/**
	 * Make room without writing.
	 * @param count how many bytes must fit behind the last one
	 * @param most the capacity that doubling must not exceed, unless {@code count} does
	 */
	void ensureRoom(int count, int most) {
		int needed = Math.addExact(this.length, count);
		if (needed > this.bytes.length) {
			long doubled = Math.min(Math.max(2L * this.bytes.length, MIN_CAPACITY), most);
			this.bytes = Arrays.copyOf(this.bytes, (int) Math.max(doubled, needed));
		}
	}

	/**
	 * Take back the last bytes.
	 * @param count how many of them
	 */
	void retract(int count) {
		this.length -= count;
	}

	void write(int value) {
		int index = extend(1);
		this.bytes[index] = (byte) value;
	}

	void write(byte[] source) {
		write(source, 0, source.length);
	}

	void write(byte[] source, int from, int count) {
		int start = extend(count);
		System.arraycopy(source, from, this.bytes, start, count);
	}

	/**
	 * The array written to, of which {@link #length()} bytes count. Another one after the
	 * sink has grown.
	 * @return the array itself
	 */
	byte[] array() {
		return this.bytes;
	}

	int length() {
		return this.length;
	}

	int capacity() {
		return this.bytes.length;
	}

	/**
	 * Forget the bytes and keep the array.
	 */
	void clear() {
		this.length = 0;
	}

	/**
	 * Forget the bytes, and the array too if it is longer than what is worth keeping.
	 * @param mostToKeep the longest array to keep
	 */
	void clear(int mostToKeep) {
		if (this.bytes.length > mostToKeep) {
			release();
		}
		this.length = 0;
	}

	void release() {
		this.bytes = NOTHING;
		this.length = 0;
	}

	/**
	 * Give the bytes away and hold none. Copies only if the array is longer than they
	 * are.
	 * @return an array of exactly these bytes
	 */
	byte[] take() {
		byte[] taken = (this.bytes.length == this.length) ? this.bytes : Arrays.copyOf(this.bytes, this.length);
		release();
		return taken;
	}

}

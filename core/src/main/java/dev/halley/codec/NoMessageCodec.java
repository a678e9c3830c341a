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

package dev.halley.codec;

/**
 * For {@link Void}: no message at all. A pair that ignores what comes in declares it.
 */
final class NoMessageCodec implements MessageCodec<Object> {

	static final NoMessageCodec INSTANCE = new NoMessageCodec();

	private NoMessageCodec() {
	}

	@Override
	public Payload encode(Object message) {
		throw new IllegalStateException("message: " + message + " (expected: none)");
	}

	@Override
	public Object decode(Payload payload) {
		throw new MessageDecodingException("message: " + payload.kind() + " (expected: none)");
	}

}

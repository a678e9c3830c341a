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

import java.nio.ByteBuffer;

/**
 * A client of the soak, all of whose methods are called on the thread of its
 * {@link SoakLoad}.
 */
interface SoakClient {

	/**
	 * Does what the channel is ready for.
	 * @param buffer to be used meanwhile
	 */
	void ready(ByteBuffer buffer);

	/** Does something, and asks to be woken again if there is more to do. */
	void wake();

	/** Ends, in one way or another. */
	void finish();

	/** Looks whether anything has come since then, if it had to. */
	void check(long since);

}

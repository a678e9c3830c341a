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

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The bytes under a session: a non-blocking connection of a servlet container. The
 * container calls {@link EngineSession#readable} and {@link EngineSession#writable}, one
 * at a time. Reads come from within {@code readable} only; one thread at a time writes;
 * all else may come from any thread at any time.
 */
interface EngineSocket {

	/**
	 * Reads what is there.
	 * @param buffer an array-backed buffer with room
	 * @return how many bytes were read, 0 if there are none now, -1 at the end
	 * @throws IOException if the connection is broken
	 */
	int read(ByteBuffer buffer) throws IOException;

	/**
	 * Writes, as far as the network takes it, and keeps the rest. Not called again before
	 * the rest is out.
	 * @param bytes the array
	 * @param length how many of its first bytes; they may be overwritten afterwards
	 * @return whether all is out; if not, {@code writable} is called when it is worth
	 * trying {@link #flush}
	 * @throws IOException if the connection is broken
	 */
	boolean write(byte[] bytes, int length) throws IOException;

	/**
	 * Writes on what was kept, and has {@code writable} called again if that is not all.
	 * @return whether this call wrote the last of it; {@code false} too if nothing was
	 * kept
	 * @throws IOException if the connection is broken
	 */
	boolean flush() throws IOException;

	/**
	 * Has {@code readable} called on a thread of the container.
	 */
	void resumeReading();

	/**
	 * Runs something where the application's code may run, and may block.
	 * @param work what to run
	 * @return whether it will run
	 */
	boolean execute(Runnable work);

	/**
	 * Whether bytes may be at hand although the network has none: then one reads until
	 * there are none.
	 * @return whether the connection is buffered or encrypted
	 */
	boolean isBuffered();

	/**
	 * Closes the connection: now, or when the thread that is in {@code readable} leaves
	 * it. Does nothing if it is closed.
	 */
	void close();

	/**
	 * Cuts the connection off, whoever is doing what with it. {@link #close} follows.
	 */
	void cut();

}

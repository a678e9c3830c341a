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

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * The socket of a session whose handshake is under way: which kind it is going to be
 * shows only when the answer is out. Passes on all to that one; who closes before is not
 * forgotten.
 */
final class LateSocket implements EngineSocket {

	private volatile @Nullable EngineSocket wire;

	private volatile boolean closed;

	void bind(EngineSocket wire) {
		this.wire = wire;
		if (this.closed) {
			wire.close();
		}
	}

	private EngineSocket wire() {
		EngineSocket wire = this.wire;
		Assert.state(wire != null, "The connection is not upgraded yet");
		return wire;
	}

	@Override
	public int read(ByteBuffer buffer) throws IOException {
		return wire().read(buffer);
	}

	@Override
	public boolean write(byte[] bytes, int length) throws IOException {
		return wire().write(bytes, length);
	}

	@Override
	public boolean flush() throws IOException {
		return wire().flush();
	}

	@Override
	public void resumeReading() {
		wire().resumeReading();
	}

	@Override
	public boolean execute(Runnable work) {
		return wire().execute(work);
	}

	@Override
	public boolean isBuffered() {
		return wire().isBuffered();
	}

	@Override
	public void close() {
		this.closed = true;
		EngineSocket wire = this.wire;
		if (wire != null) {
			wire.close();
		}
	}

	@Override
	public void cut() {
		EngineSocket wire = this.wire;
		if (wire != null) {
			wire.cut();
		}
	}

}

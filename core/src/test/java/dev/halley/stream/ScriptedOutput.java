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

package dev.halley.stream;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import org.jspecify.annotations.Nullable;

/**
 * The output of a container that a test plays: it remembers writes and flushes, and takes
 * as many of them without waiting as the test says.
 */
final class ScriptedOutput extends ServletOutputStream {

	/** What was written, a write each, and {@code <flush>}. */
	final List<String> log = new ArrayList<>();

	/** How many writes and flushes are taken before the container has to wait. */
	int room = Integer.MAX_VALUE;

	/** Thrown by writes and flushes. */
	@Nullable Exception failure;

	@Nullable WriteListener listener;

	/** Without one it takes no listener, as the output of Spring's mock response. */
	boolean isNetwork = true;

	Runnable within = () -> {
	};

	String text() {
		return String.join("", this.log).replace("<flush>", "");
	}

	/** The container has room again. */
	void takes(int writes) throws IOException {
		this.room = writes;
		WriteListener listener = this.listener;
		if (listener != null) {
			listener.onWritePossible();
		}
	}

	@Override
	public boolean isReady() {
		return this.room > 0;
	}

	@Override
	public void setWriteListener(WriteListener listener) {
		if (!this.isNetwork) {
			throw new UnsupportedOperationException("There is no network to wait for");
		}
		this.listener = listener;
	}

	@Override
	public void write(int b) throws IOException {
		write(new byte[] { (byte) b }, 0, 1);
	}

	@Override
	public void write(byte[] bytes, int from, int length) throws IOException {
		took(new String(bytes, from, length, StandardCharsets.UTF_8));
	}

	@Override
	public void flush() throws IOException {
		took("<flush>");
	}

	private void took(String what) throws IOException {
		if (this.failure instanceof IOException ex) {
			throw ex;
		}
		if (this.failure instanceof RuntimeException ex) {
			throw ex;
		}
		this.room--;
		this.log.add(what);
		this.within.run();
	}

}

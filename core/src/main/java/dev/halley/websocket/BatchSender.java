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

package dev.halley.websocket;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

import dev.halley.codec.Payload;

/**
 * Sends the messages of a batch one after the other through an asynchronous API, the next
 * when the one before is out. Completions that come at once do not deepen the stack. For
 * those who put pairs onto WebSockets; applications have no use for it.
 *
 * @since 0.1
 */
public final class BatchSender {

	private final List<Payload> batch;

	private final BiConsumer<Payload, Runnable> write;

	private final Runnable progress;

	private final Runnable sent;

	private final AtomicInteger steps = new AtomicInteger();

	private int next;

	/**
	 * Prepares to send a batch.
	 * @param batch the messages
	 * @param write writes one, and then calls what it is given
	 * @param progress called after each
	 * @param sent called after the last
	 */
	public BatchSender(List<Payload> batch, BiConsumer<Payload, Runnable> write, Runnable progress, Runnable sent) {
		this.batch = batch;
		this.write = write;
		this.progress = progress;
		this.sent = sent;
	}

	/**
	 * Starts with the first.
	 */
	public void start() {
		if (this.steps.getAndIncrement() == 0) {
			do {
				step();
			}
			while (this.steps.decrementAndGet() != 0);
		}
	}

	private void step() {
		if (this.next == this.batch.size()) {
			this.sent.run();
			return;
		}
		Payload payload = this.batch.get(this.next++);
		this.write.accept(payload, () -> {
			this.progress.run();
			start();
		});
	}

}

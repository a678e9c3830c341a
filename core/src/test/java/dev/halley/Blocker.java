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

package dev.halley;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Code of an application that blocks whoever runs it, until it is closed.
 */
public final class Blocker implements Runnable, AutoCloseable {

	private final CountDownLatch latch = new CountDownLatch(1);

	private final AtomicInteger blocked = new AtomicInteger();

	@Override
	public void run() {
		this.blocked.incrementAndGet();
		try {
			this.latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** How many have been blocked. */
	public int blocked() {
		return this.blocked.get();
	}

	@Override
	public void close() {
		this.latch.countDown();
	}

}

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

package dev.halley.client;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Tells an {@link AttemptObserver} once how an attempt has ended. An observer that fails
 * changes nothing. Thread-safe.
 */
final class AttemptEnd implements Consumer<@Nullable Throwable> {

	private static final Log logger = LogFactory.getLog(AttemptEnd.class);

	private final AtomicBoolean told = new AtomicBoolean();

	private final Consumer<@Nullable Throwable> observation;

	AttemptEnd(Consumer<@Nullable Throwable> observation) {
		this.observation = observation;
	}

	@Override
	public void accept(@Nullable Throwable failure) {
		if (!this.told.compareAndSet(false, true)) {
			return;
		}
		try {
			this.observation.accept(failure);
		}
		catch (Throwable ex) {
			logger.error("An observer of attempts has failed", ex);
		}
	}

}

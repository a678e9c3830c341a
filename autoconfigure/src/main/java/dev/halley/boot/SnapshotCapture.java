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

package dev.halley.boot;

import java.util.function.Predicate;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import reactor.util.context.Context;

import dev.halley.CallContext;
import dev.halley.ContextCapture;

/**
 * Carries all that has a {@code ThreadLocalAccessor}: the observation and so the trace,
 * and what the application registers, such as the logging's MDC.
 */
final class SnapshotCapture implements ContextCapture {

	private final ContextRegistry registry;

	private final Predicate<Object> keys;

	private final ContextSnapshotFactory snapshots;

	/**
	 * Creates a capture.
	 * @param registry has the accessors
	 * @param keys which of them to use
	 */
	SnapshotCapture(ContextRegistry registry, Predicate<Object> keys) {
		this.registry = registry;
		this.keys = keys;
		this.snapshots = ContextSnapshotFactory.builder()
			.contextRegistry(registry)
			.captureKeyPredicate(keys)
			.clearMissing(true)
			.build();
	}

	@Override
	public CallContext capture() {
		boolean any = this.registry.getThreadLocalAccessors()
			.stream()
			.anyMatch((accessor) -> this.keys.test(accessor.key()));
		return any ? new Captured(this.snapshots.captureAll(), this.keys) : CallContext.NONE;
	}

	private static final class Captured extends CallContext {

		private final ContextSnapshot snapshot;

		private final Predicate<Object> keys;

		Captured(ContextSnapshot snapshot, Predicate<Object> keys) {
			this.snapshot = snapshot;
			this.keys = keys;
		}

		@Override
		protected Scope apply() {
			return this.snapshot.setThreadLocals(this.keys)::close;
		}

		@Override
		protected Context contribute(Context context) {
			return this.snapshot.updateContext(context);
		}

	}

}

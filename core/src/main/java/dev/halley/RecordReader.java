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

import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;

/**
 * One who reads a record, at the pace of its own demand. The lock of the record guards
 * the fields.
 */
final class RecordReader implements HotSubscription.Backlog {

	/** How many messages it has, or does not want. */
	int next;

	/** Whether it has to be told that it begins anew. */
	boolean reset;

	/** Whether it gets what it has missed in one piece. */
	boolean compact;

	/** Whether it was told of the end. */
	boolean told;

	private final SourceRecord<?> record;

	private final HotSubscription subscription;

	RecordReader(SourceRecord<?> record, CoreSubscriber<? super Object> subscriber, Step step, Executor others) {
		this.record = record;
		this.subscription = new HotSubscription(subscriber, step, others, () -> record.remove(this));
	}

	HotSubscription subscription() {
		return this.subscription;
	}

	@Override
	public @Nullable Object poll() {
		return this.record.read(this);
	}

	@Override
	public boolean isOver() {
		return this.record.isOver(this);
	}

	@Override
	public boolean goesOn() {
		return true;
	}

}

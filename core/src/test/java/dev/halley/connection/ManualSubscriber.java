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

package dev.halley.connection;

import java.util.List;

import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/**
 * A pipeline that asks for nothing on its own, and remembers what it gets.
 */
final class ManualSubscriber extends BaseSubscriber<String> {

	private final List<? super String> received;

	ManualSubscriber(List<? super String> received) {
		this.received = received;
	}

	@Override
	protected void hookOnSubscribe(Subscription subscription) {
	}

	@Override
	protected void hookOnNext(String message) {
		this.received.add(message);
	}

	@Override
	protected void hookOnComplete() {
		this.received.add("<completed>");
	}

}

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

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Subscribes tests, and publishes to them.
 */
final class HotSubscriptions {

	private HotSubscriptions() {
	}

	/** Subscribes, without a first step, and counts the ends. */
	static HotSubscription attach(StrictSubscriber subscriber, AtomicInteger ends) {
		HotSubscription subscription = new HotSubscription(subscriber, Step.NONE, InMemoryHubs.OTHERS,
				ends::incrementAndGet);
		subscriber.onSubscribe(subscription);
		return subscription;
	}

	/** Offers and delivers one after the other. */
	static void push(HotSubscription subscription, Object... elements) {
		for (Object element : elements) {
			subscription.offer(element);
			subscription.deliver();
		}
	}

}

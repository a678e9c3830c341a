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

import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/**
 * What an {@link Out} of a hub is while it runs: whoever subscribes becomes a
 * {@link HubMember}, which begins at once, or in the history of the hub. One of several
 * hubs that are merged may have to {@linkplain Together wait} for the others.
 */
final class HubFlux extends Flux<Object> {

	private final InMemoryHub<?> hub;

	private final @Nullable Predicate<?> filter;

	private final @Nullable Replay replay;

	private final boolean signalled;

	private final Step step;

	/**
	 * Creates one whose subscribers begin at once.
	 * @param hub who publishes
	 * @param filter tells which messages are wanted, {@code null} for all
	 * @param step what becomes of each
	 */
	HubFlux(InMemoryHub<?> hub, @Nullable Predicate<?> filter, Step step) {
		this.hub = hub;
		this.filter = filter;
		this.replay = null;
		this.signalled = false;
		this.step = step;
	}

	/**
	 * Creates one whose subscribers begin in the history, and are told of what they miss.
	 * @param hub who publishes
	 * @param replay where they begin
	 * @param signalled whether the step has no answer to a reset
	 * @param step what becomes of each message, and of each reset
	 */
	HubFlux(InMemoryHub<?> hub, Replay replay, boolean signalled, Step step) {
		this.hub = hub;
		this.filter = null;
		this.replay = replay;
		this.signalled = signalled;
		this.step = step;
	}

	@Override
	public void subscribe(CoreSubscriber<? super Object> actual) {
		CoreSubscriber<? super Object> subscriber = Together.held(actual);
		HubMember member = new HubMember(this.hub, subscriber, this.filter, this.step);
		if (this.replay == null) {
			this.hub.subscribe(subscriber, member);
			return;
		}
		member.told = true;
		member.signalled = this.signalled;
		this.hub.subscribe(subscriber, member, this.replay);
	}

}

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

import org.springframework.context.ApplicationListener;
import org.springframework.session.events.SessionDestroyedEvent;

import dev.halley.connection.Logins;

/**
 * Tells of the sessions of Spring Session, where the store does: those that were deleted,
 * on any node, and those that have expired.
 */
final class SpringSessionEvents implements ApplicationListener<SessionDestroyedEvent> {

	private final Logins logins;

	SpringSessionEvents(Logins logins) {
		this.logins = logins;
	}

	@Override
	public void onApplicationEvent(SessionDestroyedEvent event) {
		this.logins.sessionEnded(event.getSessionId());
	}

	/** A session that ends is to be over when its request is. */
	@Override
	public boolean supportsAsyncExecution() {
		return false;
	}

}

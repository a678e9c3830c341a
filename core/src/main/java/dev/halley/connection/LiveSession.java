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

import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

import dev.halley.CloseStatuses;

/**
 * The session of one of Spring's own handlers, for applications. What such a handler
 * would say to a message is not known, so that none is sent.
 *
 * @param watch watches over it
 */
record LiveSession(SessionWatch watch) implements LiveConnection {

	@Override
	public ConnectionInfo info() {
		return this.watch.info();
	}

	@Override
	public @Nullable ConnectionTraffic traffic() {
		return null;
	}

	@Override
	public boolean isOpen() {
		return this.watch.isLive();
	}

	@Override
	public Sending send(Object message) {
		return Sending.UNSUPPORTED;
	}

	@Override
	public void close(CloseStatus status) {
		this.watch.close(CloseStatuses.sendable(status));
	}

	@Override
	public String toString() {
		return info().toString();
	}

}

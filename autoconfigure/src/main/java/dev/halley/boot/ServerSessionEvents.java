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

import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import org.springframework.beans.factory.ObjectProvider;

import dev.halley.connection.Logins;

/**
 * Tells of the sessions of the server itself.
 */
final class ServerSessionEvents implements HttpSessionListener, HttpSessionIdListener {

	/** The server makes this one before there are connections. */
	private final ObjectProvider<Logins> logins;

	ServerSessionEvents(ObjectProvider<Logins> logins) {
		this.logins = logins;
	}

	@Override
	public void sessionDestroyed(HttpSessionEvent event) {
		this.logins.ifAvailable((logins) -> logins.sessionEnded(event.getSession().getId()));
	}

	@Override
	public void sessionIdChanged(HttpSessionEvent event, String oldSessionId) {
		this.logins.ifAvailable((logins) -> logins.sessionIdChanged(oldSessionId, event.getSession().getId()));
	}

}

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
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;

import dev.halley.connection.Logins;

/**
 * Tells of the sessions of the server itself, which makes this one before there are
 * connections, and ends all its sessions when there are none any more and the context is
 * closed.
 */
final class ServerSessionEvents implements HttpSessionListener, HttpSessionIdListener, DisposableBean {

	private volatile @Nullable Logins logins;

	/** From now on there may be connections. */
	void tell(Logins logins) {
		this.logins = logins;
	}

	@Override
	public void sessionDestroyed(HttpSessionEvent event) {
		Logins logins = this.logins;
		if (logins != null) {
			logins.sessionEnded(event.getSession().getId());
		}
	}

	@Override
	public void sessionIdChanged(HttpSessionEvent event, String oldSessionId) {
		Logins logins = this.logins;
		if (logins != null) {
			logins.sessionIdChanged(oldSessionId, event.getSession().getId());
		}
	}

	@Override
	public void destroy() {
		this.logins = null;
	}

}

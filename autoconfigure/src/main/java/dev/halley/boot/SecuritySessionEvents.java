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

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationListener;
import org.springframework.security.authentication.event.AbstractAuthenticationEvent;
import org.springframework.security.authentication.event.LogoutSuccessEvent;
import org.springframework.security.web.authentication.session.SessionFixationProtectionEvent;

import dev.halley.connection.Logins;

/**
 * Tells what Spring Security does to sessions: a logout, which may leave the session, and
 * a login, for which the session gets another id or is replaced: stores other than the
 * server's do not tell of it.
 */
final class SecuritySessionEvents implements ApplicationListener<AbstractAuthenticationEvent> {

	private final Logins logins;

	SecuritySessionEvents(Logins logins) {
		this.logins = logins;
	}

	@Override
	public void onApplicationEvent(AbstractAuthenticationEvent event) {
		if (event instanceof SessionFixationProtectionEvent change) {
			changed(change);
		}
		else if (event instanceof LogoutSuccessEvent) {
			String session = currentSession();
			if (session != null) {
				this.logins.sessionEnded(session);
			}
		}
	}

	/** The request is that of this thread. */
	@Override
	public boolean supportsAsyncExecution() {
		return false;
	}

	private void changed(SessionFixationProtectionEvent change) {
		if (isReplaced()) {
			this.logins.sessionEnded(change.getOldSessionId());
		}
		else {
			this.logins.sessionIdChanged(change.getOldSessionId(), change.getNewSessionId());
			this.logins.loggedIn(change.getNewSessionId(), change.getAuthentication());
		}
	}

	/** The same event tells of another id and of another session, which is a new one. */
	private static boolean isReplaced() {
		HttpServletRequest request = RequestLogins.request();
		HttpSession session = (request != null) ? request.getSession(false) : null;
		return session == null || session.isNew();
	}

	/** Has mostly ended by now, and is then only known as what was asked for. */
	private static @Nullable String currentSession() {
		HttpServletRequest request = RequestLogins.request();
		HttpSession session = (request != null) ? request.getSession(false) : null;
		if (session != null) {
			return session.getId();
		}
		return (request != null) ? request.getRequestedSessionId() : null;
	}

}

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

package dev.halley.websocket;

import java.time.Duration;

import jakarta.websocket.CloseReason;
import jakarta.websocket.Session;
import org.apache.tomcat.websocket.Constants;
import org.apache.tomcat.websocket.WsSession;

/**
 * What Tomcat's sessions can do beyond the Jakarta API. Loaded only where Tomcat is.
 */
final class TomcatSessions {

	private static final long NO_WAIT_MILLIS = 1;

	private static final CloseReason NO_ANSWER = new CloseReason(CloseReason.CloseCodes.CLOSED_ABNORMALLY, null);

	private TomcatSessions() {
	}

	static boolean isTomcat(Session session) {
		return session instanceof WsSession;
	}

	/**
	 * Tomcat keeps close time-outs too, within 10 s by default, but not for a session
	 * that was closed before its opening had returned: see {@link #drop}.
	 */
	static void configure(Session session, Duration closeTimeout) {
		session.getUserProperties().put(Constants.SESSION_CLOSE_TIMEOUT_PROPERTY, closeTimeout.toMillis());
	}

	/** Ends the wait for the peer's answer to a Close, if it has not come. */
	static void drop(Session session) {
		((WsSession) session).onClose(NO_ANSWER);
	}

	/**
	 * Lets a close give up at once when a write is in progress, and drop the connection.
	 */
	static void dontWait(Session session) {
		session.getUserProperties().put(Constants.BLOCKING_SEND_TIMEOUT_PROPERTY, NO_WAIT_MILLIS);
		session.getUserProperties().put(Constants.ABNORMAL_SESSION_CLOSE_SEND_TIMEOUT_PROPERTY, NO_WAIT_MILLIS);
	}

	static void suspend(Session session) {
		((WsSession) session).suspend();
	}

	static void resume(Session session) {
		((WsSession) session).resume();
	}

}

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

package dev.halley.websocket.engine;

import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

import jakarta.servlet.http.WebConnection;
import org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SSLSupport;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * A session on one of Tomcat's connections, after the upgrade. Public because Tomcat
 * makes it; of no use to applications.
 *
 * @since 0.1
 */
public final class TomcatUpgradeHandler implements InternalHttpUpgradeHandler {

	private final TomcatSocket socket = new TomcatSocket();

	private @Nullable EngineSession session;

	EngineSocket socket() {
		return this.socket;
	}

	/**
	 * Called on the request's thread.
	 * @param session the session
	 * @param watcher tells when there is room to write
	 * @param others runs what the container's threads do not
	 */
	void attach(EngineSession session, WriteWatcher watcher, Executor others) {
		this.session = session;
		this.socket.serve(watcher, () -> {
			if (!session.wakesSender() && !this.socket.execute(() -> writable(session))) {
				others.execute(() -> writable(session));
			}
		});
	}

	/** No dispatch: a handler may be at work in one, for long. */
	private static void writable(EngineSession session) {
		boolean done = false;
		try {
			session.writable();
			done = true;
		}
		finally {
			if (!done) {
				session.lost();
			}
		}
	}

	private EngineSession session() {
		Assert.state(this.session != null, "The session is not attached yet");
		return this.session;
	}

	@Override
	public void setSocketWrapper(SocketWrapperBase<?> wrapper) {
		this.socket.attach(wrapper);
	}

	@Override
	public void setSslSupport(@Nullable SSLSupport sslSupport) {
	}

	@Override
	public void init(WebConnection connection) {
		guarded(session(), () -> {
			session().open();
			return true;
		});
	}

	/**
	 * What is so bad that it is thrown here makes Tomcat forget the connection, and not
	 * always close it, without a word to anybody.
	 */
	private boolean guarded(EngineSession session, BooleanSupplier work) {
		boolean done = false;
		this.socket.enter();
		try {
			boolean result = work.getAsBoolean();
			done = true;
			return result;
		}
		finally {
			this.socket.leave();
			if (!done) {
				session.lost();
				this.socket.close();
			}
		}
	}

	@Override
	public SocketState upgradeDispatch(SocketEvent event) {
		EngineSession session = session();
		boolean goOn = guarded(session,
				() -> session.isClosed() || this.socket.inApplication(() -> dispatch(session, event)));
		if (session.isClosed()) {
			this.socket.stopWriting();
			return SocketState.CLOSED;
		}
		return goOn ? SocketState.UPGRADED : SocketState.SUSPENDED;
	}

	private boolean dispatch(EngineSession session, SocketEvent event) {
		switch (event) {
			case OPEN_READ -> {
				return session.readable();
			}
			case OPEN_WRITE -> session.writable();
			default -> session.lost();
		}
		return true;
	}

	@Override
	public void timeoutAsync(long now) {
	}

	@Override
	public void pause() {
	}

	@Override
	public void destroy() {
		if (this.session != null) {
			this.session.lost();
		}
	}

}

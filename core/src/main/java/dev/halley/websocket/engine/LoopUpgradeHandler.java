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

import java.io.IOException;
import java.util.concurrent.Executor;

import jakarta.servlet.http.WebConnection;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SSLSupport;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

import dev.halley.websocket.engine.DetachableChannel.Detached;

/**
 * Takes a connection away from Tomcat after the upgrade, and gives it to an event loop.
 * One that cannot leave, since it is encrypted or came by another connector, stays with
 * Tomcat. Public because Tomcat makes it; of no use to applications.
 *
 * @since 0.1
 */
public final class LoopUpgradeHandler implements InternalHttpUpgradeHandler {

	private static final Log logger = LogFactory.getLog(LoopUpgradeHandler.class);

	private final LateSocket socket = new LateSocket();

	private @Nullable Departure departure;

	private @Nullable NioSocketWrapper leaving;

	/** What serves the connection if it stays; {@code null} once it has left. */
	private @Nullable TomcatUpgradeHandler staying;

	EngineSocket socket() {
		return this.socket;
	}

	/**
	 * Called on the request's thread, which has the application's class loader.
	 * @param session the session
	 * @param watcher tells when there is room to write, if the connection stays
	 * @param others runs what the container's threads do not, if the connection stays
	 * @param loops where the connection goes
	 * @param policy where its messages are handled
	 */
	void attach(EngineSession session, WriteWatcher watcher, Executor others, EventLoops loops, OffloadPolicy policy) {
		this.departure = new Departure(session, loops, policy);
		this.staying = new TomcatUpgradeHandler();
		this.staying.attach(session, watcher, others);
	}

	@Override
	public void setSocketWrapper(SocketWrapperBase<?> wrapper) {
		TomcatUpgradeHandler staying = this.staying;
		Assert.state(staying != null, "The session is not attached yet");
		if (wrapper instanceof NioSocketWrapper nio && nio.getSocket() instanceof DetachableChannel
				&& !nio.hasDataToWrite()) {
			this.leaving = nio;
		}
		else {
			staying.setSocketWrapper(wrapper);
			this.socket.bind(staying.socket());
		}
	}

	@Override
	public void setSslSupport(@Nullable SSLSupport sslSupport) {
	}

	@Override
	public void init(WebConnection connection) {
		NioSocketWrapper leaving = this.leaving;
		Departure departure = this.departure;
		if (leaving != null && departure != null) {
			this.leaving = null;
			this.staying = null;
			leave(leaving, departure);
		}
		else if (this.staying != null) {
			this.staying.init(connection);
		}
	}

	/**
	 * The application's part of the start may block, so the container's thread does it.
	 * What it writes goes out at once; what comes is read after it, by the loop.
	 */
	private void leave(NioSocketWrapper wrapper, Departure departure) {
		EngineSession session = departure.session();
		boolean done = false;
		try {
			Detached detached = ((DetachableChannel) wrapper.getSocket()).detach(wrapper);
			if (detached != null) {
				LoopSocket own = new LoopSocket(detached.socket(), detached.early(), session, departure.policy());
				this.socket.bind(own);
				session.open();
				done = departure.loops().register(own);
			}
		}
		catch (IOException ex) {
			logger.debug("Tomcat does not let the connection go", ex);
		}
		finally {
			if (!done) {
				session.lost();
				this.socket.close();
			}
		}
	}

	/** Tomcat takes back what it had for a connection that has left. */
	@Override
	public SocketState upgradeDispatch(SocketEvent event) {
		return (this.staying != null) ? this.staying.upgradeDispatch(event) : SocketState.CLOSED;
	}

	@Override
	public void timeoutAsync(long now) {
	}

	@Override
	public void pause() {
	}

	@Override
	public void destroy() {
		if (this.staying != null) {
			this.staying.destroy();
		}
	}

	/** What has to leave, and where to. */
	private record Departure(EngineSession session, EventLoops loops, OffloadPolicy policy) {
	}

}

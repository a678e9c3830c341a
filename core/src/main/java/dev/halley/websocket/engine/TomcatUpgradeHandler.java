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

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

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
public final class TomcatUpgradeHandler implements InternalHttpUpgradeHandler, EngineSocket {

	private @Nullable SocketWrapperBase<?> wrapper;

	private @Nullable EngineSession session;

	private volatile boolean encrypted;

	void attach(EngineSession session) {
		this.session = session;
	}

	private EngineSession session() {
		Assert.state(this.session != null, "The session is not attached yet");
		return this.session;
	}

	private SocketWrapperBase<?> wrapper() {
		Assert.state(this.wrapper != null, "The connection is not upgraded yet");
		return this.wrapper;
	}

	@Override
	public void setSocketWrapper(SocketWrapperBase<?> wrapper) {
		this.wrapper = wrapper;
	}

	@Override
	public void setSslSupport(@Nullable SSLSupport sslSupport) {
		this.encrypted = sslSupport != null;
	}

	@Override
	public void init(WebConnection connection) {
		session().open();
	}

	@Override
	public SocketState upgradeDispatch(SocketEvent event) {
		EngineSession session = session();
		boolean goOn = true;
		switch (event) {
			case OPEN_READ -> goOn = session.readable();
			case OPEN_WRITE -> session.writable();
			default -> session.lost();
		}
		if (session.isClosed()) {
			return SocketState.CLOSED;
		}
		return goOn ? SocketState.UPGRADED : SocketState.SUSPENDED;
	}

	@Override
	public int read(ByteBuffer buffer) throws IOException {
		try {
			return wrapper().read(false, buffer);
		}
		catch (EOFException ex) {
			return -1;
		}
	}

	@Override
	public boolean write(byte[] bytes, int length) throws IOException {
		wrapper().write(false, bytes, 0, length);
		return flush();
	}

	@Override
	public boolean flush() throws IOException {
		boolean left = wrapper().flush(false);
		if (left) {
			wrapper().registerWriteInterest();
		}
		return !left;
	}

	@Override
	public void resumeReading() {
		wrapper().processSocket(SocketEvent.OPEN_READ, true);
	}

	@Override
	public boolean isBuffered() {
		return this.encrypted;
	}

	@Override
	public void close() {
		wrapper().close();
	}

	@Override
	public void timeoutAsync(long now) {
	}

	@Override
	public void pause() {
	}

	@Override
	public void destroy() {
		session().lost();
	}

}

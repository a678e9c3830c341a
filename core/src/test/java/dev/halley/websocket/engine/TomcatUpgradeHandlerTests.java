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
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentMatchers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.withSettings;

/**
 * What Tomcat gets from the engine, and what it cannot be relied on to do.
 */
class TomcatUpgradeHandlerTests {

	private final SocketWrapperBase<?> wrapper = mock(SocketWrapperBase.class);

	private final TomcatUpgradeHandler handler = new TomcatUpgradeHandler();

	private final WriteWatcher watcher = new WriteWatcher();

	/** Tomcat forgets the connection then, leaves it open and tells nobody. */
	@Test
	void anErrorOfTheJvmEndsTheConnection() throws Exception {
		given(this.wrapper.getLock()).willReturn(new ReentrantLock());
		given(this.wrapper.read(ArgumentMatchers.eq(false), ArgumentMatchers.any(ByteBuffer.class)))
			.willAnswer((call) -> {
				byte[] frame = Frames.masked(Frames.FIN_TEXT, "a");
				call.getArgument(1, ByteBuffer.class).put(frame);
				return frame.length;
			});
		this.handler.setSocketWrapper(this.wrapper);
		RecordingListener listener = RecordingListener.over(this.handler.socket()).onText((text) -> {
			throw new InternalError("broken");
		});
		this.handler.attach(listener.session(), this.watcher, Runnable::run);
		assertThatExceptionOfType(InternalError.class)
			.isThrownBy(() -> this.handler.upgradeDispatch(SocketEvent.OPEN_READ));
		assertThat(listener.events()).containsExactly("text a", "closed 1006");
		then(this.wrapper).should(atLeastOnce()).close();
	}

	/**
	 * A dispatch that begins when the connection is being closed runs nothing of the
	 * application, so that the lock is soon free; one that began before is not waited
	 * for, and Tomcat closes when it ends.
	 */
	@Test
	void whoClosesWaitsForNoHandler() throws Exception {
		ReentrantLock lock = new ReentrantLock();
		AtomicBoolean unread = new AtomicBoolean();
		AtomicBoolean closed = new AtomicBoolean();
		SocketWrapperBase<?> wrapper = wrapper(lock, unread, closed);
		Race.run(30_000, () -> {
			unread.set(true);
			closed.set(false);
			TomcatUpgradeHandler handler = new TomcatUpgradeHandler();
			handler.setSocketWrapper(wrapper);
			AtomicBoolean aborted = new AtomicBoolean();
			RecordingListener listener = RecordingListener.over(handler.socket()).onText((text) -> awaitTrue(aborted));
			EngineSession session = listener.session();
			handler.attach(session, this.watcher, Runnable::run);
			return new Race.Round(() -> dispatch(handler, lock, closed), () -> {
				session.abort();
				aborted.set(true);
			}, () -> {
				assertThat(listener.events()).contains("closed 1006");
				assertThat(closed).isTrue();
			});
		});
	}

	/** As Tomcat does it. */
	private static void dispatch(TomcatUpgradeHandler handler, ReentrantLock lock, AtomicBoolean closed) {
		lock.lock();
		try {
			if (handler.upgradeDispatch(SocketEvent.OPEN_READ) == SocketState.CLOSED) {
				closed.set(true);
			}
		}
		finally {
			lock.unlock();
		}
	}

	private static void awaitTrue(AtomicBoolean condition) {
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
		while (!condition.get()) {
			assertThat(System.nanoTime() - end).as("time over").isNegative();
			Thread.onSpinWait();
		}
	}

	private static SocketWrapperBase<?> wrapper(ReentrantLock lock, AtomicBoolean unread, AtomicBoolean closed)
			throws IOException {
		SocketWrapperBase<?> wrapper = mock(SocketWrapperBase.class, withSettings().stubOnly());
		given(wrapper.getLock()).willReturn(lock);
		given(wrapper.read(ArgumentMatchers.eq(false), ArgumentMatchers.any(ByteBuffer.class))).willAnswer((call) -> {
			if (!unread.getAndSet(false)) {
				return 0;
			}
			byte[] frame = Frames.masked(Frames.FIN_TEXT, "a");
			call.getArgument(1, ByteBuffer.class).put(frame);
			return frame.length;
		});
		willAnswer((call) -> {
			closed.set(true);
			return null;
		}).given(wrapper).close();
		return wrapper;
	}

}

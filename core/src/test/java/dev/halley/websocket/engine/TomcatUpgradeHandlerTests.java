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

import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentMatchers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.mock;

/**
 * What Tomcat gets from the engine, and what it cannot be relied on to do.
 */
class TomcatUpgradeHandlerTests {

	private final SocketWrapperBase<?> wrapper = mock(SocketWrapperBase.class);

	private final TomcatUpgradeHandler handler = new TomcatUpgradeHandler();

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
		this.handler.attach(listener.session(), new WriteWatcher(), Runnable::run);
		assertThatExceptionOfType(InternalError.class)
			.isThrownBy(() -> this.handler.upgradeDispatch(SocketEvent.OPEN_READ));
		assertThat(listener.events()).containsExactly("text a", "closed 1006");
		then(this.wrapper).should(atLeastOnce()).close();
	}

}

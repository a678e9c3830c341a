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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How a peer's last frame is known among bytes that are not parsed.
 */
class LastFrameTests {

	private static boolean isClose(byte[] bytes) {
		return LastFrame.isClose(bytes, bytes.length);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 50, 123 })
	void aCloseAtTheEndIsOne(int reason) {
		byte[] close = Frames.close(1000, "x".repeat(reason));
		assertThat(isClose(close)).isTrue();
		assertThat(isClose(Frames.join(Frames.masked(Frames.FIN_TEXT, "before"), close))).isTrue();
		assertThat(isClose(Frames.masked(Frames.FIN_CLOSE, ""))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(ints = { 126, 300 })
	void aCloseThatIsTooLongIsOneToo(int length) {
		assertThat(isClose(Frames.masked(Frames.FIN_CLOSE, new byte[length]))).isTrue();
	}

	@Test
	void whatIsCutOffOrGoesOnIsNone() {
		byte[] close = Frames.close(1000, "");
		assertThat(LastFrame.isClose(close, close.length - 1)).isFalse();
		assertThat(isClose(Frames.join(close, new byte[2]))).isFalse();
		assertThat(isClose(Frames.masked(Frames.FIN_TEXT, "hello"))).isFalse();
		assertThat(isClose(new byte[0])).isFalse();
	}

}

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

package dev.halley.connection;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.socket.CloseStatus;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Ending}: what comes first decides.
 */
class EndingTests {

	private static final CloseStatus OTHER = new CloseStatus(4000);

	private final Ending ending = new Ending();

	private final FakeTransport transport = new FakeTransport();

	@Test
	void isOpenAtFirst() {
		assertThat(this.ending.isOpen()).isTrue();
		assertThat(this.ending.isOver()).isFalse();
		assertThat(this.ending.isIntended()).isFalse();
		assertThat(this.ending.closeStatusOr(OTHER)).isSameAs(OTHER);
		assertThat(this.ending.abortStatusOr(OTHER)).isSameAs(OTHER);
	}

	@Test
	void isClosedHereOnce() {
		assertThat(this.ending.close(CloseStatus.NORMAL, true)).isTrue();
		assertThat(this.ending.close(OTHER, false)).isFalse();
		assertThat(this.ending.isOpen()).isFalse();
		assertThat(this.ending.isOver()).isFalse();
		assertThat(this.ending.closeStatusOr(OTHER)).isSameAs(CloseStatus.NORMAL);
		assertThat(this.ending.isMeantHere()).isTrue();
		assertThat(this.ending.isIntended()).isTrue();
	}

	@Test
	void isNotMeantHereForTheMomentOnly() {
		this.ending.close(CloseStatus.GOING_AWAY, false);
		this.ending.closedByPeer(CloseStatus.NORMAL, this.transport);
		this.ending.end(CloseStatus.NORMAL, this.transport);
		assertThat(this.ending.closeStatusOr(OTHER)).isSameAs(CloseStatus.GOING_AWAY);
		assertThat(this.ending.isMeantHere()).isFalse();
		assertThat(this.ending.isIntended()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1000, 1005 })
	void isMeantByAPeerThatSaysFarewell(int code) {
		this.ending.closedByPeer(new CloseStatus(code), this.transport);
		assertThat(this.ending.close(OTHER, false)).isFalse();
		assertThat(this.ending.closeStatusOr(OTHER).getCode()).isEqualTo(code);
		assertThat(this.ending.isMeantHere()).isFalse();
		assertThat(this.ending.isIntended()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1001, 1006, 1011, 4000 })
	void isNotMeantByAPeerThatSaysAnythingElse(int code) {
		this.ending.closedByPeer(new CloseStatus(code), this.transport);
		this.ending.end(CloseStatus.NORMAL, this.transport);
		assertThat(this.ending.isIntended()).isFalse();
	}

	@Test
	void isMeantByAPeerOfWhichOnlyTheEndIsKnown() {
		assertThat(this.ending.end(CloseStatus.NORMAL, this.transport)).isTrue();
		assertThat(this.ending.isIntended()).isTrue();
	}

	@Test
	void isNotMeantByAPeerWithoutStatuses() {
		this.ending.closedByPeer(CloseStatus.NORMAL, this.transport.stream());
		assertThat(this.ending.isIntended()).isFalse();
	}

	@Test
	void isNotMeantBeforeThereIsAWire() {
		this.ending.end(CloseStatus.NORMAL, null);
		assertThat(this.ending.isIntended()).isFalse();
	}

	@Test
	void isNotMeantByWhatComesAfterAnAbort() {
		this.ending.abort(CloseStatus.NO_CLOSE_FRAME);
		assertThat(this.ending.close(CloseStatus.NORMAL, true)).isTrue();
		this.ending.end(CloseStatus.NORMAL, this.transport);
		assertThat(this.ending.isMeantHere()).isFalse();
		assertThat(this.ending.isIntended()).isFalse();
		assertThat(this.ending.abortStatusOr(OTHER)).isSameAs(CloseStatus.NO_CLOSE_FRAME);
	}

	@Test
	void isMeantStillWhenAnAbortFollows() {
		this.ending.close(CloseStatus.NORMAL, true);
		this.ending.abort(CloseStatus.NO_CLOSE_FRAME);
		this.ending.end(CloseStatus.NO_CLOSE_FRAME, this.transport);
		assertThat(this.ending.isMeantHere()).isTrue();
	}

	@Test
	void isOverOnceAndClosesNoMore() {
		assertThat(this.ending.end(CloseStatus.NO_CLOSE_FRAME, this.transport)).isTrue();
		assertThat(this.ending.end(CloseStatus.NORMAL, this.transport)).isFalse();
		assertThat(this.ending.close(CloseStatus.NORMAL, true)).isFalse();
		assertThat(this.ending.isOver()).isTrue();
		assertThat(this.ending.isIntended()).isFalse();
		assertThat(this.ending.closeStatusOr(OTHER)).isSameAs(OTHER);
	}

}

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

package dev.halley.stream;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import jakarta.servlet.AsyncContext;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

import dev.halley.Out;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.mock;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.times;
import static org.mockito.BDDMockito.willThrow;

/**
 * Tests for {@link ResponseEnd}.
 */
class ResponseEndTests {

	private final ReentrantLock container = new ReentrantLock();

	private final ContainerTurn turn = new ContainerTurn(this.container, Runnable::run);

	private final AsyncContext async = mock(AsyncContext.class);

	private final ResponseEnd end = new ResponseEnd(new StreamRuns().connection(Out.never()), this.async,
			new MockHttpServletRequest(), this.turn);

	private static void elsewhere(Runnable action) throws Exception {
		CompletableFuture.runAsync(action).get(30, TimeUnit.SECONDS);
	}

	private void assertCompleted(int times) {
		then(this.async).should(times(times)).complete();
	}

	@Test
	void completesOnce() {
		assertThat(this.end.isEnded()).isFalse();
		this.end.complete();
		assertThat(this.end.isEnded()).isTrue();
		this.end.complete();
		assertThat(this.end.drop()).isTrue();
		assertCompleted(1);
	}

	@Test
	void completesAgainAfterAnErrorOfTheContainer() {
		this.end.complete();
		this.end.completeAgain();
		assertCompleted(2);
	}

	@Test
	void doesNotTouchWhatTheContainerHasRecycled() {
		this.end.recycled();
		assertThat(this.end.isRecycled()).isTrue();
		assertThat(this.end.isEnded()).isTrue();
		this.end.complete();
		this.end.completeAgain();
		assertThat(this.end.drop()).isTrue();
		assertCompleted(0);
	}

	@Test
	void completesWhatItCannotDrop() {
		assertThat(this.end.drop()).isTrue();
		assertCompleted(1);
		assertThat(this.container.isLocked()).isFalse();
	}

	@Test
	void dropsNothingWhileTheContainerIsAtWork() throws Exception {
		elsewhere(this.container::lock);
		assertThat(this.end.drop()).isFalse();
		assertThat(this.end.isDropDue()).isFalse();
		assertThat(this.end.isEnded()).isFalse();
		assertCompleted(0);
	}

	@Test
	void theThreadOfTheContainerThatIsInACallDropsAfterIt() throws Exception {
		elsewhere(this.turn::callBegins);
		assertThat(this.end.drop()).isTrue();
		assertThat(this.end.isDropDue()).isTrue();
		assertCompleted(0);
		this.turn.callEnds();
		assertThat(this.end.drop()).isTrue();
		assertThat(this.end.isDropDue()).isFalse();
		assertCompleted(1);
	}

	@Test
	void aContainerThatHasNothingToCompleteHarmsNobody() {
		willThrow(new IllegalStateException("recycled")).given(this.async).complete();
		assertThat(this.end.drop()).isTrue();
		assertThat(this.end.isEnded()).isTrue();
		assertThat(this.container.isLocked()).isFalse();
	}

}

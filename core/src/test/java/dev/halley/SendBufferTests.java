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

package dev.halley;

import java.util.function.ToLongFunction;

import org.junit.jupiter.api.Test;
import reactor.util.context.Context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link SendBuffer}.
 */
class SendBufferTests {

	@Test
	void noMessagesAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new SendBuffer(0, 1, Overflow.CLOSE, null))
			.withMessage("messages: 0 (expected: > 0)");
	}

	@Test
	void noBytesAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new SendBuffer(1, -1, Overflow.CLOSE, null))
			.withMessage("bytes: -1 (expected: > 0)");
	}

	@Test
	void overflowIsRequired() {
		assertThatIllegalArgumentException().isThrownBy(() -> new SendBuffer(1, 1, null, null))
			.withMessage("'overflow' must not be null");
	}

	@Test
	void defaultIsWhatItsDocumentationSays() {
		assertThat(SendBuffer.DEFAULT).isEqualTo(new SendBuffer(256, 1024 * 1024, Overflow.CLOSE, null));
	}

	@Test
	void weigherIsReplacedAloneByTheCopy() {
		ToLongFunction<Object> weigher = (message) -> 1;
		assertThat(new SendBuffer(2, 3, Overflow.LATEST, null).withWeigher(weigher))
			.isEqualTo(new SendBuffer(2, 3, Overflow.LATEST, weigher));
	}

	@Test
	void limitsComeFromTheContext() {
		SendBuffer limits = new SendBuffer(2, 3, Overflow.LATEST, null);
		assertThat(SendBuffer.from(Context.of(SendBuffer.class, limits))).isSameAs(limits);
	}

	@Test
	void emptyContextMeansTheDefault() {
		assertThat(SendBuffer.from(Context.empty())).isSameAs(SendBuffer.DEFAULT);
	}

	@Test
	void oneMessageIsEnoughWhereOnlyTheLatestCounts() {
		assertThat(new SendBuffer(9, 9, Overflow.LATEST, null).capacity()).isEqualTo(1);
		assertThat(new SendBuffer(9, 9, Overflow.DROP_OLDEST, null).capacity()).isEqualTo(9);
	}

}

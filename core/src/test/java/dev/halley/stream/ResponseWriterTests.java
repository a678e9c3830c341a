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

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ResponseWriter}.
 */
class ResponseWriterTests {

	private final ScriptedOutput output = new ScriptedOutput();

	private final ResponseWriter writer = new ResponseWriter(this.output, WriteShare.of(new MockHttpServletRequest()));

	private void add(String text) {
		this.writer.add(text.getBytes(StandardCharsets.UTF_8));
	}

	@Test
	void isIdleBeforeAnythingIsAdded() throws IOException {
		assertThat(this.writer.isIdle()).isTrue();
		assertThat(this.writer.write()).isTrue();
		assertThat(this.output.log).isEmpty();
	}

	@Test
	void writesInOrder() throws IOException {
		add("a");
		this.writer.flush();
		add("b");
		assertThat(this.writer.isIdle()).isFalse();
		assertThat(this.writer.write()).isTrue();
		assertThat(this.output.log).containsExactly("a", "<flush>", "b");
	}

	@Test
	void nothingIsNotWritten() throws IOException {
		add("");
		assertThat(this.writer.isIdle()).isTrue();
		assertThat(this.writer.write()).isTrue();
		assertThat(this.output.log).isEmpty();
	}

	@Test
	void flushesOnceWhereItWasAskedTwice() throws IOException {
		add("a");
		this.writer.flush();
		this.writer.flush();
		this.writer.write();
		assertThat(this.output.log).containsExactly("a", "<flush>");
	}

	@Test
	void goesOnWhereTheContainerHadToWait() throws IOException {
		this.output.room = 1;
		add("a");
		add("b");
		assertThat(this.writer.write()).isFalse();
		assertThat(this.output.log).containsExactly("a");
		this.output.room = 5;
		assertThat(this.writer.write()).isTrue();
		assertThat(this.output.log).containsExactly("a", "b");
	}

	@Test
	void whatTheContainerStillHasIsNotOut() throws IOException {
		this.output.room = 1;
		add("a");
		assertThat(this.writer.write()).isFalse();
		assertThat(this.writer.isIdle()).isFalse();
		this.output.room = 1;
		assertThat(this.writer.write()).isTrue();
		assertThat(this.writer.isIdle()).isTrue();
	}

	@Test
	void aLargeOneGoesOutInPieces() throws IOException {
		String large = "x".repeat(8 * 1024) + "y".repeat(8 * 1024) + "z";
		add(large);
		add("next");
		this.writer.write();
		assertThat(this.output.log).containsExactly("x".repeat(8 * 1024), "y".repeat(8 * 1024), "z", "next");
	}

	@Test
	void piecesThatFitExactlyLeaveNothingOver() throws IOException {
		add("x".repeat(8 * 1024));
		add("next");
		this.writer.write();
		assertThat(this.output.log).containsExactly("x".repeat(8 * 1024), "next");
	}

}

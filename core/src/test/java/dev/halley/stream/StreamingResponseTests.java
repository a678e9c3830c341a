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
import java.time.Duration;

import jakarta.servlet.ServletOutputStream;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockAsyncContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import dev.halley.Out;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link StreamingResponse} and for what answers HEAD.
 */
class StreamingResponseTests {

	private final ScriptedOutput output = new ScriptedOutput();

	private final MockHttpServletRequest request = new MockHttpServletRequest();

	private final MockHttpServletResponse response = new MockHttpServletResponse() {
		@Override
		public ServletOutputStream getOutputStream() {
			return StreamingResponseTests.this.output;
		}
	};

	private final StreamingResponse stream = new StreamingResponse((response) -> {
		response.setHeader("X-Format", "yes");
		return new TestFormat();
	}, Duration.ofSeconds(7));

	private MockAsyncContext async() {
		MockAsyncContext async = (MockAsyncContext) this.request.getAsyncContext();
		assertThat(async).isNotNull();
		return async;
	}

	private void head() {
		this.request.setAsyncSupported(true);
		this.stream.runHead(this.request, this.response);
	}

	@Test
	void negativeTimeIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new StreamingResponse((response) -> new TestFormat(), Duration.ofSeconds(-1)))
			.withMessage("timeout: PT-1S (expected: >= 0)");
	}

	@Test
	void runsUntilTheOutIsOver() throws IOException {
		this.request.setAsyncSupported(true);
		this.stream.run(new StreamRuns().connection(Out.of("a", "b")), this.request, this.response);
		assertThat(async().getTimeout()).isEqualTo(7000);
		assertThat(async().getListeners()).hasSize(1);
		assertThat(this.request.isAsyncStarted()).isTrue();
		this.output.takes(100);
		assertThat(this.output.text()).isEqualTo("[ab)");
		assertThat(this.request.isAsyncStarted()).isFalse();
	}

	@Test
	void headGetsTheHeadersAlone() throws IOException {
		head();
		assertThat(this.response.getHeader("X-Format")).isNull();
		this.output.takes(100);
		assertThat(this.response.getHeader("X-Format")).isEqualTo("yes");
		assertThat(this.output.log).containsExactly("<flush>");
		assertThat(this.request.isAsyncStarted()).isFalse();
	}

	@Test
	void headWithoutANetworkIsAnsweredAtOnce() {
		this.output.isNetwork = false;
		head();
		assertThat(this.output.log).containsExactly("<flush>");
		assertThat(this.request.isAsyncStarted()).isFalse();
	}

	@Test
	void headIsOverEvenIfItCannotBeAnswered() throws IOException {
		head();
		this.output.failure = new IOException("gone");
		this.output.takes(100);
		assertThat(this.request.isAsyncStarted()).isFalse();
	}

}

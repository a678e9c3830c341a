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

package dev.halley.test;

import java.util.List;

import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

/**
 * Assertions about the answer to a handshake. Whatever fails shows all of the answer.
 *
 * @since 0.1
 * @see HalleyAssertions
 */
public final class HttpAnswerAssert extends AbstractAssert<HttpAnswerAssert, HttpAnswer> {

	HttpAnswerAssert(@Nullable HttpAnswer actual) {
		super(actual, HttpAnswerAssert.class);
	}

	private HttpAnswer answer() {
		isNotNull();
		return this.actual;
	}

	/**
	 * Verifies the status.
	 * @param status the status code
	 * @return this
	 */
	public HttpAnswerAssert hasStatus(int status) {
		HttpAnswer answer = answer();
		Assertions.assertThat(answer.status()).as(answer::toString).isEqualTo(status);
		return this;
	}

	/**
	 * Verifies a header.
	 * @param name its name
	 * @param value its only value
	 * @return this
	 */
	public HttpAnswerAssert hasHeader(String name, String value) {
		HttpAnswer answer = answer();
		List<String> values = answer.headers().getOrEmpty(name);
		Assertions.assertThat(values).as(answer::toString).containsExactly(value);
		return this;
	}

	/**
	 * Returns the body, for any assertion about it.
	 * @return assertions about its text
	 */
	public AbstractStringAssert<?> body() {
		HttpAnswer answer = answer();
		return Assertions.assertThat(answer.body()).as(answer::toString);
	}

}

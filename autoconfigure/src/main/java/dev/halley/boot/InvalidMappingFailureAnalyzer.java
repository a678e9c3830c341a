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

package dev.halley.boot;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

import dev.halley.web.InvalidMappingException;

/**
 * Explains a mapping that cannot work.
 */
final class InvalidMappingFailureAnalyzer extends AbstractFailureAnalyzer<InvalidMappingException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidMappingException cause) {
		String description = "A method is mapped to live connections in a way that cannot work:%n%n    Method: %s%n    Problem: %s"
			.formatted(cause.getMethod().toGenericString(), cause.getProblem());
		return new FailureAnalysis(description, "Write instead: " + cause.getRemedy() + ".", cause);
	}

}

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

/**
 * Explains a broker that is asked for and is not there.
 */
final class MissingBrokerFailureAnalyzer extends AbstractFailureAnalyzer<MissingBrokerException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, MissingBrokerException cause) {
		return new FailureAnalysis(
				"Hubs are to reach other machines over Redis (halley.hub.broker=redis), but something is missing:%n%n    %s"
					.formatted(String.join("%n    ".formatted(), cause.missing())),
				"Add what is missing, or remove halley.hub.broker to have hubs in the memory of this process.", cause);
	}

}

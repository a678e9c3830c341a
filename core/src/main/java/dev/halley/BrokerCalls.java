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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * What is asked of a broker. One that throws, which it should not, has failed: whoever
 * waits for its answer must not wait for ever.
 */
final class BrokerCalls {

	private static final Log logger = LogFactory.getLog(BrokerCalls.class);

	private BrokerCalls() {
	}

	/** Returns what the broker returns, or a stage that has failed if it throws. */
	static <T> CompletionStage<T> ask(Supplier<CompletionStage<T>> question) {
		try {
			return question.get();
		}
		catch (RuntimeException | Error ex) {
			logger.warn("A broker of hubs threw what it should have returned as a failure", ex);
			return CompletableFuture.failedStage(ex);
		}
	}

}

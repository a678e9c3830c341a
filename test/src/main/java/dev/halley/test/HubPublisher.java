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

import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.halley.Hub;
import dev.halley.HubUnavailableException;
import dev.halley.Position;

/**
 * Publishes to a hub for a {@link HubTester}, and waits for the place of each message.
 *
 * @param hub the hub
 * @param transcript where all goes that is published
 * @param tester who tells of failures, and how long is waited
 * @param <T> the type of the hub's messages
 */
record HubPublisher<T>(Hub<T> hub, Transcript transcript, PairTester<Void, Object> tester) {

	Position publish(T message) {
		return await(this.hub.publish(message), message);
	}

	Position publishOnce(T message, String key) {
		return await(this.hub.publishOnce(message, key), message);
	}

	/**
	 * Publishes what cannot be published.
	 * @return how the hub says so
	 * @throws AssertionError if it was published, or has failed otherwise
	 */
	HubUnavailableException unavailable(T message) {
		try {
			publish(message);
		}
		catch (AssertionError ex) {
			if (ex.getCause() instanceof HubUnavailableException unavailable) {
				return unavailable;
			}
			throw ex;
		}
		throw this.tester.failure(
				"expected that " + Transcript.print(message) + " cannot be published, but it was: the broker is there");
	}

	private Position await(CompletionStage<Position> stage, T message) {
		Transcript.Entry entry = this.transcript.sent(Transcript.print(message));
		try {
			return stage.toCompletableFuture().get(this.tester.timeout().toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (ExecutionException ex) {
			Throwable cause = ex.getCause();
			entry.remark("not published: " + cause);
			throw this.tester.failure("publish " + Transcript.print(message) + ": " + cause, cause);
		}
		catch (TimeoutException ex) {
			throw this.tester.failure("publish " + Transcript.print(message) + ": it has no place after "
					+ Timeouts.print(this.tester.timeout()), ex);
		}
		catch (InterruptedException ex) {
			throw this.tester.interrupted();
		}
	}

}

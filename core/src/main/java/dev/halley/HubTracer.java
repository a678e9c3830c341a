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

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Goes along with the messages of hubs that a broker carries, such as to make them parts
 * of traces: from where they are published to where they are delivered. Given to
 * {@link Hubs#traceWith}.
 * <p>
 * Any number of threads call at the same time; returns at once, and does not throw.
 *
 * @since 0.1
 */
public interface HubTracer {

	/** Traces nothing. */
	HubTracer NONE = new HubTracer() {
	};

	/**
	 * A message is about to be published, by this thread.
	 * @param hub the name of the hub
	 * @return goes along until the message has its place, or {@code null}
	 */
	default @Nullable Publication publishing(String hub) {
		return null;
	}

	/**
	 * A message that came from the broker is about to be delivered to all subscribers of
	 * this process, by this thread.
	 * @param hub the name of the hub
	 * @param headers what {@link Publication#headers} gave where it was published; empty
	 * if that was not traced, or its broker carries none
	 * @return goes along with the delivery, to be closed at its end
	 */
	default CallContext.Scope delivering(String hub, Map<String, String> headers) {
		return CallContext.Scope.NONE;
	}

	/**
	 * Goes along with one message that is published.
	 */
	interface Publication {

		/**
		 * Returns what travels along with the message.
		 * @return few and short headers, such as {@code traceparent}; beyond 4,096
		 * characters in all none of them is sent
		 */
		Map<String, String> headers();

		/**
		 * The message has its place, or has none.
		 * @param failure why it could not be published, or {@code null}
		 */
		void ended(@Nullable Throwable failure);

	}

}

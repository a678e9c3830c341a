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

package dev.halley.observation;

/**
 * Whether messages are observed, and what they have to do with the trace of their
 * connection.
 *
 * @since 0.1
 */
public enum MessageTracing {

	/** Messages are not observed, and cost nothing. */
	OFF,

	/**
	 * Each message is a child of the connection's handshake: one trace for each
	 * connection, which grows for as long as that lives.
	 */
	CHILD,

	/**
	 * Each message begins a trace of its own, which may be sampled on its own, and knows
	 * the handshake: {@link MessageObservationContext#handshake}.
	 */
	LINK

}

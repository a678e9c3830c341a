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

import org.jspecify.annotations.Nullable;

/**
 * Why a connection ends, for a source whose subscription it cancels then: in the Reactor
 * context of the subscriber, under the class as key. A source that is subscribed to
 * without one takes the end for one that nobody has meant.
 * <p>
 * May be asked on any thread, from the cancellation on. For those who run pairs over a
 * wire of their own; applications have no use for it.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface ConnectionEnd {

	/**
	 * Whether the end was meant to be one: the application has asked for it, not with a
	 * status that invites to come again, or the peer of a WebSocket has with 1000 or
	 * without a status (RFC 6455, section 7.4.1). Not so for a peer that vanishes or goes
	 * away (1001), as a page does that is loaded again, nor for time-outs and failures.
	 * @return whether the peer is not expected to come again
	 */
	boolean isIntended();

	/**
	 * Where hubs and channels tell what waits with them for the connection. It is here
	 * since each further entry of a Reactor context costs every connection its memory.
	 * @return always the same, or {@code null} if nobody wants to know
	 */
	default @Nullable SourceQueues queues() {
		return null;
	}

}

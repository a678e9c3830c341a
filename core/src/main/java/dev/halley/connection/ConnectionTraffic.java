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

package dev.halley.connection;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What has gone over a connection since it was opened, and what waits at the moment. A
 * snapshot: {@link Connection#traffic()} makes a new one. Its numbers are read one after
 * the other while traffic goes on, so they need not be of the very same moment; none of
 * the totals ever goes back.
 *
 * @param messagesReceived how many whole messages have come in, whatever became of them;
 * no pings and pongs
 * @param bytesReceived the bytes of these messages: after decompression, without what the
 * wire adds
 * @param messagesSent how many messages were handed to the network; no heartbeats
 * @param bytesSent the bytes of these messages: before compression, without what the wire
 * adds
 * @param messagesDropped how many messages an {@link dev.halley.Overflow} strategy has
 * dropped; not those that were left when the connection ended
 * @param queuedMessages how many messages wait for the peer or are being written, those
 * that wait in hubs and channels for this connection included
 * @param queuedBytes the bytes of these, as far as they are known: messages of hubs and
 * channels that nobody has looked at yet count as nothing
 * @param lastActivity when the last message came in or went out, or else when the
 * connection was made; to the accuracy of a second
 * @param pingRoundTrip how long the last ping took to be answered that was, until its
 * answer was read, or {@code null} if there was none; always {@code null} for streams
 * @param times how long handlers and writes have taken
 * @since 0.1
 */
public record ConnectionTraffic(long messagesReceived, long bytesReceived, long messagesSent, long bytesSent,
		long messagesDropped, int queuedMessages, long queuedBytes, Instant lastActivity,
		@Nullable Duration pingRoundTrip, ConnectionTimes times) {
}

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

/**
 * Halley's own WebSocket engine: RFC 6455 and RFC 7692 on a server's HTTP upgrade.
 * <p>
 * The protocol is pure: nothing in it does I/O, starts a thread or reads a clock.
 * <ul>
 * <li>{@code FrameReader} takes bytes, cut anywhere, and calls a {@code FrameHandler}
 * with whole messages and control frames. It can stop after any of them, and leaves the
 * rest of the input to its caller: that is how backpressure reaches the socket. What
 * breaks the protocol ends in a {@code WebSocketProtocolException} with the close code to
 * send.</li>
 * <li>{@code FrameWriter} makes frames, either behind each other in a reused
 * {@code ByteSink}, so that all that is queued leaves in one write, or as an array of
 * their own that many connections can share.</li>
 * <li>{@code PerMessageDeflate} negotiates compression and lends deflaters and inflaters
 * from bounded pools. It is one for all connections.</li>
 * <li>{@code CloseCodes} names close codes, and makes the payload of a close frame.</li>
 * </ul>
 * An idle connection holds no buffer: the reader drops its array with the message, and
 * sinks belong to threads rather than to connections.
 */
@NullMarked
package dev.halley.websocket.engine;

import org.jspecify.annotations.NullMarked;

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
 * <table>
 * <caption>Where what is done</caption>
 * <tr>
 * <th>Job</th>
 * <th>Files</th>
 * </tr>
 * <tr>
 * <td>Frames in</td>
 * <td>{@code FrameReader}, {@code FrameHeader}, {@code FrameMask}, {@code Opcodes},
 * {@code Role}, {@code Utf8}, {@code LastFrame}; {@code FrameHandler} is told;
 * {@code WebSocketProtocolException}</td>
 * </tr>
 * <tr>
 * <td>Messages out of frames: their fragments, their limit</td>
 * <td>{@code MessageAssembler}</td>
 * </tr>
 * <tr>
 * <td>Frames out</td>
 * <td>{@code FrameWriter} into a {@code ByteSink}; {@code CloseCodes}</td>
 * </tr>
 * <tr>
 * <td>Compression: what is negotiated</td>
 * <td>{@code ExtensionOffer} is an offer as it came, {@code DeflateParameters} what of it
 * is agreed to, window bits and all; {@code DeflateSettings} configures,
 * {@code PerMessageDeflate} has it for a server, {@code Compression} for a
 * connection</td>
 * </tr>
 * <tr>
 * <td>Compression: what is done</td>
 * <td>{@code MessageDeflater}, {@code MessageInflater}; {@code Pool}, {@code Lease}</td>
 * </tr>
 * <tr>
 * <td>A session: reading, writing, the closing handshake</td>
 * <td>{@code EngineSession}, {@code EngineOutput}, over an {@code EngineSocket};
 * {@code EngineListener} is told: {@code PairListener} for pairs, {@code HandlerListener}
 * with {@code EngineWebSocketSession} for Spring's handlers;
 * {@code HandshakeDetails}</td>
 * </tr>
 * <tr>
 * <td>The upgrade on Tomcat</td>
 * <td>{@code NativeUpgradeStrategy}, {@code EngineSettings}, {@code LateSocket}; on
 * Tomcat's connections {@code TomcatUpgradeHandler}, {@code TomcatSocket},
 * {@code WriteWatcher}</td>
 * </tr>
 * <tr>
 * <td>Connections and streams that leave Tomcat</td>
 * <td>{@code DetachingNioProtocol}, {@code DetachingNioEndpoint},
 * {@code DetachingProcessor}, {@code DetachableChannel}; {@code LoopUpgradeHandler};
 * {@code LoopDepartures}, {@code LeavingResponse} for streams</td>
 * </tr>
 * <tr>
 * <td>The event loops</td>
 * <td>{@code EventLoops}, {@code EventLoop}; {@code LoopSocket} carries a
 * {@code LoopSession}, be it a WebSocket or a {@code LoopStream}</td>
 * </tr>
 * <tr>
 * <td>Handlers that block: where they run, from how many milliseconds on</td>
 * <td>{@code OffloadPolicy} for an endpoint's handlers; {@code LoopMonitor} looks for a
 * loop that is blocked now, {@code Takeover} and {@code LoopTakeoverEvent} count and
 * record it</td>
 * </tr>
 * </table>
 */
@NullMarked
package dev.halley.websocket.engine;

import org.jspecify.annotations.NullMarked;

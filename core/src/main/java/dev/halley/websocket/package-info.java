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
 * Pairs over WebSockets: the pair as a Spring
 * {@link org.springframework.web.socket.WebSocketHandler}, and the ways to run it on the
 * WebSocket implementations of the servlet containers.
 * <table>
 * <caption>Where what is done</caption>
 * <tr>
 * <th>Job</th>
 * <th>Files</th>
 * </tr>
 * <tr>
 * <td>The rules of the handshake: version, key, extensions, tokens</td>
 * <td>{@code HandshakeRules}</td>
 * </tr>
 * <tr>
 * <td>The upgrade</td>
 * <td>{@code PairUpgradeStrategy}; on the container's engine
 * {@code ContainerUpgradeStrategy}, {@code JettyUpgrade},
 * {@code NoContainerException}</td>
 * </tr>
 * <tr>
 * <td>Pairs over a container's WebSockets</td>
 * <td>{@code PairWebSocketHandler}; {@code JakartaTransport}, {@code JettyTransport};
 * {@code BatchSender} writes, {@code MessageParts} joins the parts of a message,
 * {@code ReadGate} stops reading, {@code TomcatSessions}</td>
 * </tr>
 * </table>
 */
@NullMarked
package dev.halley.websocket;

import org.jspecify.annotations.NullMarked;

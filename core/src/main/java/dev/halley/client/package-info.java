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
 * The client: pairs and event streams from the other side. Begin with
 * {@link dev.halley.client.HalleyClient}.
 * <table>
 * <caption>Where what is done</caption>
 * <tr>
 * <th>Job</th>
 * <th>Files</th>
 * </tr>
 * <tr>
 * <td>What a user configures and asks for</td>
 * <td>{@code HalleyClient}; {@code ClientRequest}: {@code WebSocketRequest},
 * {@code EventStreamRequest}; {@code RequestHeaders}, {@code StandardCodecs};
 * {@code ClientRuntime} has what all share</td>
 * </tr>
 * <tr>
 * <td>Whether it comes back after a loss, by status and cause</td>
 * <td>{@code ErrorStrategy}; the standard one is {@code StandardErrors}</td>
 * </tr>
 * <tr>
 * <td>How long it waits before that</td>
 * <td>{@code ConnectStrategy}; the standard one is {@code Backoff}; {@code Reconnects}
 * counts losses and asks both</td>
 * </tr>
 * <tr>
 * <td>WebSockets</td>
 * <td>{@code ClientConnection} over its {@code ConnectAttempt}s; {@code PairRuns} runs
 * the pairs</td>
 * </tr>
 * <tr>
 * <td>By which library</td>
 * <td>{@code WebSocketConnector} and {@code WebSocketHandshake}; the JDK's
 * {@code JdkConnector}, {@code JdkTransport}; Spring's {@code SpringConnector},
 * {@code ClientSocketHandler}, {@code SessionTransport}</td>
 * </tr>
 * <tr>
 * <td>Event streams</td>
 * <td>{@code EventStreamRun} asks and asks again, {@code StreamExchange} is one response,
 * {@code EventStreamParser} reads it</td>
 * </tr>
 * <tr>
 * <td>What is told</td>
 * <td>{@code ConnectionState} by {@code States}, {@code ConnectionLoss},
 * {@code ConnectFailedException}; {@code AttemptObserver}, {@code AttemptEnd},
 * {@code ClientObservations}</td>
 * </tr>
 * <tr>
 * <td>Time</td>
 * <td>{@code Ticks}</td>
 * </tr>
 * </table>
 */
@NullMarked
package dev.halley.client;

import org.jspecify.annotations.NullMarked;

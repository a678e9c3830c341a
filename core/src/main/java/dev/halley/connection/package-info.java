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
 * What runs a pair: the connection's state machine, its outbound queue, demand, time-outs
 * and the registry of live connections. Knows wires only through
 * {@link dev.halley.connection.Transport}.
 * <table>
 * <caption>Where what is done</caption>
 * <tr>
 * <th>Job</th>
 * <th>Files</th>
 * </tr>
 * <tr>
 * <td>A connection and its parts</td>
 * <td>{@code Connection}, of a pair; {@code Transport} is its wire,
 * {@code ConnectionInfo} what is known of it. Those of Spring's own handlers:
 * {@code SessionWatch}</td>
 * </tr>
 * <tr>
 * <td>Receive: what is handled next, and when reading stops</td>
 * <td>{@code InboundState} decides, {@code Inbound} acts; {@code ReadAhead} holds what
 * came meanwhile, and how much; {@code HandlerCompletion} waits for asynchronous
 * handlers</td>
 * </tr>
 * <tr>
 * <td>How fast a peer may send, and the status if it goes on</td>
 * <td>{@code ReceivePace}, by a {@code ReceiveLimit}</td>
 * </tr>
 * <tr>
 * <td>Send: what is written next, and what is held back</td>
 * <td>{@code OutboundState} decides, {@code Outbound} acts; {@code SendQueue} holds what
 * waits; {@code PayloadEncoder} and {@code IdentifyingEncoder} encode</td>
 * </tr>
 * <tr>
 * <td>How much is asked of the source</td>
 * <td>{@code Demand} decides, {@code SourceSubscriber} asks</td>
 * </tr>
 * <tr>
 * <td>End: which of several ends counts, and the order of the steps</td>
 * <td>{@code Ending} decides, {@code Closing} has the steps; {@code CloseReason} is what
 * metrics call it</td>
 * </tr>
 * <tr>
 * <td>Time: pings, heartbeats, all time-outs</td>
 * <td>{@code TimeOuts} decides; {@code PairTicks} and {@code TickWork} do it;
 * {@code ConnectionTimer} has the thread; {@code Agenda} for what is due once. The values
 * are in {@code ConnectionSettings}</td>
 * </tr>
 * <tr>
 * <td>On which thread</td>
 * <td>{@code Turns} for one thread at a time; {@code Callbacks} and {@code WorkThreads}
 * for what may wait</td>
 * </tr>
 * <tr>
 * <td>When code of the application throws</td>
 * <td>{@code FailureHandler} is the application's answer, {@code FailureAnswers} does it,
 * {@code Failures} is the answer without one, close status and all; {@code FailureLog}
 * writes it down, with an excerpt of what a peer has sent</td>
 * </tr>
 * <tr>
 * <td>Who may come: places, rates, and when those refused may come again</td>
 * <td>{@code Admission}, by {@code ConnectionLimits}; {@code Reservation} is a place;
 * {@code TokenBucket}; {@code RemoteAddress} and {@code CountedUser} for who counts as
 * one; {@code TooManyConnectionsException} for the refusal and its
 * {@code Retry-After}</td>
 * </tr>
 * <tr>
 * <td>Who is there</td>
 * <td>{@code ConnectionRegistry}; {@code ConnectionIndex} and {@code UserIndex} find
 * them; for applications {@code Connections}, {@code ConnectionFilter},
 * {@code ConnectionAttributes}, {@code LiveConnection} with {@code LivePair} and
 * {@code LiveSession}; {@code Letter} is sent beside outs, {@code OtherNodes} asks other
 * nodes</td>
 * </tr>
 * <tr>
 * <td>The shutdown</td>
 * <td>{@code Drain}: in which order and how fast those who are there are told</td>
 * </tr>
 * <tr>
 * <td>The end of a login, and the status it has</td>
 * <td>{@code Logins}; {@code LiveLogin} is that of one connection, {@code Login} the
 * argument, {@code LoginSource} knows those of requests; {@code SessionIndex} and
 * {@code SessionRounds} for HTTP sessions</td>
 * </tr>
 * <tr>
 * <td>Counting and tracing</td>
 * <td>{@code TrafficCount}, {@code ConnectionTraffic}, {@code ConnectionTimes};
 * {@code ConnectionObserver}, {@code ConnectionMeter}, {@code GuardedObserver};
 * {@code ConnectionTracer}, {@code Handling} for each message</td>
 * </tr>
 * <tr>
 * <td>What logs tell</td>
 * <td>{@code ConnectionLogging} says what is switched on; {@code TrafficLog} of messages,
 * {@code Masking} of what is secret in them; {@code LoggingContext} for the MDC</td>
 * </tr>
 * </table>
 */
@NullMarked
package dev.halley.connection;

import org.jspecify.annotations.NullMarked;

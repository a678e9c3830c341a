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
 * A test kit: a test is the peer of a pair, without a server
 * ({@link dev.halley.test.PairTester}) or over a real connection
 * ({@link dev.halley.test.LiveClient}), in one vocabulary ({@link dev.halley.test.Peer}).
 * <table>
 * <caption>Where what is done</caption>
 * <tr>
 * <th>Job</th>
 * <th>Files</th>
 * </tr>
 * <tr>
 * <td>What a test says and expects</td>
 * <td>{@code Peer}: {@code PairTester}, {@code LiveClient}, {@code HubTester};
 * {@code PeerAssert}, {@code HttpAnswerAssert}, {@code HalleyAssertions}</td>
 * </tr>
 * <tr>
 * <td>How an expectation is met, and what is told when not</td>
 * <td>{@code Expectations}; {@code Inbox} holds what came, {@code Transcript} is the
 * account of it, {@code Watch} sees what only the test's thread can do</td>
 * </tr>
 * <tr>
 * <td>How long a test waits</td>
 * <td>{@code Timeouts} has the default; {@code TesterSettings} that of one tester</td>
 * </tr>
 * <tr>
 * <td>Pairs without a server</td>
 * <td>{@code PairTesterBuilder}, {@code TesterRuntime}, {@code TesterTransport},
 * {@code Handover}, {@code ObservedRun}, {@code ObjectCodec}, {@code Codecs},
 * {@code VirtualTime}, {@code Workers}; {@code Gate}</td>
 * </tr>
 * <tr>
 * <td>Clients of a running server</td>
 * <td>{@code LiveClients}; {@code HttpLine}, {@code HttpAnswer}, {@code LineReader},
 * {@code LineWriter}, {@code LiveMessages}; WebSockets {@code LiveHandshake},
 * {@code WebSocketFrame}, {@code WebSocketReader}, {@code MessageDeflate}; streams
 * {@code EventReader}, {@code CometReader}, {@code CometCall}</td>
 * </tr>
 * <tr>
 * <td>Hubs</td>
 * <td>{@code HubPublisher}, {@code HubReading}, {@code MemberExpectations},
 * {@code MemberChange}; a broker that fails on demand: {@code FakeHubBroker},
 * {@code FakeServer}</td>
 * </tr>
 * <tr>
 * <td>In tests of JUnit and Spring</td>
 * <td>{@code TesterExtension}, {@code OpenPeers}; {@code HalleyTest},
 * {@code PairTesters}, {@code PairTestersPostProcessor}, {@code MappedMethods},
 * {@code RequiredMappings}, {@code HalleyTypeExcludeFilter},
 * {@code HalleyTestContextBootstrapper}, {@code HalleyContextCustomizerFactory},
 * {@code HalleyTestContextCustomizerFactory}, {@code HalleyTestExecutionListener}</td>
 * </tr>
 * </table>
 */
@NullMarked
package dev.halley.test;

import org.jspecify.annotations.NullMarked;

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
 * The model: what comes in ({@link dev.halley.In}), what goes out
 * ({@link dev.halley.Out}), the pair of both ({@link dev.halley.InOut}) and broadcast
 * ({@link dev.halley.Hub}). These types describe; they know nothing of wires. A
 * connection runs them.
 * <table>
 * <caption>Where what is done</caption>
 * <tr>
 * <th>Job</th>
 * <th>Files</th>
 * </tr>
 * <tr>
 * <td>Pairs and how they run</td>
 * <td>{@code In}, {@code Out}, {@code InOut}; {@code RunningPair}; a {@code Receiver}
 * takes what comes in: {@code FlowReceiver}, {@code PipelineReceiver} with
 * {@code PipelineInput}, {@code ObservedReceiver}</td>
 * </tr>
 * <tr>
 * <td>What operators of an out do</td>
 * <td>{@code Step}, {@code Elements}; {@code Merging}, {@code Batching}, {@code Piping},
 * {@code Resuming}, {@code Streaming}, {@code Timers}, {@code Together},
 * {@code Reactive}; {@code ContextFlux}, {@code RelayedCancellation},
 * {@code SourceThreads}</td>
 * </tr>
 * <tr>
 * <td>Channels</td>
 * <td>{@code Channel}, {@code UnicastFlux}</td>
 * </tr>
 * <tr>
 * <td>What an out is told of its connection</td>
 * <td>{@code SendBuffer}, {@code ConnectionEnd}, {@code Positions}, {@code SourceQueues},
 * {@code StackReserve}; {@code CallContext}, {@code CallContexts},
 * {@code ContextCapture}</td>
 * </tr>
 * <tr>
 * <td>Which close codes may be sent</td>
 * <td>{@code CloseStatuses}</td>
 * </tr>
 * <tr>
 * <td>One subscriber of a hub or channel: its queue, and what is dropped when it is
 * full</td>
 * <td>{@code HotQueue}, by {@code Overflow}; {@code HotSubscription},
 * {@code SlowConsumerException}; {@code DeliveryTurns} and {@code Delivering} for the
 * thread that delivers</td>
 * </tr>
 * <tr>
 * <td>Hubs: publishing and subscribing</td>
 * <td>{@code Hub}, {@code Hubs}; in memory {@code InMemoryHub}, {@code InMemoryHubs},
 * {@code HubFlux}, {@code HubMember}, {@code HubMembers}, {@code Audience};
 * {@code SharedMessage}, {@code PublishedMessage}, {@code PlacedMessage};
 * {@code HubEvent}, {@code HubSignal}, {@code HubClosedException}</td>
 * </tr>
 * <tr>
 * <td>What hubs remember, and who comes back</td>
 * <td>{@code History}, {@code HistoryPatterns}, {@code KeptHistory}, {@code HubHistory},
 * {@code RetainedHubs}; {@code Replay}, {@code Replaying}, {@code HubResetException};
 * {@code Position}, {@code Epochs}</td>
 * </tr>
 * <tr>
 * <td>Who is present</td>
 * <td>{@code HubPresence}, {@code PresentMembers}, {@code PresentFlux},
 * {@code PresentHub}, {@code Roster}, {@code PresenceReader}</td>
 * </tr>
 * <tr>
 * <td>Sources that outlive their connection</td>
 * <td>{@code Recorded}, {@code Recording}, {@code RecordedSource}, {@code Records},
 * {@code LocalRecords}; {@code SourceRecord}, {@code SourceRun}, {@code RecordLog},
 * {@code RecordQueue}, {@code RecordReader}; {@code RecordingFullException},
 * {@code RecordedFailedException}, {@code RecordedLostException}</td>
 * </tr>
 * <tr>
 * <td>Hubs of all nodes: publishing</td>
 * <td>{@code BrokeredHub}, {@code BrokeredHubs}, {@code MirroredHub}; {@code Publishing},
 * {@code BrokerCalls}, {@code HubUnavailableException},
 * {@code HubMessageTooLargeException}; {@code MessageHeaders}</td>
 * </tr>
 * <tr>
 * <td>Hubs of all nodes: what comes from the broker, and what is missing</td>
 * <td>{@code BrokerFeed}, {@code FeedPhase}, {@code FeedPlace}, {@code FeedInbox},
 * {@code FeedTurns}, {@code FeedReceiver}, {@code HistoryLoad}, {@code StaleEpochs};
 * {@code HubListening}; {@code BrokerTimes}, {@code BrokerTimer}, {@code Lane}</td>
 * </tr>
 * <tr>
 * <td>Hubs of all nodes: who is present</td>
 * <td>{@code BrokeredPresence}, {@code MembersElsewhere}, {@code NewestMemberData},
 * {@code PresenceFollowing}, {@code PresenceNodes}; what nodes tell:
 * {@code PresenceMessage}, {@code PresenceWire}, {@code PresenceOutbox},
 * {@code PresenceCodec}, {@code MemberData}, {@code MemberDataCodec}</td>
 * </tr>
 * <tr>
 * <td>Hubs of all nodes: recorded sources</td>
 * <td>{@code BrokeredRecord}, {@code BrokeredRecords}, {@code BrokeredLog};
 * {@code RecordHearing}, {@code RecordTelling}, {@code RecordClaim}, {@code RecordStops};
 * what nodes tell: {@code RecordMessage}, {@code RecordWire}, {@code RecordOutbox},
 * {@code RecordCodec}</td>
 * </tr>
 * <tr>
 * <td>What nodes tell each other</td>
 * <td>{@code NodeLink}, {@code NodeForm}; of connections {@code NodeMessage},
 * {@code NodeMessageCodec}</td>
 * </tr>
 * <tr>
 * <td>Time, numbers and traces of hubs</td>
 * <td>{@code HubTimes}, {@code HubTimer}; {@code HubCounts}, {@code HubStatistics},
 * {@code HubState}; {@code HubTracer}</td>
 * </tr>
 * </table>
 */
@NullMarked
package dev.halley;

import org.jspecify.annotations.NullMarked;

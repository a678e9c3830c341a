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
 * <td>{@code In}, {@code Out}, {@code InOut} describe; {@code RunningPair} is one that
 * runs. A {@code Receiver} takes what comes in: {@code FlowReceiver} and
 * {@code PipelineReceiver} feed a {@code PipelineInput}, {@code ObservedReceiver} tells
 * of open and end</td>
 * </tr>
 * <tr>
 * <td>What operators of an out do</td>
 * <td>{@code Step}: map, filter. {@code Batching}: what is joined into one, when and up
 * to how much. {@code Merging}: several outs as one. {@code Piping}: through a pipeline.
 * {@code Resuming}: another out after a failure. {@code Streaming}: from streams and
 * suppliers that block, on {@code SourceThreads}. {@code Elements}: what goes through all
 * of them. Below: {@code Timers} whose time, {@code Together} hubs that wait for each
 * other, {@code Reactive} other libraries, {@code ContextFlux} contexts,
 * {@code RelayedCancellation} on which thread a cancel runs</td>
 * </tr>
 * <tr>
 * <td>Channels</td>
 * <td>{@code Channel}, made by {@code UnicastFlux}</td>
 * </tr>
 * <tr>
 * <td>What an out is told of its connection</td>
 * <td>{@code SendBuffer}: its limits; {@code ConnectionEnd}: whether the end is meant;
 * {@code Positions}: how ids are written and joined; {@code SourceQueues}: what waits at
 * the source; {@code StackReserve}: the depth of calls. {@code CallContext},
 * {@code CallContexts}, {@code ContextCapture}: what its threads find</td>
 * </tr>
 * <tr>
 * <td>Which close codes may be sent, and how long their reason</td>
 * <td>{@code CloseStatuses}</td>
 * </tr>
 * <tr>
 * <td>One subscriber of a hub or channel</td>
 * <td>{@code HotQueue}: what waits, and by {@code Overflow} what is dropped;
 * {@code HotSubscription} passes it on, or ends with {@code SlowConsumerException};
 * {@code DeliveryTurns} and {@code Delivering}: on which thread, and how many in a
 * row</td>
 * </tr>
 * <tr>
 * <td>Hubs: publishing and subscribing</td>
 * <td>{@code Hub}, {@code Hubs}; in memory {@code InMemoryHub} has the order of all,
 * {@code InMemoryHubs} the names; {@code HubFlux} makes a subscriber a {@code HubMember}
 * of the {@code HubMembers}, {@code Audience}: whose filter wants a message. Messages:
 * {@code SharedMessage} encoded once, {@code PublishedMessage} as a broker brings it,
 * {@code PlacedMessage} with its position; {@code HubEvent}, {@code HubSignal},
 * {@code HubClosedException}</td>
 * </tr>
 * <tr>
 * <td>What hubs remember</td>
 * <td>{@code HubHistory}: the messages, and which of them go by count, age and size;
 * {@code History}: these bounds, {@code HistoryPatterns} by a hub's name;
 * {@code KeptHistory}: whether a hub keeps one now, and who begins in it;
 * {@code RetainedHubs}: hubs that live for theirs</td>
 * </tr>
 * <tr>
 * <td>Who comes back</td>
 * <td>{@code Replay}: from where, and when it is too late; {@code Replaying}: who reads;
 * {@code HubResetException}; {@code Position}: a place as text, and of how many hubs an
 * id may tell; {@code Epochs}</td>
 * </tr>
 * <tr>
 * <td>Who is present</td>
 * <td>{@code PresentMembers}: who is, by the connections of this process, and for what
 * grace after a loss; {@code Roster}: what readers are told of that, joined, changed or
 * left; {@code PresenceReader}: one of them; {@code HubPresence} puts it in one order;
 * {@code PresentFlux}, {@code PresentHub}: joining</td>
 * </tr>
 * <tr>
 * <td>Sources that outlive their connection</td>
 * <td>{@code Recorded} and {@code Recording} are the user's side; {@code RecordedSource},
 * {@code Records}: where records are, {@code LocalRecords} those of this process by name;
 * {@code SourceRecord}: one of them, {@code SourceRun} its subscription,
 * {@code RecordLog} what it has emitted, {@code RecordReader} who reads;
 * {@code RecordingFullException}, {@code RecordedFailedException},
 * {@code RecordedLostException}</td>
 * </tr>
 * <tr>
 * <td>Hubs of all nodes: publishing</td>
 * <td>{@code BrokeredHub}, {@code BrokeredHubs}, {@code MirroredHub}; {@code Publishing}:
 * in order, and waiting for a subscription under way; {@code BrokerCalls};
 * {@code MessageHeaders}: what travels along; {@code HubUnavailableException},
 * {@code HubMessageTooLargeException}</td>
 * </tr>
 * <tr>
 * <td>Hubs of all nodes: what comes from the broker, and what is missing</td>
 * <td>{@code FeedPlace}: whether a message is the next, early, late or old;
 * {@code BrokerFeed}: what is done about it, in a {@code FeedPhase}; {@code FeedInbox}:
 * what waits, and how much may; {@code FeedTurns}: retries; {@code FeedReceiver}: the
 * hub; {@code HistoryLoad} reads a history, {@code StaleEpochs}: lives that are over;
 * {@code HubListening}: Halley's own listeners; {@code BrokerTimes}, {@code BrokerTimer},
 * {@code Lane}: one after the other</td>
 * </tr>
 * <tr>
 * <td>Hubs of all nodes: who is present</td>
 * <td>{@code BrokeredPresence}; {@code PresenceNodes}: which nodes live, and how long
 * without a word; {@code MembersElsewhere}: who is present there;
 * {@code NewestMemberData}: whose data counts; {@code PresenceFollowing}: whether this
 * node listens to the others, and how long readers wait for their answers. What nodes
 * tell: {@code PresenceMessage}, as bytes {@code PresenceCodec}, in parts from the
 * {@code PresenceOutbox}, by the {@code PresenceWire}; {@code MemberData},
 * {@code MemberDataCodec}</td>
 * </tr>
 * <tr>
 * <td>Hubs of all nodes: recorded sources</td>
 * <td>{@code RecordHearing}: what follows from all that nodes have told, such as which of
 * them runs the source; {@code RecordClaim}: what this one wants to run;
 * {@code RecordTelling}: what it has to tell, and when it tells it again;
 * {@code RecordStops}: what it wants stopped; {@code RecordQueue}: who waits here;
 * {@code BrokeredRecord} acts, {@code BrokeredRecords} by name, {@code BrokeredLog} one
 * run. What nodes tell: {@code RecordMessage}, as bytes {@code RecordCodec}, by the
 * {@code RecordWire}; {@code RecordOutbox}: what was emitted and is on its way</td>
 * </tr>
 * <tr>
 * <td>What nodes tell each other</td>
 * <td>{@code NodeLink}: the way, and whether something was missed; {@code NodeForm}: what
 * all forms have in common; of connections {@code NodeMessage},
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

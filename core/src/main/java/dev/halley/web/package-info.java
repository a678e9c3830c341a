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
 * The Spring MVC side: which method answers which handshake, with which arguments, and
 * what its return value and its exception handlers mean. The files by their jobs:
 * <table>
 * <caption>Where what is done</caption>
 * <tr>
 * <th>Job</th>
 * <th>Files</th>
 * </tr>
 * <tr>
 * <td>Find the mapped methods at the start, and match requests to them</td>
 * <td>{@code PairHandlerMapping} for each {@code Wire} ({@code WebSocketWire},
 * {@code EventSourceWire}, {@code CometWire}); {@code MappingReader},
 * {@code MappingAttributes}, {@code StreamConditions}, {@code EndpointCondition},
 * {@code TakenPaths} for paths that two methods want</td>
 * </tr>
 * <tr>
 * <td>Check a mapped method at the start: what it would be refused for</td>
 * <td>{@code EndpointMethod}, {@code PairSignature}, {@code EndpointParameters},
 * {@code ProxiedMethods}, {@code MessageValidation}, {@code Subprotocols};
 * {@code InvalidMappingException} says what to write instead</td>
 * </tr>
 * <tr>
 * <td>Tell a native image of mapped methods and their messages</td>
 * <td>{@code MappedMethodHints}</td>
 * </tr>
 * <tr>
 * <td>What a method is bound to</td>
 * <td>{@code Endpoint}: {@code WebSocketEndpoint}, {@code StreamEndpoint} with
 * {@code StreamBinding}, {@code StreamKind}, {@code StreamFormats}. What they are made
 * with: {@code WebSocketRuntime}, {@code EventStreamRuntime}, {@code CometRuntime}, from
 * {@code WebSocketSettings}, {@code EventStreamSettings} and {@code CometSettings}. For
 * operators {@code EndpointDescription}</td>
 * </tr>
 * <tr>
 * <td>Answer a request: call the method, and run its pair</td>
 * <td>{@code PairHandlerAdapter}, {@code PairHandlerMethod},
 * {@code PairReturnValueHandler}; an {@code Attempt} ({@code WebSocketAttempt},
 * {@code StreamAttempt}) from the checks to the connection, kept by
 * {@code CurrentAttempt}, whose outcome {@code ObservedAttempt} tells;
 * {@code RequestInfo}, {@code UpgradeHeaders}, {@code MultipartFiles};
 * {@code FrameOptions} for who may show a Comet page in a frame</td>
 * </tr>
 * <tr>
 * <td>Check a request</td>
 * <td>{@code HandshakeChecks}, {@code Upgrades}, {@code Tokens}; {@code AllowedOrigins},
 * {@code Origin} and {@code CrossOrigins} for where it comes from, {@code RefusedOrigins}
 * for what the log is told of those refused; {@code AcceptedType}; before all others
 * {@code TokenSubprotocolFilter}</td>
 * </tr>
 * <tr>
 * <td>Refuse a request</td>
 * <td>{@code HandshakeRefusedException}, {@code RefusalAnswers}, {@code RefusalHandlers};
 * {@code UnservedHandlerMapping}, {@code ServedPaths}, {@code Refusal},
 * {@code OtherHandlers} and {@code Vary} where nobody serves what a served path was asked
 * for</td>
 * </tr>
 * <tr>
 * <td>Arguments of mapped methods</td>
 * <td>{@code Handshake}, {@code HandshakeArgumentResolver},
 * {@code ConnectionAttributesArgumentResolver}, {@code LoginArgumentResolver},
 * {@code LastEventIdArgumentResolver} with {@code LastEventIdOf}; all others are Spring
 * MVC's</td>
 * </tr>
 * <tr>
 * <td>Pairs from ordinary handler methods, and the helpers</td>
 * <td>{@code OrdinaryHandler}, {@code OrdinaryStreams},
 * {@code EmitterReturnValueHandler}, {@code ReturnedEntity}</td>
 * </tr>
 * <tr>
 * <td>{@code @MessageExceptionHandler} methods</td>
 * <td>{@code MessageExceptionHandlers}, {@code ExceptionHandlerMethods},
 * {@code ExceptionHandlerMethod}, {@code EndpointFailures}, {@code FailedMessage},
 * {@code ExceptionHandlerArgument}, {@code ExceptionHandlerAnswer}</td>
 * </tr>
 * </table>
 */
@NullMarked
package dev.halley.web;

import org.jspecify.annotations.NullMarked;

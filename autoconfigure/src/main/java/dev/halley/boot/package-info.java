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
 * Auto-configuration of Halley for Spring Boot.
 * <table>
 * <caption>Where what is done</caption>
 * <tr>
 * <th>Job</th>
 * <th>Files</th>
 * </tr>
 * <tr>
 * <td>Beans of all wires</td>
 * <td>{@code HalleyAutoConfiguration}, {@code HalleyWebMvcAutoConfiguration},
 * {@code HalleyContextAutoConfiguration} with {@code SecurityContextCapture} and
 * {@code SnapshotCapture}; {@code ConnectionExecutors}, {@code ElasticExecutor};
 * {@code MessageCodecBeans}, {@code MessageCodecsBuilderCustomizer}</td>
 * </tr>
 * <tr>
 * <td>Beans of one wire</td>
 * <td>{@code HalleyWebSocketAutoConfiguration}, {@code HalleySseAutoConfiguration},
 * {@code HalleyCometAutoConfiguration}; {@code WebSocketEngines}, {@code SpringHandlers},
 * {@code GraphQlSockets}</td>
 * </tr>
 * <tr>
 * <td>Servers</td>
 * <td>{@code HalleyTomcatAutoConfiguration}, {@code DetachingConnectors},
 * {@code StreamIo}, {@code BundledTls}; {@code HalleyForwardedAutoConfiguration},
 * {@code ForwardedScheme}, {@code ForwardedSchemeCustomizer},
 * {@code ForwardedSchemeValve}</td>
 * </tr>
 * <tr>
 * <td>Properties and their defaults</td>
 * <td>{@code HalleyProperties}, {@code HalleyWebSocketProperties},
 * {@code HalleySseProperties}, {@code HalleyCometProperties},
 * {@code HalleyHubProperties}, {@code HalleyRedisProperties},
 * {@code HalleySecurityProperties}, {@code HalleyLogProperties},
 * {@code HalleyObservationProperties}, {@code HalleyClientProperties};
 * {@code PropertyChecks}</td>
 * </tr>
 * <tr>
 * <td>Warnings and failures of the start</td>
 * <td>{@code DescriptorCheck}, {@code TomcatConnectionsCheck};
 * {@code InvalidMappingFailureAnalyzer}, {@code UnsupportedMessageTypeFailureAnalyzer},
 * {@code MissingBrokerFailureAnalyzer}, {@code MissingBrokerException}</td>
 * </tr>
 * <tr>
 * <td>The shutdown: when it begins, and how long it may take</td>
 * <td>{@code ConnectionLifecycle}</td>
 * </tr>
 * <tr>
 * <td>Hubs and their broker</td>
 * <td>{@code HubFactory}, {@code HalleyRedisAutoConfiguration}, {@code RedisBrokers}</td>
 * </tr>
 * <tr>
 * <td>The end of logins: HTTP sessions</td>
 * <td>{@code HalleySecurityAutoConfiguration}, {@code RequestLogins};
 * {@code SecuritySessionEvents}, {@code ServerSessionEvents},
 * {@code SpringSessionEvents}; {@code SessionStores}, {@code SpringSessionStores}</td>
 * </tr>
 * <tr>
 * <td>The end of logins: tokens</td>
 * <td>{@code TokenReader}, {@code OAuth2Tokens}; {@code TokenVerifier},
 * {@code JwtVerifier}, {@code OpaqueVerifier}</td>
 * </tr>
 * <tr>
 * <td>What operators see and do</td>
 * <td>{@code HalleyActuatorAutoConfiguration}; {@code HalleyEndpoint} takes the
 * parameters of {@code /actuator/halley}, pages and all, {@code OperatorViews} makes the
 * answers, {@code HalleyEndpointWebExtension} hides; {@code HalleyHealthIndicator},
 * {@code HubsHealthIndicator}, {@code HalleyHubHealthAutoConfiguration},
 * {@code HalleyInfoContributor}</td>
 * </tr>
 * <tr>
 * <td>Metrics and observations</td>
 * <td>{@code HalleyMetricsAutoConfiguration}, {@code HalleyMeter}, {@code HalleyTag};
 * {@code ConnectionMetrics}: which endpoints have meters of their own, and how many may;
 * {@code WireMeters}: those of one; {@code HubMetrics}; {@code OwnMeters}: which are
 * removed at the end; {@code Refreshed}; {@code HalleyObservationAutoConfiguration}</td>
 * </tr>
 * <tr>
 * <td>The client</td>
 * <td>{@code HalleyClientAutoConfiguration}, {@code HalleyClientCustomizer}</td>
 * </tr>
 * <tr>
 * <td>Ahead of time</td>
 * <td>{@code HalleyRuntimeHints}</td>
 * </tr>
 * </table>
 */
@NullMarked
package dev.halley.boot;

import org.jspecify.annotations.NullMarked;

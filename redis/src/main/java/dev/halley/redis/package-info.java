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
 * Hubs across processes, over Redis or Valkey.
 * <table>
 * <caption>Where what is done</caption>
 * <tr>
 * <th>Job</th>
 * <th>Files</th>
 * </tr>
 * <tr>
 * <td>The broker</td>
 * <td>{@code RedisHubBroker}, {@code RedisBrokerSettings}; {@code Counters}</td>
 * </tr>
 * <tr>
 * <td>The link: when it is lost, and tried again</td>
 * <td>{@code RedisLink}; {@code RedisConnector}: {@code SingleConnector},
 * {@code ClusterConnector}; {@code ServerVersion}, {@code Targets} for logs</td>
 * </tr>
 * <tr>
 * <td>Subscriptions</td>
 * <td>{@code RedisSubscriptions}</td>
 * </tr>
 * <tr>
 * <td>Scripts and keys</td>
 * <td>{@code Script}, {@code ScriptValues}, {@code HubKeys}</td>
 * </tr>
 * </table>
 */
@NullMarked
package dev.halley.redis;

import org.jspecify.annotations.NullMarked;

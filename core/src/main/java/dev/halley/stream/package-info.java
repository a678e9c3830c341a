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
 * The long response that Comet and event streams share: a connection's wire over an
 * asynchronous servlet response.
 * <table>
 * <caption>Where what is done</caption>
 * <tr>
 * <th>Job</th>
 * <th>Files</th>
 * </tr>
 * <tr>
 * <td>Begin a stream</td>
 * <td>{@code StreamingResponse}, {@code StreamFormat}, {@code StreamOverrides};
 * {@code HeadResponse} answers HEAD</td>
 * </tr>
 * <tr>
 * <td>Write it in the container</td>
 * <td>{@code ResponseTransport}, {@code StreamBody}, {@code WriteShare},
 * {@code ResponseWriter}; {@code ResponseListener} hears the container</td>
 * </tr>
 * <tr>
 * <td>Which thread may touch the response</td>
 * <td>{@code ContainerTurn}, {@code TomcatRequests}</td>
 * </tr>
 * <tr>
 * <td>End it</td>
 * <td>{@code ResponseEnd}</td>
 * </tr>
 * <tr>
 * <td>Let it leave the container</td>
 * <td>{@code StreamDepartures}, {@code ResponseDeparture}</td>
 * </tr>
 * </table>
 */
@NullMarked
package dev.halley.stream;

import org.jspecify.annotations.NullMarked;

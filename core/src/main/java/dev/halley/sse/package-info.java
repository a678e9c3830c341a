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
 * Server-Sent Events: the messages of an {@code Out} as a {@code text/event-stream}.
 * <table>
 * <caption>Where what is done</caption>
 * <tr>
 * <th>Job</th>
 * <th>Files</th>
 * </tr>
 * <tr>
 * <td>The helper for ordinary controllers</td>
 * <td>{@code EventStream}, {@code EventStreamEmitter}</td>
 * </tr>
 * <tr>
 * <td>The stream: what is written when</td>
 * <td>{@code EventStreamFormat}; {@code WholeEvent}, {@code EventCodec}</td>
 * </tr>
 * <tr>
 * <td>The bytes of events, comments and heartbeats</td>
 * <td>{@code EventStreamEncoder}</td>
 * </tr>
 * </table>
 */
@NullMarked
package dev.halley.sse;

import org.jspecify.annotations.NullMarked;

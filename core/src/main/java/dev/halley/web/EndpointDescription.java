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

package dev.halley.web;

import java.util.List;

import dev.halley.connection.ConnectionSettings;

/**
 * A mapped path, for operators.
 *
 * @param path the path template, such as {@code /rooms/{room}}
 * @param transport the wire: {@code websocket}, {@code comet} or {@code sse}
 * @param handler the method that answers, in short form
 * @param in the type of the messages that come in, {@code java.lang.Void} if they are
 * ignored
 * @param out the type of the messages that go out
 * @param settings the limits and time-outs of its connections
 * @param subprotocols what it speaks, the preferred first; empty for streams
 * @param allowedOrigins from where else pages may connect than from here; empty for
 * streams, for which the rules of CORS hold
 * @since 0.1
 */
public record EndpointDescription(String path, String transport, String handler, String in, String out,
		ConnectionSettings settings, List<String> subprotocols, List<String> allowedOrigins) {
}

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

package dev.halley.client;

import java.net.URI;
import java.time.Duration;
import java.util.List;

import org.springframework.http.HttpHeaders;

/**
 * What a WebSocket is asked for with, for a {@link WebSocketConnector}.
 *
 * @param uri {@code ws:} or {@code wss:}
 * @param headers the headers of this attempt, without those that belong to the handshake
 * itself
 * @param subprotocols the subprotocols to offer, the preferred first
 * @param compressed whether to offer {@code permessage-deflate}
 * @param timeout within which the server must have answered
 * @since 0.1
 */
public record WebSocketHandshake(URI uri, HttpHeaders headers, List<String> subprotocols, boolean compressed,
		Duration timeout) {
}

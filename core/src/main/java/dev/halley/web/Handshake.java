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

import org.jspecify.annotations.Nullable;

/**
 * What was negotiated before the method of a mapping runs. A parameter of this type gets
 * it.
 *
 * @param subprotocol the subprotocol that was chosen: the first of the mapping's that the
 * client offered; {@code null} if there is none
 * @param offeredSubprotocols what the client offered, in its order
 * @param origin the origin of the page that connects, which was accepted; {@code null} if
 * the client is not a browser
 * @since 0.1
 */
public record Handshake(@Nullable String subprotocol, List<String> offeredSubprotocols, @Nullable String origin) {

	public Handshake {
		offeredSubprotocols = List.copyOf(offeredSubprotocols);
	}

}

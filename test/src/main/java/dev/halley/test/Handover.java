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

package dev.halley.test;

import org.jspecify.annotations.Nullable;

import dev.halley.connection.Connection;
import dev.halley.websocket.PairUpgradeStrategy;

/**
 * What a handshake brings along that a tester performs: its connection is left here, and
 * not upgraded.
 */
final class Handover {

	static final String ATTRIBUTE = Handover.class.getName();

	private volatile @Nullable Connection connection;

	/** Returns the connection, if the handshake was accepted. */
	@Nullable Connection connection() {
		return this.connection;
	}

	/** Returns a strategy that heeds handovers, and leaves the rest to another one. */
	static PairUpgradeStrategy strategy(PairUpgradeStrategy others) {
		return (request, response, connection) -> {
			if (request.getAttribute(ATTRIBUTE) instanceof Handover handover) {
				handover.connection = connection;
			}
			else {
				others.upgrade(request, response, connection);
			}
		};
	}

}

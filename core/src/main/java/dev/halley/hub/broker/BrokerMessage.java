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

package dev.halley.hub.broker;

import org.springframework.util.Assert;

/**
 * A message with its place.
 *
 * @param epoch tells the lives of a hub apart
 * @param offset the place in its order, from 1 on
 * @param tag a number that is this message's own, by chance: another message at the same
 * place, which a server that has lost the first one may give, has another
 * @param age how long ago it was published, in milliseconds
 * @param payload what was published
 * @since 0.1
 */
public record BrokerMessage(long epoch, long offset, long tag, long age, BrokerPayload payload) {

	public BrokerMessage {
		Assert.isTrue(offset > 0, () -> "offset: " + offset + " (expected: > 0)");
		Assert.notNull(payload, "'payload' must not be null");
	}

}

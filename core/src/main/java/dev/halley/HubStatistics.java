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

package dev.halley;

import java.time.Duration;

/**
 * What the hubs of this process do, all together. A snapshot; what was counted never goes
 * back.
 *
 * @param hubs how many hubs are used, or have messages in their history
 * @param subscribers how many subscribers they have in this process
 * @param members how many are {@linkplain Hub#join present} by connections of this
 * process; who is present in several hubs counts in each
 * @param published how many messages were published by this process and have a place
 * @param failed how many it could not publish, since the broker did not take them
 * @param delivered how often a message was handed to a subscriber of this process as it
 * was published; what is read from a history is not counted
 * @param recovered how many subscribers have come back with a position and went on there
 * @param reset how many have come back with a position from which the hub could not go on
 * @param came how many messages have come from the broker to be delivered, and say when
 * they were published
 * @param lag how old they were then, all together, by the clocks of the nodes that have
 * published them and of this one
 * @since 0.1
 */
public record HubStatistics(int hubs, long subscribers, long members, long published, long failed, long delivered,
		long recovered, long reset, long came, Duration lag) {
}

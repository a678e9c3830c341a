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
 * The times of what hubs do with a broker.
 *
 * @param linger how long a hub without subscribers stays subscribed
 * @param check how long it takes, at least, until the broker is asked whether something
 * came that was not heard; twice as long at most
 * @param settling how long a message waits for the subscription of those who are to get
 * it, at most
 * @param beat between two signs of life of this node
 * @param lease after which another node that gave none is taken for dead
 */
record BrokerTimes(Duration linger, Duration check, Duration settling, Duration beat, Duration lease) {

	static final BrokerTimes DEFAULT = new BrokerTimes(Duration.ofSeconds(5), Duration.ofSeconds(30),
			Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(15));

}

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

import java.util.List;

/**
 * What was read from the history of a hub, as of one moment.
 *
 * @param epoch the epoch that the hub has now, not 0
 * @param top the offset of the last message that was published, 0 if none was
 * @param messages what was read, of that epoch, each one after the one before; empty
 * where nothing is kept
 * @since 0.1
 */
public record HistorySlice(long epoch, long top, List<BrokerMessage> messages) {

	public HistorySlice {
		messages = List.copyOf(messages);
	}

}

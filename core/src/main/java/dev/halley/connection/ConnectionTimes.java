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

package dev.halley.connection;

import java.time.Duration;

/**
 * How long handlers and writes of a connection have taken, together. Only measured where
 * the {@link ConnectionRegistry} has a {@link ConnectionObserver}, else all is zero.
 * Pipelines are not timed: a message that waits for their demand is at no handler.
 *
 * @param handled how many messages were handled
 * @param handling how long that took: from the decoding of each to the end of its
 * handler, the asynchronous rest included
 * @param writes how many writes were done, each of which may carry many messages
 * @param writing how long that took: until the network had taken all
 * @since 0.1
 */
public record ConnectionTimes(long handled, Duration handling, long writes, Duration writing) {
}

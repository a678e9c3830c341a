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

import reactor.core.publisher.Flux;

/**
 * One run of a pair for one connection. For those who run pairs over a wire of their own;
 * applications have no use for it.
 *
 * @param in what takes the messages that come in; to be started after {@code out} was
 * subscribed to
 * @param out what goes out: messages, {@link SharedMessage}s, and as the last element, if
 * the source asks for it, the {@link org.springframework.web.socket.CloseStatus} to close
 * with
 * @param <I> the type of the messages that come in
 * @since 0.1
 */
public record RunningPair<I>(Receiver<I> in, Flux<Object> out) {
}

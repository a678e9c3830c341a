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

/**
 * What a hub says beside its messages to a connection that can pass it on and comes back
 * with ids, see {@link Positions}. Neither {@code map} nor {@code filter} sees it.
 *
 * @param position where the connection is from now on
 * @param isReset whether messages before that are missing; otherwise it is just where the
 * connection begins
 * @since 0.1
 */
public record HubSignal(Position position, boolean isReset) {

}

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

/**
 * A call that a script of a Comet stream makes.
 *
 * @param function the name of the function, such as {@code parent.tick}
 * @param argument what it is called with, or {@code null} if it is called without: the
 * call that tells of the end is
 * @param <T> the type of the argument
 * @since 0.1
 */
public record CometCall<T>(String function, @Nullable T argument) {
}

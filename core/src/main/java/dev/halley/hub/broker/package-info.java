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

/**
 * For those who write a broker: what brings the messages of hubs to other machines.
 * Applications have no use for it: they configure a broker and use hubs. A broker knows
 * nothing of types and connections; it carries bytes, in one order for each name.
 */
@NullMarked
package dev.halley.hub.broker;

import org.jspecify.annotations.NullMarked;

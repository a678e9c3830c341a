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
 * Signals that a message went nowhere because its {@link Hub} was closed.
 * {@link Hubs#hub} makes a new hub of the same name.
 *
 * @since 0.1
 */
public final class HubClosedException extends RuntimeException {

	HubClosedException(String name) {
		super("Hub '" + name + "' is closed", null, false, false);
	}

}

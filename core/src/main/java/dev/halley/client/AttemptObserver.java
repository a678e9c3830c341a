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

package dev.halley.client;

import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * Is told of each attempt to connect. Called by many threads; must not block.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface AttemptObserver {

	/**
	 * Observes nothing.
	 */
	AttemptObserver NONE = (transport, headers) -> (failure) -> {
	};

	/**
	 * An attempt begins.
	 * @param transport {@code websocket} or {@code sse}
	 * @param headers the headers that will be sent, to which some may be added
	 * @return called once when the attempt is over: with {@code null} if the server has
	 * accepted, else with the failure, or with a
	 * {@link java.util.concurrent.CancellationException} if it was given up
	 */
	Consumer<@Nullable Throwable> started(String transport, HttpHeaders headers);

}

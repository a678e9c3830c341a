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

package dev.halley.web;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

import dev.halley.codec.MessageCodecs;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.CountedUser;
import dev.halley.stream.StreamDepartures;

/**
 * What event streams run with.
 *
 * @param settings what holds for streams that do not say otherwise
 * @param codecs the codecs of messages
 * @param exceptionHandlers the application's handlers of failures
 * @param registry where connections are registered, and how many there may be
 * @param countedUser as whose connection each counts
 * @param departures lets streams leave the container where they can, or {@code null} if
 * all stay
 * @since 0.1
 */
public record EventStreamRuntime(EventStreamSettings settings, MessageCodecs codecs,
		MessageExceptionHandlers exceptionHandlers, ConnectionRegistry registry, CountedUser countedUser,
		@Nullable StreamDepartures departures) {

	public EventStreamRuntime {
		Assert.notNull(settings, "'settings' must not be null");
		Assert.notNull(codecs, "'codecs' must not be null");
		Assert.notNull(exceptionHandlers, "'exceptionHandlers' must not be null");
		Assert.notNull(registry, "'registry' must not be null");
		Assert.notNull(countedUser, "'countedUser' must not be null");
	}

}

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

package dev.halley.boot;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

import dev.halley.observation.MessageTracing;

/**
 * Configuration of what is observed by Micrometer.
 *
 * @param enabled Whether handshakes are observed, and what else is switched on here,
 * where Micrometer is there.
 * @param messages Whether each message that is handled is observed, which costs some
 * microseconds for each: as a 'child' of its connection's handshake, in one trace that
 * grows for as long as the connection lives, or in a trace of its own that knows the
 * handshake, by 'link'.
 * @param hubs Whether what hubs publish over a broker, and deliver from it, is observed,
 * with the trace travelling along over the broker.
 * @since 0.1
 */
@ConfigurationProperties("halley.observations")
public record HalleyObservationProperties(@DefaultValue("true") boolean enabled,
		@DefaultValue("off") MessageTracing messages, @DefaultValue("false") boolean hubs) {

}

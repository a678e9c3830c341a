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

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

import dev.halley.Overflow;
import dev.halley.connection.ConnectionSettings;
import dev.halley.web.EventStreamSettings;

/**
 * Configuration of event streams.
 * <p>
 * Values that cannot work stop the application at its start.
 *
 * @param enabled Whether event streams are served.
 * @param heartbeat Time without a message after which filler is sent: it keeps proxies
 * from closing the stream and finds peers that are gone.
 * @param timeout Time after which a stream ends. None by default, and with zero. A
 * mapping can name another.
 * @param sendTimeout Time after which a write that makes no progress ends the stream.
 * @param sendBuffer What may wait for a peer that reads slowly.
 * @param overflow What happens when a source that does not wait, such as a hub, meets a
 * full send buffer. A mapping can name another strategy.
 * @param retry Time after which browsers shall reconnect. By default they decide.
 * @param io What carries event streams. With 'auto' the answers to GET leave Tomcat for
 * event loops of Halley's own once their head is written, if 'halley.websocket.io' lets
 * connections leave, and close their connection at their end. With 'container' they stay,
 * and their connection serves other requests afterwards.
 * @since 0.1
 */
@ConfigurationProperties("halley.sse")
public record HalleySseProperties(@DefaultValue("true") boolean enabled, @DefaultValue("30s") Duration heartbeat,
		@DefaultValue("0s") Duration timeout, @DefaultValue("10s") Duration sendTimeout,
		@DefaultValue SendBuffer sendBuffer, @DefaultValue("close") Overflow overflow, @Nullable Duration retry,
		@DefaultValue("auto") StreamIo io) {

	private static final String PREFIX = "halley.sse.";

	EventStreamSettings toSettings() {
		return new EventStreamSettings(toConnectionSettings(),
				PropertyChecks.timeOrZero(PREFIX + "timeout", this.timeout, "none"),
				(this.retry != null) ? PropertyChecks.timeOrZero(PREFIX + "retry", this.retry, "at once") : null);
	}

	private ConnectionSettings toConnectionSettings() {
		ConnectionSettings other = ConnectionSettings.DEFAULT;
		return new ConnectionSettings(PropertyChecks.count(PREFIX + "send-buffer.messages", this.sendBuffer.messages),
				PropertyChecks.size(PREFIX + "send-buffer.size", this.sendBuffer.size), this.overflow,
				other.maxMessageSize(), other.idleTimeout(), PropertyChecks.time(PREFIX + "heartbeat", this.heartbeat),
				other.pongTimeout(), other.closeTimeout(),
				PropertyChecks.time(PREFIX + "send-timeout", this.sendTimeout));
	}

	/**
	 * What may wait for a peer that reads slowly.
	 *
	 * @param messages Most messages that wait.
	 * @param size Most bytes that wait.
	 */
	public record SendBuffer(@DefaultValue("256") int messages, @DefaultValue("1MB") DataSize size) {
	}

}

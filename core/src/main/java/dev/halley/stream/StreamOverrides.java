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

package dev.halley.stream;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

import dev.halley.Overflow;
import dev.halley.connection.ConnectionSettings;

/**
 * What a stream does differently from what is configured. What is {@code null} is as
 * configured.
 *
 * @param timeout after which the stream ends; zero for never
 * @param heartbeat after which filler is sent when nothing else is
 * @param overflow what happens beyond the send buffer
 * @since 0.1
 */
public record StreamOverrides(@Nullable Duration timeout, @Nullable Duration heartbeat, @Nullable Overflow overflow) {

	/**
	 * Nothing.
	 */
	public static final StreamOverrides NONE = new StreamOverrides(null, null, null);

	public StreamOverrides {
		Assert.isTrue(timeout == null || !timeout.isNegative(), () -> "timeout: " + timeout + " (expected: >= 0)");
		if (heartbeat != null) {
			ConnectionSettings.DEFAULT.withPingInterval(heartbeat);
		}
	}

	/**
	 * Returns these with another time limit.
	 * @param timeout after which the stream ends; zero for never
	 * @return the overrides
	 */
	public StreamOverrides withTimeout(Duration timeout) {
		return new StreamOverrides(timeout, this.heartbeat, this.overflow);
	}

	/**
	 * Returns these with another heartbeat.
	 * @param heartbeat after which filler is sent when nothing else is
	 * @return the overrides
	 */
	public StreamOverrides withHeartbeat(Duration heartbeat) {
		return new StreamOverrides(this.timeout, heartbeat, this.overflow);
	}

	/**
	 * Returns these with another strategy.
	 * @param overflow what happens beyond the send buffer
	 * @return the overrides
	 */
	public StreamOverrides withOverflow(Overflow overflow) {
		return new StreamOverrides(this.timeout, this.heartbeat, overflow);
	}

	/**
	 * Completes what is configured.
	 * @param configured the settings
	 * @return the settings of the stream
	 */
	public ConnectionSettings settings(ConnectionSettings configured) {
		ConnectionSettings settings = (this.heartbeat != null) ? configured.withPingInterval(this.heartbeat)
				: configured;
		return (this.overflow != null) ? settings.withOverflow(this.overflow) : settings;
	}

	/**
	 * Returns after which time the stream ends.
	 * @param configured the time if none was given
	 * @return the time, zero for never
	 */
	public Duration timeoutOr(Duration configured) {
		return (this.timeout != null) ? this.timeout : configured;
	}

}

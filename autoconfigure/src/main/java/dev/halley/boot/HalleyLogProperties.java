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

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

import dev.halley.connection.ConnectionLogging;

/**
 * Configuration of what logs tell of connections.
 * <p>
 * Values that cannot work stop the application at its start.
 *
 * @param mdc How lines are marked that the application writes while it works for a
 * connection.
 * @param traffic What the log of the traffic has in it.
 * @since 0.1
 */
@ConfigurationProperties("halley.log")
public record HalleyLogProperties(@DefaultValue Mdc mdc, @DefaultValue Traffic traffic) {

	private static final String MASKED = "halley.log.traffic.masked";

	ConnectionLogging toLogging() {
		List<String> masked = this.traffic.namesToMask();
		if (masked.stream().anyMatch((name) -> name.replaceAll("[-_\\s]", "").isEmpty())) {
			throw new InvalidConfigurationPropertyValueException(MASKED, masked, "Expected: names that are not blank");
		}
		return new ConnectionLogging(this.mdc.enabled, this.mdc.user,
				PropertyChecks.sizeOrZero("halley.log.traffic.prefix", this.traffic.prefix), masked);
	}

	/**
	 * How lines are marked that the application writes while it works for a connection.
	 *
	 * @param enabled Whether SLF4J's MDC has 'halley.connection' and 'halley.endpoint'
	 * while the application works for a connection, which costs about a tenth of what a
	 * small message costs.
	 * @param user Whether it has 'halley.user' too. Not by default, since structured logs
	 * have all that is in the MDC.
	 */
	public record Mdc(@DefaultValue("false") boolean enabled, @DefaultValue("false") boolean user) {
	}

	/**
	 * What the log of the traffic has in it, once 'halley.traffic' or a logger below it
	 * has the level TRACE.
	 *
	 * @param prefix Most bytes that the log of the traffic has of a text message, and of
	 * a header. None with 0.
	 * @param masked Parts of names, in upper or lower case, with or without '-' and '_'.
	 * The values of headers, parameters and members of JSON that are named so are left
	 * out of the log of the traffic. A list of your own takes the place of this one.
	 */
	public record Traffic(@DefaultValue("1KB") DataSize prefix, @Nullable List<String> masked) {

		static final List<String> MASKED_BY_DEFAULT = List.of("password", "passwd", "passphrase", "passcode", "pwd",
				"secret", "token", "authorization", "authentication", "cookie", "credential", "apikey", "privatekey",
				"session", "signature", "jwt", "csrf", "xsrf", "websocketprotocol");

		List<String> namesToMask() {
			return (this.masked != null) ? this.masked : MASKED_BY_DEFAULT;
		}

	}

}

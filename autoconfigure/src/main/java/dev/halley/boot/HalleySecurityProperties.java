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
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

import dev.halley.connection.Logins;
import dev.halley.web.TokenSubprotocolFilter;

/**
 * Configuration of how connections end with the login that they began with.
 * <p>
 * Values that cannot work, negative ones among them, stop the application at its start.
 *
 * @param endWithSession Whether a connection is closed with 1008 when the HTTP session
 * that its request had ends, by a logout or because it has expired.
 * @param sessionCheckInterval Time between two looks for the sessions of live connections
 * in the store of Spring Session, one query for each: many stores do not tell of the end
 * of a session.
 * @param keepSession Whether messages from a client count as use of its HTTP session, so
 * that it does not expire, noted once in 'session-check-interval'. With Spring Session
 * only: the sessions of the server itself know only requests.
 * @param endWithToken Whether a connection is closed with 1008 when the OAuth 2 token
 * that it began with has expired.
 * @param tokenGrace Time after the expiry of a token for which it still counts. By
 * default what Spring Security allows for clocks that differ.
 * @param tokenSubprotocol Beginning of subprotocols that carry a token, such as
 * 'bearer.', for browsers, which can send no headers with a WebSocket. What follows it is
 * taken as 'Authorization: Bearer'. None by default.
 * @param tokenSubprotocolPaths Paths whose WebSocket handshakes may bring a token as a
 * subprotocol, as URL patterns of filters, such as '/chat' and '/rooms/*'. All by
 * default.
 * @since 0.1
 */
@ConfigurationProperties("halley.security")
public record HalleySecurityProperties(@DefaultValue("true") boolean endWithSession,
		@DefaultValue("30s") Duration sessionCheckInterval, @DefaultValue("false") boolean keepSession,
		@DefaultValue("true") boolean endWithToken, @DefaultValue("60s") Duration tokenGrace,
		@Nullable String tokenSubprotocol, @DefaultValue("/*") List<String> tokenSubprotocolPaths) {

	private static final String PREFIX = "halley.security.";

	/** What else the Servlet specification allows, section 12.2, serves no WebSockets. */
	private static final Pattern URL_PATTERN = Pattern.compile("/[^*]*|/([^*]*/)?\\*|\\*\\.[^*/]+");

	Logins.Settings toSettings() {
		return new Logins.Settings(this.endWithSession,
				PropertyChecks.time(PREFIX + "session-check-interval", this.sessionCheckInterval), this.keepSession,
				this.endWithToken, PropertyChecks.timeOrZero(PREFIX + "token-grace", this.tokenGrace, "none"));
	}

	/** Only where there is such a beginning. */
	TokenSubprotocolFilter toFilter() {
		String prefix = Objects.requireNonNullElse(this.tokenSubprotocol, "");
		try {
			return new TokenSubprotocolFilter(prefix);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidConfigurationPropertyValueException(PREFIX + "token-subprotocol", prefix,
					String.valueOf(ex.getMessage()));
		}
	}

	/** With none the server would take all. */
	List<String> toFilterPaths() {
		List<String> paths = this.tokenSubprotocolPaths;
		if (paths.isEmpty() || !paths.stream().allMatch((path) -> URL_PATTERN.matcher(path).matches())) {
			throw new InvalidConfigurationPropertyValueException(PREFIX + "token-subprotocol-paths", paths,
					"Expected: URL patterns of filters, such as '/chat', '/rooms/*' and '*.live'");
		}
		return paths;
	}

}

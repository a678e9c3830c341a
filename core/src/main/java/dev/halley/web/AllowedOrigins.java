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

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Which pages may connect: those of the application itself, and those of the origins that
 * are listed.
 */
final class AllowedOrigins {

	private static final Pattern SYNTAX = Pattern
		.compile("([a-z][a-z0-9+.-]*)://([a-z0-9._~%*-]+|\\[[0-9a-f:.]+])(?::([0-9]{1,5}|\\*))?");

	private static final String ALL = "*";

	private final boolean all;

	private final List<OriginPattern> patterns;

	private final RefusedOrigins refused;

	private final List<String> written;

	private AllowedOrigins(List<String> written, List<OriginPattern> patterns, RefusedOrigins refused) {
		this.written = List.copyOf(written);
		this.all = written.contains(ALL);
		this.patterns = patterns;
		this.refused = refused;
	}

	/**
	 * Reads patterns: scheme, host and, unless it is the scheme's own, port. In the host
	 * {@code *} stands for at least one character, as the port for any; alone it is every
	 * origin, also that of pages without one ({@code null}).
	 * @param patterns the patterns
	 * @return what they allow
	 * @throws IllegalArgumentException if one is no origin pattern
	 */
	static AllowedOrigins of(List<String> patterns) {
		return new AllowedOrigins(patterns,
				patterns.stream().filter((pattern) -> !pattern.equals(ALL)).map(OriginPattern::of).toList(),
				new RefusedOrigins(patterns, System::nanoTime));
	}

	/** Returns the patterns as they were written. */
	List<String> patterns() {
		return this.written;
	}

	/**
	 * Whether a page may connect.
	 * @param origin the request's header
	 * @param request the request
	 * @return whether the origin is well-formed and allowed
	 */
	boolean allows(String origin, HttpServletRequest request) {
		Origin parsed = Origin.parse(origin);
		if (parsed == null) {
			return this.all && origin.equals("null");
		}
		return this.all || parsed.equals(Origin.of(request))
				|| this.patterns.stream().anyMatch((pattern) -> pattern.matches(parsed));
	}

	/** Tells the developer of an origin that is not allowed, once in a while. */
	void refused(String origin, HttpServletRequest request) {
		this.refused.tell(origin, request);
	}

	private record OriginPattern(String scheme, Pattern host, @Nullable Integer port) {

		static OriginPattern of(String pattern) {
			Matcher matcher = SYNTAX.matcher(pattern.toLowerCase(Locale.ROOT));
			if (!matcher.matches()) {
				throw new IllegalArgumentException("allowed origin: '" + pattern
						+ "' (expected: scheme://host or scheme://host:port, such as https://*.example.org, or *)");
			}
			return new OriginPattern(matcher.group(1), hostPattern(matcher.group(2)),
					port(matcher.group(1), matcher.group(3)));
		}

		private static Pattern hostPattern(String host) {
			return Pattern.compile("\\Q" + host.replace("*", "\\E[a-z0-9._~%-]+\\Q") + "\\E");
		}

		private static @Nullable Integer port(String scheme, @Nullable String port) {
			if (port == null) {
				return Origin.defaultPort(scheme);
			}
			return port.equals(ALL) ? null : Integer.valueOf(port);
		}

		boolean matches(Origin origin) {
			return this.scheme.equals(origin.scheme()) && this.host.matcher(origin.host()).matches()
					&& (this.port == null || this.port == origin.port());
		}

	}

}

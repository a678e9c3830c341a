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
import java.util.Locale;
import java.util.regex.Pattern;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * What a proxy means that forwards {@code ws} and {@code wss} as the scheme of a request,
 * as Traefik does for WebSockets: http and https. Whoever trusts the header, the server
 * or a filter, then understands it, and so all that depends on the scheme is right: the
 * origin, redirects, and whether the request is secure.
 */
final class ForwardedScheme {

	static final String FORWARDED = "Forwarded";

	private static final String PROTO = "X-Forwarded-Proto";

	private static final Pattern SCHEMES = Pattern.compile("(^|,)([ \\t]*+)ws(s?)(?=[ \\t]*+(?:,|$))",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern ELEMENTS = Pattern.compile("(^|[;,])([ \\t]*+proto=\"?)ws(s?)(?=[\" \\t;,]|$)",
			Pattern.CASE_INSENSITIVE);

	private ForwardedScheme() {
	}

	/** The names of the headers with nothing but a scheme. */
	static List<String> headers(Environment environment) {
		String own = property(environment, "tomcat.remoteip.protocol-header", PROTO);
		return own.equalsIgnoreCase(PROTO) ? List.of(PROTO) : List.of(PROTO, own);
	}

	/** Whether somebody may read the headers, and takes only http and https. */
	static boolean isNeeded(Environment environment) {
		return !property(environment, "forward-headers-strategy", "").equalsIgnoreCase("none")
				&& !property(environment, "tomcat.remoteip.protocol-header-https-value", "").toLowerCase(Locale.ROOT)
					.startsWith("ws");
	}

	private static String property(Environment environment, String name, String fallback) {
		return Binder.get(environment).bind("server." + name, String.class).orElse(fallback);
	}

	/** Returns the value of a header for what a proxy has sent. */
	static String normalize(String header, String value) {
		Pattern pattern = header.equalsIgnoreCase(FORWARDED) ? ELEMENTS : SCHEMES;
		return pattern.matcher(value)
			.replaceAll((match) -> match.group(1) + match.group(2) + "http" + match.group(3).toLowerCase(Locale.ROOT));
	}

}

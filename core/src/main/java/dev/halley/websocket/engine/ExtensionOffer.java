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

package dev.halley.websocket.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.halley.websocket.HandshakeRules;

/**
 * One element of a {@code Sec-WebSocket-Extensions} header (RFC 6455 section 9.1). A
 * handshake whose header is malformed is refused before by {@link HandshakeRules}. What
 * remains and is no offer, such as one that names a parameter twice, is left out and
 * spoils no other: it can be declined.
 *
 * @param name the extension's name
 * @param parameters the parameters in their order, with an empty value for none
 */
record ExtensionOffer(String name, Map<String, String> parameters) {

	/**
	 * Parses a header's value.
	 * @param header the value
	 * @return the elements that are well-formed, in their order
	 */
	static List<ExtensionOffer> parse(String header) {
		List<ExtensionOffer> offers = new ArrayList<>();
		for (String element : split(header, ',')) {
			ExtensionOffer offer = parseElement(element);
			if (offer != null) {
				offers.add(offer);
			}
		}
		return offers;
	}

	private static @Nullable ExtensionOffer parseElement(String element) {
		List<String> parts = split(element, ';');
		String name = parts.get(0).strip();
		if (!HandshakeRules.isToken(name)) {
			return null;
		}
		Map<String, String> parameters = new LinkedHashMap<>();
		for (String part : parts.subList(1, parts.size())) {
			if (!addParameter(part, parameters)) {
				return null;
			}
		}
		return new ExtensionOffer(name, parameters);
	}

	private static boolean addParameter(String part, Map<String, String> parameters) {
		int equals = part.indexOf('=');
		String name = ((equals < 0) ? part : part.substring(0, equals)).strip();
		String value = (equals < 0) ? "" : unquote(part.substring(equals + 1).strip());
		boolean valid = HandshakeRules.isToken(name) && (equals < 0 || HandshakeRules.isToken(value));
		return valid && parameters.putIfAbsent(name, value) == null;
	}

	// Gives something that is no token if the quotes are wrong.
	private static String unquote(String value) {
		if (value.length() < 2 || value.charAt(0) != '"' || value.charAt(value.length() - 1) != '"') {
			return value;
		}
		return value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1");
	}

	private static List<String> split(String text, char separator) {
		List<String> parts = new ArrayList<>();
		boolean quoted = false;
		int start = 0;
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c == '"') {
				quoted = !quoted;
			}
			else if (quoted && c == '\\') {
				i++;
			}
			else if (!quoted && c == separator) {
				parts.add(text.substring(start, i));
				start = i + 1;
			}
		}
		parts.add(text.substring(start));
		return parts;
	}

}

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

package dev.halley.connection;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import dev.halley.codec.Payload;

/**
 * The log of what goes over connections, for those who look for a fault. Each endpoint
 * has a logger: that of {@code /rooms/{room}} is {@code halley.traffic.rooms.room}, below
 * {@code halley.traffic}. It is written at TRACE alone, and no level of another logger
 * but the root's switches it on; until then it costs one look at that level for each
 * message.
 * <p>
 * Text is cut, and the values of names that are to be masked are left out; of bytes there
 * is the size. A query is never told, since it may hold a token.
 *
 * @since 0.1
 */
public final class TrafficLog {

	private static final String ROOT = "halley.traffic";

	/** Loggers are for ever: those of more endpoints have one in common. */
	private static final int MOST_ENDPOINTS = 500;

	private final Map<String, Endpoint> endpoints = new ConcurrentHashMap<>();

	private final Endpoint others = new Endpoint("");

	private final int prefix;

	private final Masking masking;

	TrafficLog(ConnectionLogging logging) {
		this.prefix = logging.prefix();
		this.masking = new Masking(logging.masked());
	}

	Endpoint of(ConnectionInfo info) {
		Endpoint known = this.endpoints.get(info.endpoint());
		if (known != null) {
			return known;
		}
		return (this.endpoints.size() < MOST_ENDPOINTS) ? this.endpoints.computeIfAbsent(info.endpoint(), Endpoint::new)
				: this.others;
	}

	/**
	 * Tells that a request becomes a connection.
	 * @param info what is known of it
	 * @param headers those of the request
	 */
	public void accepted(ConnectionInfo info, Supplier<? extends Map<String, List<String>>> headers) {
		Endpoint endpoint = of(info);
		if (endpoint.isOn()) {
			StringBuilder line = new StringBuilder("accepted");
			headers.get().forEach((name, values) -> values.forEach((value) -> {
				String told = withoutQuery(value);
				String cut = (told.length() > this.prefix) ? told.substring(0, this.prefix) + "…" : told;
				line.append(", ").append(name).append(": ").append(this.masking.header(name, cut));
			}));
			endpoint.log(info, line.toString());
		}
	}

	/** Proxies tell the address that was asked for, and pages their own. */
	private static String withoutQuery(String value) {
		int query = value.indexOf('?');
		return (query >= 0 && value.lastIndexOf('/', query) >= 0) ? value.substring(0, query + 1) + "…" : value;
	}

	/** The logger's name has no more than what is safe in one. */
	static String loggerName(String endpoint) {
		String path = endpoint.replaceAll("[^\\w/.-]", "").replaceAll("[/.]+", ".");
		return path.replaceAll("^\\.?", ROOT + ".").replaceAll("\\.+$", "");
	}

	/**
	 * The log of one endpoint.
	 */
	final class Endpoint {

		private final Log logger;

		private Endpoint(String endpoint) {
			this.logger = LogFactory.getLog(loggerName(endpoint));
		}

		boolean isOn() {
			return this.logger.isTraceEnabled();
		}

		/** A message has come in. */
		void received(ConnectionInfo info, Payload payload) {
			if (isOn()) {
				log(info, "received " + describe(payload));
			}
		}

		/** Messages go out in one write. */
		void sending(ConnectionInfo info, List<Payload> batch) {
			if (isOn()) {
				batch.forEach((payload) -> log(info, "sends " + describe(payload)));
			}
		}

		/** The wire is gone. */
		void ended(ConnectionInfo info, CloseReason reason) {
			if (isOn()) {
				log(info, "ended, " + reason);
			}
		}

		private String describe(Payload payload) {
			if (payload.kind() != Payload.Kind.TEXT || TrafficLog.this.prefix == 0) {
				return payload.toString();
			}
			return payload + ": " + TrafficLog.this.masking.text(start(payload));
		}

		/** A character that is cut in two is left out. */
		private String start(Payload payload) {
			byte[] bytes = payload.bytes();
			if (bytes.length <= TrafficLog.this.prefix) {
				return payload.text();
			}
			int end = TrafficLog.this.prefix;
			while (end > 0 && (bytes[end] & 0xC0) == 0x80) {
				end--;
			}
			return new String(bytes, 0, end, StandardCharsets.UTF_8) + "…";
		}

		/** One line, whatever is in it. Whoever cannot write it stops no message. */
		private void log(ConnectionInfo info, String line) {
			try {
				this.logger.trace(info + ": " + FailureLog.onOneLine(line));
			}
			catch (RuntimeException | LinkageError ex) {
				// Nobody is left to tell
			}
		}

	}

}

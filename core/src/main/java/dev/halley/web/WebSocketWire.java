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
import java.util.Objects;
import java.util.stream.Stream;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.util.StringValueResolver;
import org.springframework.util.unit.DataSize;
import org.springframework.web.HttpRequestMethodNotSupportedException;

import dev.halley.Overflow;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.UnsupportedMessageTypeException;
import dev.halley.connection.ConnectionSettings;
import dev.halley.connection.ReceiveLimit;

/**
 * WebSockets: asked for by {@code Upgrade: websocket}, or over HTTP/2 by {@code CONNECT}.
 */
final class WebSocketWire implements Wire<WebSocketMapping> {

	private final WebSocketRuntime runtime;

	WebSocketWire(WebSocketRuntime runtime) {
		this.runtime = runtime;
	}

	@Override
	public Class<WebSocketMapping> annotationType() {
		return WebSocketMapping.class;
	}

	@Override
	public boolean isAskedFor(HttpServletRequest request) {
		return Upgrades.isAskedForBy(request);
	}

	/** A HEAD that names the protocol lacks no upgrade, but is not the method for it. */
	@Override
	public void refuse(HttpServletRequest request) throws ServletException {
		HttpMethod method = HttpMethod.valueOf(request.getMethod());
		if (method != HttpMethod.GET && (method != HttpMethod.HEAD || Upgrades.isNamedBy(request))) {
			throw new HttpRequestMethodNotSupportedException(request.getMethod(), List.of(HttpMethod.GET.name()));
		}
		throw Upgrades.required(request, "This path is for WebSockets only", new HttpHeaders());
	}

	@Override
	public Endpoint bind(EndpointMethod method, MergedAnnotation<WebSocketMapping> mapping,
			StringValueResolver placeholders) {
		PairSignature signature = PairSignature.of(method);
		new EndpointParameters(method).checkNoBody();
		MessageValidation.check(method);
		try {
			MessageCodec<?> in = MessageValidation.inboundCodec(this.runtime.codecs(), method, signature.in());
			MessageCodec<?> out = this.runtime.codecs().codec(signature.out());
			return new WebSocketEndpoint(resolved(mapping, "path", placeholders), method.shortName(), in, out,
					this.runtime.exceptionHandlers().forEndpoint(method.type(), signature.in()),
					settings(method, mapping, placeholders), subprotocols(method, mapping, placeholders),
					origins(method, mapping, placeholders), this.runtime);
		}
		catch (UnsupportedMessageTypeException ex) {
			throw method.invalid(
					"returns " + method.returnType() + ", but message type " + ex.getType() + " cannot be used",
					ex.getRemedy(), ex);
		}
	}

	private ConnectionSettings settings(EndpointMethod method, MergedAnnotation<WebSocketMapping> mapping,
			StringValueResolver placeholders) {
		ConnectionSettings settings = this.runtime.settings().connection();
		Overflow[] overflow = mapping.getEnumArray("overflow", Overflow.class);
		if (overflow.length > 1) {
			throw method.invalid("'overflow' has " + overflow.length + " values", "one, or none");
		}
		if (overflow.length == 1) {
			settings = settings.withOverflow(overflow[0]);
		}
		String size = resolve(mapping.getString("maxMessageSize"), placeholders);
		if (!size.isEmpty()) {
			settings = settings.withMaxMessageSize(size(method, "maxMessageSize", size, 1));
		}
		return settings.withReceiveLimit(receiveLimit(method, mapping, placeholders, settings.receiveLimit()));
	}

	private static ReceiveLimit receiveLimit(EndpointMethod method, MergedAnnotation<WebSocketMapping> mapping,
			StringValueResolver placeholders, ReceiveLimit configured) {
		ReceiveLimit limit = configured;
		String messages = resolve(mapping.getString("messagesPerSecond"), placeholders);
		if (!messages.isEmpty()) {
			limit = limit.withMessagesPerSecond(count(method, "messagesPerSecond", messages));
		}
		String bytes = resolve(mapping.getString("bytesPerSecond"), placeholders);
		return bytes.isEmpty() ? limit : limit.withBytesPerSecond(size(method, "bytesPerSecond", bytes, 0));
	}

	private static int count(EndpointMethod method, String name, String value) {
		String expected = "a number such as 20, or 0 for no limit";
		try {
			int count = Integer.parseInt(value);
			if (count >= 0) {
				return count;
			}
		}
		catch (NumberFormatException ex) {
			throw bad(method, name, value, expected, ex);
		}
		throw bad(method, name, value, expected, null);
	}

	private static int size(EndpointMethod method, String name, String value, int least) {
		String expected = "a size of " + least + "B to 2047MB, such as 64KB";
		try {
			int size = Math.toIntExact(DataSize.parse(value).toBytes());
			if (size >= least) {
				return size;
			}
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			throw bad(method, name, value, expected, ex);
		}
		throw bad(method, name, value, expected, null);
	}

	private static InvalidMappingException bad(EndpointMethod method, String name, String value, String expected,
			@Nullable Exception cause) {
		return method.invalid("'" + name + "' is '" + value + "'", expected, cause);
	}

	private static Subprotocols subprotocols(EndpointMethod method, MergedAnnotation<WebSocketMapping> mapping,
			StringValueResolver placeholders) {
		return Subprotocols.of(method, resolved(mapping, "subprotocols", placeholders),
				mapping.getBoolean("subprotocolRequired"));
	}

	private AllowedOrigins origins(EndpointMethod method, MergedAnnotation<WebSocketMapping> mapping,
			StringValueResolver placeholders) {
		List<String> patterns = resolved(mapping, "allowedOrigins", placeholders);
		try {
			return AllowedOrigins.of(patterns.isEmpty() ? this.runtime.settings().allowedOrigins() : patterns);
		}
		catch (IllegalArgumentException ex) {
			throw method.invalid("an allowed origin is no origin pattern: " + patterns,
					"scheme://host or scheme://host:port, such as https://*.example.org, or *", ex);
		}
	}

	private static List<String> resolved(MergedAnnotation<?> mapping, String attribute,
			StringValueResolver placeholders) {
		return Stream.of(mapping.getStringArray(attribute)).map((value) -> resolve(value, placeholders)).toList();
	}

	private static String resolve(String value, StringValueResolver placeholders) {
		return Objects.requireNonNullElse(placeholders.resolveStringValue(value), "");
	}

}

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

import java.io.IOException;
import java.util.List;

import jakarta.servlet.ServletException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.tomcat.util.buf.MessageBytes;
import org.apache.tomcat.util.http.MimeHeaders;

/**
 * Lets Tomcat and all that is behind it understand the {@link ForwardedScheme} of
 * WebSockets. To stand before the valve that takes the headers of proxies.
 */
final class ForwardedSchemeValve extends ValveBase {

	private final List<String> headers;

	ForwardedSchemeValve(List<String> headers) {
		super(true);
		this.headers = headers;
	}

	@Override
	public void invoke(Request request, Response response) throws IOException, ServletException {
		MimeHeaders all = request.getCoyoteRequest().getMimeHeaders();
		this.headers.forEach((header) -> normalize(all, header));
		normalize(all, ForwardedScheme.FORWARDED);
		getNext().invoke(request, response);
	}

	private static void normalize(MimeHeaders all, String header) {
		for (int at = all.findHeader(header, 0); at >= 0; at = all.findHeader(header, at + 1)) {
			MessageBytes value = all.getValue(at);
			String before = value.toString();
			String after = ForwardedScheme.normalize(header, before);
			if (!after.equals(before)) {
				value.setString(after);
			}
		}
	}

}

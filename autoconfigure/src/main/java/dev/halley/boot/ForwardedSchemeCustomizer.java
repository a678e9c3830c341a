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

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Lets Jetty and all that is behind it understand the {@link ForwardedScheme} of
 * WebSockets. To stand before the customizer that takes the headers of proxies.
 */
final class ForwardedSchemeCustomizer implements HttpConfiguration.Customizer {

	private final List<String> headers;

	ForwardedSchemeCustomizer(List<String> headers) {
		this.headers = headers;
	}

	@Override
	public Request customize(Request request, HttpFields.Mutable responseHeaders) {
		HttpFields all = request.getHeaders();
		HttpFields.Mutable changed = HttpFields.build(all);
		this.headers.forEach((header) -> normalize(changed, header));
		normalize(changed, ForwardedScheme.FORWARDED);
		return changed.asImmutable().equals(all) ? request : new Normalized(request, changed.asImmutable());
	}

	private static void normalize(HttpFields.Mutable all, String header) {
		if (all.contains(header)) {
			all.put(header,
					all.getValuesList(header)
						.stream()
						.map((value) -> ForwardedScheme.normalize(header, value))
						.toList());
		}
	}

	private static final class Normalized extends Request.Wrapper {

		private final HttpFields headers;

		Normalized(Request request, HttpFields headers) {
			super(request);
			this.headers = headers;
		}

		@Override
		public HttpFields getHeaders() {
			return this.headers;
		}

	}

}

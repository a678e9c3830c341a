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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import jakarta.servlet.http.HttpServletRequest;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.web.servlet.HandlerMapping;

import dev.halley.connection.FailureLog;

/**
 * Tells why pages of an origin may not connect to an endpoint: most often it is the
 * application's own, and a proxy before it hides that. Once a minute at most, since
 * anybody can send any origin.
 * <p>
 * Thread-safe.
 */
final class RefusedOrigins {

	private static final Log logger = LogFactory.getLog(RefusedOrigins.class);

	private static final long PAUSE = TimeUnit.MINUTES.toNanos(1);

	private final List<String> allowed;

	private final LongSupplier ticker;

	private final AtomicLong next;

	private final AtomicLong untold = new AtomicLong();

	/**
	 * Creates a teller for one endpoint.
	 * @param allowed the patterns of the origins that are allowed
	 * @param ticker nanoseconds from any origin
	 */
	RefusedOrigins(List<String> allowed, LongSupplier ticker) {
		this.allowed = allowed;
		this.ticker = ticker;
		this.next = new AtomicLong(ticker.getAsLong());
	}

	void tell(String origin, HttpServletRequest request) {
		long now = this.ticker.getAsLong();
		long next = this.next.get();
		if (now - next < 0 || !this.next.compareAndSet(next, now + PAUSE)) {
			this.untold.incrementAndGet();
			return;
		}
		long untold = this.untold.getAndSet(0);
		logger.info("Refused a handshake for " + request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE)
				+ ": its Origin is " + FailureLog.excerpt(origin) + " (expected: "
				+ FailureLog.excerpt(Origin.of(request).toString())
				+ ", where the request says that it came to, or one of " + this.allowed
				+ "). If a proxy is in between, set 'server.forward-headers-strategy', and let the"
				+ " proxy send X-Forwarded-Proto and the client's Host with its port (nginx: proxy_set_header Host"
				+ " $http_host). For pages from elsewhere set 'halley.websocket.allowed-origins'."
				+ ((untold > 0) ? " " + untold + " more were refused since this was told last." : ""));
	}

}

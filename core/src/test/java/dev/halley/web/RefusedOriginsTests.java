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

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.servlet.HandlerMapping;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RefusedOrigins}.
 */
class RefusedOriginsTests {

	private final Logger logger = (Logger) LoggerFactory.getLogger(RefusedOrigins.class);

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

	private final MockHttpServletRequest request = new MockHttpServletRequest();

	private final RefusedOrigins refused = new RefusedOrigins(List.of("https://*.example.org"), this.nanos::get);

	@BeforeEach
	void listen() {
		this.log.start();
		this.logger.addAppender(this.log);
		this.request.setServerPort(8080);
		this.request.setQueryString("token=secret");
		this.request.setAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, "/rooms/{room}");
	}

	@AfterEach
	void stopListening() {
		this.logger.detachAppender(this.log);
	}

	private List<String> lines() {
		return this.log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
	}

	@Test
	void saysWhatCameWhatWasExpectedAndWhatHelps() {
		this.refused.tell("https://chat.example.com", this.request);
		assertThat(lines()).singleElement()
			.asString()
			.startsWith("Refused a handshake for /rooms/{room}: its Origin is https://chat.example.com (expected: "
					+ "http://localhost:8080, where the request says that it came to, or one of [https://*.example.org])")
			.contains("'server.forward-headers-strategy'", "X-Forwarded-Proto", "Host $http_host",
					"'halley.websocket.allowed-origins'")
			.doesNotContain("secret", "more were refused");
		assertThat(this.log.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.INFO);
	}

	@Test
	void tellsOnceAMinuteAndCountsTheOthers() {
		for (int i = 0; i < 1000; i++) {
			this.refused.tell("https://chat.example.com", this.request);
		}
		assertThat(lines()).hasSize(1);
		this.nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
		this.refused.tell("https://chat.example.com", this.request);
		this.refused.tell("https://chat.example.com", this.request);
		assertThat(lines()).hasSize(2).last().asString().endsWith("999 more were refused since this was told last.");
	}

	@Test
	void cutsWhatTheClientHasMade() {
		this.request.setServerName("h".repeat(5000));
		this.refused.tell("null\r\n2026-01-01 ERROR forged " + "x".repeat(5000), this.request);
		assertThat(lines()).singleElement().asString().hasSizeLessThan(1200).doesNotContain("\n", "\r");
	}

}

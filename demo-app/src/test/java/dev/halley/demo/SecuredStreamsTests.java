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

package dev.halley.demo;

import java.time.Duration;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;

import dev.halley.Out;
import dev.halley.annotation.CometMapping;
import dev.halley.comet.Comet;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Forever iframes in a real browser behind Spring Security, whose headers deny frames
 * where nothing else is configured.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "spring.autoconfigure.exclude=")
@Import(SecuredStreamsTests.Secured.class)
class SecuredStreamsTests extends InBrowser {

	/** Opens a page with a frame, and tells when the frame is done with loading. */
	private void frame(String host, String path) {
		this.browser.get("http://localhost:" + this.port + "/secured/page");
		this.browser.executeScript("""
				window.received = [];
				window.cometMessage = (message) => received.push(message);
				const frame = document.createElement('iframe');
				frame.onload = () => window.loaded = true;
				frame.src = arguments[0];
				document.body.append(frame);""", "http://" + host + ":" + this.port + path);
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> this.browser.executeScript("return window.loaded"), Boolean.TRUE::equals);
	}

	/** Is {@code null} if the frame shows another origin's page, or the browser's own. */
	private Object titleOfTheFrame() {
		return this.browser.executeScript("return document.querySelector('iframe').contentDocument?.title");
	}

	private Object received() {
		return this.browser.executeScript("return received");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/secured/comet", "/secured/helper" })
	void aPageOfTheSameOriginFramesComet(String path) {
		frame("localhost", path);
		assertThat(titleOfTheFrame()).isEqualTo("");
		assertThat(received()).isEqualTo(List.of("kiki", "foo", "bar"));
	}

	@Test
	void aPageOfAnotherOriginDoesNot() {
		frame("127.0.0.1", "/secured/comet");
		assertThat(titleOfTheFrame()).isNull();
		assertThat(received()).isEqualTo(List.of());
	}

	@Test
	void otherPagesStayDenied() {
		frame("localhost", "/secured/page");
		assertThat(titleOfTheFrame()).isNull();
	}

	@TestConfiguration(proxyBeanMethods = false)
	@RestController
	static class Secured {

		private static final Out<String> KIKI = Out.of("kiki", "foo", "bar");

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll()).build();
		}

		@GetMapping(path = "/secured/page", produces = "text/html")
		String page() {
			return "<!doctype html><title>page</title><body>";
		}

		@CometMapping(path = "/secured/comet", callback = "parent.cometMessage")
		Out<String> comet() {
			return KIKI;
		}

		@GetMapping("/secured/helper")
		ResponseBodyEmitter helper() {
			return Comet.callback("parent.cometMessage").emit(KIKI);
		}

	}

}

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

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.Out;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.LastEventId;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Comet and event streams in a real Chromium. Skipped where there is none, unless
 * {@code HALLEY_REQUIRE_BROWSER} is {@code true}.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "halley.comet.heartbeat=200ms")
@Import(StreamsBrowserTests.Pages.class)
class StreamsBrowserTests {

	private static final List<String> HOSTILE = List.of("</script><img src=x onerror=parent.pwned=1>", "<!--<script>",
			"'\"\\\\'); parent.pwned=1; ('", "\u2028\u2029", "\0\u0001\u001f\u007f\u0085", "\ud800 \udc00 x\ud83d",
			"\ud83d\ude00 \ud83d\udc68\u200d\ud83d\udc69", "a\r\nb\n\rc", "]]> --> &lt; &amp; ${x} `",
			"x".repeat(100_000));

	@LocalServerPort
	private int port;

	@Autowired
	private Pages pages;

	private ChromeDriver browser;

	@BeforeEach
	void open() {
		Optional<Path> chromium = find("chromium", "chromium-browser", "google-chrome");
		Optional<Path> driver = find("chromedriver");
		boolean found = chromium.isPresent() && driver.isPresent();
		assertThat(found || !"true".equals(System.getenv("HALLEY_REQUIRE_BROWSER"))).as("chromium and chromedriver")
			.isTrue();
		Assumptions.assumeTrue(found, "No chromium and chromedriver");
		ChromeOptions options = new ChromeOptions();
		options.setBinary(chromium.orElseThrow().toFile());
		options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu");
		ChromeDriverService service = new ChromeDriverService.Builder()
			.usingDriverExecutable(driver.orElseThrow().toFile())
			.build();
		this.browser = new ChromeDriver(service, options);
	}

	private static Optional<Path> find(String... names) {
		return Stream.of(System.getenv("PATH").split(":"))
			.flatMap((directory) -> Stream.of(names).map((name) -> Path.of(directory, name)))
			.filter(Files::isExecutable)
			.findFirst();
	}

	@AfterEach
	void close() {
		if (this.browser != null) {
			this.browser.quit();
		}
	}

	private void load(String path) {
		this.browser.get("http://localhost:" + this.port + "/test/page");
		this.browser.executeScript("""
				window.received = [];
				window.cometMessage = (message) => received.push(message);
				const frame = document.createElement('iframe');
				frame.src = arguments[0];
				document.body.append(frame);""", path);
	}

	/** The messages so far, as numbers of UTF-16 units: a driver garbles some strings. */
	private List<?> received() {
		return (List<?>) this.browser.executeScript(
				"return received.map((text) => Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)).join())");
	}

	private static String units(String text) {
		return text.chars().mapToObj(String::valueOf).collect(Collectors.joining(","));
	}

	private void sendEachAfterTheOneBefore(String path, List<String> messages) {
		Awaitility.await().until(() -> this.pages.hub.subscribers() == 0);
		load(path);
		Awaitility.await().until(() -> this.pages.hub.subscribers() == 1);
		for (int i = 0; i < messages.size(); i++) {
			this.pages.hub.publish(messages.get(i));
			int count = i + 1;
			Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> received().size() == count);
		}
		assertThat(received()).isEqualTo(messages.stream().map(StreamsBrowserTests::units).toList());
		assertThat(this.browser.executeScript("return String(window.pwned)")).isEqualTo("undefined");
	}

	@Test
	void theForeverIframeCallsThePageOnceForEachMessageAsItArrives() {
		sendEachAfterTheOneBefore("/test/comet", List.of("kiki", "foo", "bar", "foo"));
	}

	@Test
	void hostileMessagesArriveIntactAndRunNothing() {
		sendEachAfterTheOneBefore("/test/comet", HOSTILE);
		assertThat(this.browser.executeScript("return frames[0].document.querySelectorAll('img').length"))
			.isEqualTo(0L);
	}

	@Test
	void aPolicyWithANonceLetsTheScriptsRun() {
		sendEachAfterTheOneBefore("/test/comet-nonce", List.of("kiki", "</script>"));
	}

	@Test
	void scriptsThatRemoveThemselvesLeaveNothing() {
		sendEachAfterTheOneBefore("/test/comet-removing", List.of("a", "b", "c"));
		assertThat(this.browser.executeScript("return frames[0].document.scripts.length")).isEqualTo(0L);
	}

	@Test
	void anEventSourceComesBackWithItsLastId() {
		this.browser.get("http://localhost:" + this.port + "/test/page");
		this.browser.executeScript("""
				window.received = [];
				window.source = new EventSource('/test/events');
				source.onmessage = (event) => received.push(event.data);""");
		Awaitility.await()
			.atMost(Duration.ofSeconds(10))
			.until(() -> ((Number) this.browser.executeScript("return received.length")).intValue() >= 4);
		assertThat(this.browser.executeScript("return received.slice(0, 4)")).isEqualTo(List.of("1", "2", "3", "4"));
	}

	@Test
	void theDemoPageShowsAllThreeWires() {
		this.browser.get("http://localhost:" + this.port + "/");
		for (String id : List.of("prices-websocket", "prices-events", "prices-comet", "comet", "events")) {
			this.browser.executeScript("document.getElementById(arguments[0]).click()", id + "-open");
		}
		for (String id : List.of("prices-websocket", "prices-events", "prices-comet", "comet", "events")) {
			Awaitility.await()
				.atMost(Duration.ofSeconds(10))
				.until(() -> (Boolean) this.browser.executeScript(
						"return document.querySelector(`#${arguments[0]}-log [data-kind=received]`) !== null", id));
		}
	}

	@TestConfiguration(proxyBeanMethods = false)
	@RestController
	static class Pages {

		private final Hub<String> hub;

		Pages(Hubs hubs) {
			this.hub = hubs.hub("browser", String.class);
		}

		@GetMapping(path = "/test/page", produces = "text/html")
		String page() {
			return "<!doctype html><title>test</title><body>";
		}

		@CometMapping(path = "/test/comet", callback = "parent.cometMessage")
		Out<String> comet() {
			return this.hub.out();
		}

		@CometMapping(path = "/test/comet-removing", callback = "parent.cometMessage", removeScripts = true)
		Out<String> removing() {
			return this.hub.out();
		}

		@CometMapping(path = "/test/comet-nonce", callback = "parent.cometMessage", nonceFromPolicy = true)
		ResponseEntity<Out<String>> nonce() {
			return ResponseEntity.ok()
				.header("Content-Security-Policy", "default-src 'none'; script-src 'nonce-kZ3Q'")
				.body(this.hub.out());
		}

		@EventSourceMapping(path = "/test/events", retry = "50ms")
		Out<ServerSentEvent<String>> events(@LastEventId Integer last) {
			String next = String.valueOf((last != null) ? last + 1 : 1);
			return Out.of(next).map((data) -> ServerSentEvent.builder(data).id(data).build());
		}

	}

}

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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import jakarta.servlet.http.HttpServletRequest;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import dev.halley.History;
import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.Out;
import dev.halley.Position;
import dev.halley.Replay;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.LastEventId;
import dev.halley.connection.ConnectionRegistry;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Comet and event streams in a real Chromium. Skipped where there is none, unless
 * {@code HALLEY_REQUIRE_BROWSER} is {@code true}.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "halley.comet.heartbeat=200ms", "halley.sse.heartbeat=200ms" })
@Import(StreamsBrowserTests.Pages.class)
class StreamsBrowserTests extends InBrowser {

	private static final List<String> HOSTILE = List.of("</script><img src=x onerror=parent.pwned=1>", "<!--<script>",
			"'\"\\\\'); parent.pwned=1; ('", "\u2028\u2029", "\0\u0001\u001f\u007f\u0085", "\ud800 \udc00 x\ud83d",
			"\ud83d\ude00 \ud83d\udc68\u200d\ud83d\udc69", "a\r\nb\n\rc", "]]> --> &lt; &amp; ${x} `",
			"x".repeat(100_000));

	@Autowired
	private Pages pages;

	@Autowired
	private ConnectionRegistry registry;

	private String home;

	@BeforeEach
	void openTab() {
		this.home = this.browser.getWindowHandle();
		this.browser.switchTo().newWindow(WindowType.TAB);
	}

	@AfterEach
	void aClosedTabEndsItsStreams() {
		this.browser.close();
		this.browser.switchTo().window(this.home);
		Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
			assertThat(this.registry.all()).isEmpty();
			assertThat(this.pages.hub.subscribers()).isZero();
		});
	}

	private void load(String path) {
		this.browser.get("http://localhost:" + this.port + "/test/page");
		this.browser.executeScript("""
				window.received = [];
				window.cometMessage = (message) => received.push(message.text ?? message);
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
		load(path);
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> this.pages.hub.subscribers() == 1);
		for (int i = 0; i < messages.size(); i++) {
			this.pages.hub.publish(messages.get(i));
			int count = i + 1;
			Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> received().size() == count);
		}
		assertThat(received()).isEqualTo(messages.stream().map(StreamsBrowserTests::units).toList());
		assertThat(this.browser.executeScript("return String(window.pwned)")).isEqualTo("undefined");
	}

	@Test
	void theForeverIframeCallsThePageOnceForEachMessageAsItArrives() {
		sendEachAfterTheOneBefore("/test/comet", List.of("kiki", "foo", "bar", "foo"));
	}

	/** In JSON they are names of members, too. */
	@ParameterizedTest
	@ValueSource(strings = { "/test/comet", "/test/comet-json", "/test/comet-removing" })
	void hostileMessagesArriveIntactAndRunNothing(String path) {
		sendEachAfterTheOneBefore(path, HOSTILE);
		assertThat(this.browser.executeScript("return frames[0].document.querySelectorAll('img').length"))
			.isEqualTo(0L);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/test/comet-nonce", "/test/comet-nonce-attribute", "/test/comet-nonce-removing" })
	void aPolicyWithANonceAndWithoutUnsafeInlineLetsTheScriptsRun(String path) {
		sendEachAfterTheOneBefore(path, List.of("kiki", "</script>"));
	}

	/** Or else the test before would show nothing. */
	@Test
	void thatPolicyRunsNoScriptWithoutTheNonce() {
		load("/test/comet-no-nonce");
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> this.browser
				.executeScript("return frames[0].document.scripts.length === 1 && frames[0].document.readyState")
				.equals("complete"));
		assertThat(received()).isEmpty();
	}

	@Test
	void scriptsThatRemoveThemselvesKeepTheFrameFromGrowing() {
		load("/test/comet-removing");
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> this.pages.hub.subscribers() == 1);
		publishAndAwait(1);
		long nodes = nodesInTheFrame();
		for (int count = 2; count <= 50; count++) {
			publishAndAwait(count);
		}
		assertThat(nodesInTheFrame()).as("heartbeats are one text").isLessThanOrEqualTo(nodes + 1);
		assertThat(this.browser.executeScript("return frames[0].document.scripts.length")).isEqualTo(0L);
	}

	private void publishAndAwait(int count) {
		this.pages.hub.publish("message " + count);
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> received().size() == count);
	}

	private long nodesInTheFrame() {
		return (Long) this.browser.executeScript("""
				const all = frames[0].document.createNodeIterator(frames[0].document);
				let count = 0;
				while (all.nextNode()) {
					count++;
				}
				return count;""");
	}

	@Test
	void withoutThatEachScriptStays() {
		sendEachAfterTheOneBefore("/test/comet", List.of("a", "b", "c"));
		assertThat(this.browser.executeScript("return frames[0].document.scripts.length")).isEqualTo(3L);
	}

	@Test
	void aFrameTellsThatItsStreamHasEndedAndCanComeBack() {
		this.browser.get("http://localhost:" + this.port + "/test/page");
		this.browser.executeScript("""
				window.received = [];
				window.cometMessage = (message) => received.push(message);
				document.body.innerHTML = `<iframe src="/test/comet-ending"
					onload="setTimeout(() => this.src = '/test/comet-ending', 50)"></iframe>`;""");
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> received().size() >= 3);
		this.browser.executeScript("document.querySelector('iframe').remove()");
	}

	@Test
	void theHelperCallsTheConsole() {
		this.browser.manage().logs().get(LogType.BROWSER);
		load("/comet/console");
		List<String> printed = new ArrayList<>();
		Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
			this.browser.manage()
				.logs()
				.get(LogType.BROWSER)
				.getAll()
				.stream()
				.map(LogEntry::getMessage)
				.filter((message) -> message.contains("/comet/console"))
				.forEach(printed::add);
			assertThat(printed).hasSize(3);
		});
		assertThat(printed.get(0)).endsWith("\"kiki\"");
		assertThat(printed.get(1)).endsWith("\"foo\"");
		assertThat(printed.get(2)).endsWith("\"bar\"");
	}

	@Test
	void eventsArriveOneByOneWithTheirTextIntact() {
		this.browser.get("http://localhost:" + this.port + "/test/page");
		this.browser.executeScript("""
				window.received = [];
				window.source = new EventSource('/test/comet');
				source.onmessage = (event) => received.push(event.data);""");
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> this.pages.hub.subscribers() == 1);
		List<String> messages = HOSTILE.stream().filter((text) -> !text.contains("\r") && isWhole(text)).toList();
		for (int i = 0; i < messages.size(); i++) {
			this.pages.hub.publish(messages.get(i));
			int count = i + 1;
			Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> received().size() == count);
		}
		assertThat(received()).isEqualTo(messages.stream().map(StreamsBrowserTests::units).toList());
	}

	private static boolean isWhole(String text) {
		return StandardCharsets.UTF_8.newEncoder().canEncode(text);
	}

	@Test
	void anEventSourceComesBackWithItsLastId() {
		this.browser.get("http://localhost:" + this.port + "/test/page");
		this.browser.executeScript("""
				window.received = [];
				window.source = new EventSource('/test/events');
				source.onmessage = (event) => received.push(event.data);""");
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> ((Number) this.browser.executeScript("return received.length")).intValue() >= 4);
		assertThat(this.browser.executeScript("return received.slice(0, 4)")).isEqualTo(List.of("1", "2", "3", "4"));
	}

	@Test
	void anEventSourceOfAHubMissesNothingWhileItComesBackAgainAndAgain() {
		this.browser.get("http://localhost:" + this.port + "/test/page");
		this.browser.executeScript("""
				window.received = [];
				window.opened = 0;
				window.source = new EventSource('/test/recovering');
				source.onopen = () => opened++;
				source.addEventListener('halley-reset', () => received.push('reset'));
				source.onmessage = (event) => received.push(event.data);""");
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> this.pages.kept.subscribers() == 1);
		List<String> published = new ArrayList<>();
		Awaitility.await().pollInterval(Duration.ofMillis(5)).atMost(Duration.ofSeconds(60)).until(() -> {
			published.add("message " + published.size());
			this.pages.kept.publish(published.get(published.size() - 1));
			return ((Number) this.browser.executeScript("return opened")).intValue() >= 5;
		});
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(this.browser.executeScript("return received")).isEqualTo(published));
		this.browser.executeScript("source.close()");
	}

	@Test
	void anEventSourceIsToldOfAResetAndGoesOn() {
		this.browser.get("http://localhost:" + this.port + "/test/page");
		this.browser.executeScript("""
				window.received = [];
				window.source = new EventSource('/test/recovering?lastEventId=long-ago');
				source.addEventListener('halley-reset', (event) => received.push('reset ' + event.lastEventId));
				source.onmessage = (event) => received.push(event.data);""");
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> received().size() == 1);
		String position = String.valueOf(this.pages.kept.publish("after").toCompletableFuture().getNow(null));
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> received().size() == 2);
		String reset = (String) this.browser.executeScript("source.close(); return received[0]");
		assertThat(reset).startsWith("reset " + position.substring(0, position.indexOf('-')));
		assertThat(this.browser.executeScript("return received[1]")).isEqualTo("after");
	}

	/** As the page of a forever iframe does it. */
	@Test
	void aCometPageComesBackWithTheIdThatItGot() {
		this.browser.get("http://localhost:" + this.port + "/test/page");
		this.browser.executeScript("""
				window.received = [];
				window.loads = 0;
				window.cometMessage = (message, id) => {
					received.push(message);
					window.lastId = id;
				};
				document.body.innerHTML = `<iframe src="/test/recovering-comet" onload="comeBack(this)"></iframe>`;
				window.comeBack = (frame) => {
					loads++;
					frame.src = '/test/recovering-comet?lastEventId=' + encodeURIComponent(window.lastId ?? '');
				};""");
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> this.pages.kept.subscribers() == 1);
		List<String> published = new ArrayList<>();
		this.pages.kept.publish("first");
		published.add("first");
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> received().size() == 1);
		Awaitility.await().pollInterval(Duration.ofMillis(5)).atMost(Duration.ofSeconds(60)).until(() -> {
			published.add("message " + published.size());
			this.pages.kept.publish(published.get(published.size() - 1));
			return ((Number) this.browser.executeScript("return loads")).intValue() >= 4;
		});
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(this.browser.executeScript("return received")).isEqualTo(published));
		this.browser.executeScript("document.querySelector('iframe').remove()");
	}

	@Test
	void theDemoPageShowsAllThreeWires() {
		this.browser.get("http://localhost:" + this.port + "/");
		for (String id : List.of("prices-websocket", "prices-events", "prices-comet", "comet", "events")) {
			this.browser.executeScript("document.getElementById(arguments[0]).click()", id + "-open");
		}
		for (String id : List.of("prices-websocket", "prices-events", "prices-comet", "comet", "events")) {
			Awaitility.await()
				.atMost(Duration.ofSeconds(30))
				.until(() -> (Boolean) this.browser.executeScript(
						"return document.querySelector(`#${arguments[0]}-log [data-kind=received]`) !== null", id));
		}
	}

	@TestConfiguration(proxyBeanMethods = false)
	@RestController
	static class Pages {

		private final Hub<String> hub;

		private final Hub<String> kept;

		Pages(Hubs hubs) {
			this.hub = hubs.hub("browser", String.class);
			this.kept = hubs.hub("browser with a history", String.class, History.ofMessages(10_000));
		}

		@EventSourceMapping(path = "/test/recovering", retry = "20ms", timeout = "300ms")
		Out<String> recovering(@LastEventId @Nullable Position id) {
			return this.kept.out(Replay.after(id));
		}

		@CometMapping(path = "/test/recovering-comet", callback = "parent.cometMessage", eventIds = true,
				timeout = "300ms")
		Out<String> recoveringComet(@LastEventId @Nullable Position id) {
			return this.kept.out(Replay.after(id));
		}

		@GetMapping(path = "/test/page", produces = "text/html")
		String page() {
			return "<!doctype html><title>test</title><body>";
		}

		@EventSourceMapping("/test/comet")
		@CometMapping(path = "/test/comet", callback = "parent.cometMessage")
		Out<String> comet() {
			return this.hub.out();
		}

		@CometMapping(path = "/test/comet-removing", callback = "parent.cometMessage", removeScripts = true)
		Out<String> removing() {
			return this.hub.out();
		}

		@CometMapping(path = "/test/comet-ending", callback = "parent.cometMessage")
		Out<String> ending() {
			return Out.of("kiki");
		}

		@CometMapping(path = "/test/comet-json", callback = "parent.cometMessage")
		Out<Map<String, String>> json() {
			return this.hub.out().map((text) -> Map.of("text", text, text, text));
		}

		@CometMapping(path = "/test/comet-nonce", callback = "parent.cometMessage", nonceFromPolicy = true)
		ResponseEntity<Out<String>> nonce() {
			return withPolicy(this.hub.out());
		}

		@CometMapping(path = "/test/comet-nonce-removing", callback = "parent.cometMessage", nonceFromPolicy = true,
				removeScripts = true)
		ResponseEntity<Out<String>> removingWithNonce() {
			return withPolicy(this.hub.out());
		}

		@CometMapping(path = "/test/comet-nonce-attribute", callback = "parent.cometMessage", nonceAttribute = "nonce")
		ResponseEntity<Out<String>> nonceFromAttribute(HttpServletRequest request) {
			request.setAttribute("nonce", "kZ3Q");
			return withPolicy(this.hub.out());
		}

		@CometMapping(path = "/test/comet-no-nonce", callback = "parent.cometMessage")
		ResponseEntity<Out<String>> withoutNonce() {
			return withPolicy(Out.of("kiki"));
		}

		private static ResponseEntity<Out<String>> withPolicy(Out<String> out) {
			return ResponseEntity.ok()
				.header("Content-Security-Policy", "default-src 'none'; script-src 'nonce-kZ3Q'")
				.body(out);
		}

		@EventSourceMapping(path = "/test/events", retry = "50ms")
		Out<ServerSentEvent<String>> events(@LastEventId @Nullable Integer last) {
			String next = String.valueOf((last != null) ? last + 1 : 1);
			return Out.of(next).map((data) -> ServerSentEvent.builder(data).id(data).build());
		}

	}

}

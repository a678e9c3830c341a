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

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;
import org.springframework.http.codec.ServerSentEvent;

import dev.halley.demo.RoomsController.Line;
import dev.halley.demo.RoomsController.Say;
import dev.halley.test.LiveClient;
import dev.halley.test.LiveClients;
import dev.halley.test.TesterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two processes of the demo are one chat, whichever of them is killed, or Redis is.
 */
@Timeout(300)
@ExtendWith(TesterExtension.class)
class TwoNodesTests {

	private static TwoNodes both;

	@BeforeAll
	static void start() throws IOException {
		both = TwoNodes.start(freePort(), freePort());
	}

	@AfterAll
	static void stop() {
		both.close();
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	private static LiveClients clients(int node) {
		return LiveClients.of(both.node(node).uri()).withTimeout(Duration.ofSeconds(60));
	}

	private static LiveClient<Say, Line> join(int node, String room, String name) {
		return clients(node).webSocket("/rooms/" + room + "?name=" + name, Say.class, Line.class);
	}

	private static void awaitSaid(LiveClient<Say, Line> room, String text) {
		awaitLine(room, (line) -> line.said() != null && line.said().text().equals(text));
	}

	private static void awaitThere(LiveClient<Say, Line> room, String... names) {
		awaitLine(room, (line) -> line.there() != null && line.there().equals(Set.of(names)));
	}

	private static void awaitLine(LiveClient<Say, Line> room, Predicate<Line> wanted) {
		Line line = room.next();
		while (!wanted.test(line)) {
			line = room.next();
		}
	}

	private static Stream<Line> lines(LiveClient<Say, Line> room) {
		return room.unread().stream().map(Line.class::cast);
	}

	@Test
	void bothRunAsAnApplicationDoes() {
		assertThat(TwoNodes.runTimeClassPath()).contains("spring-data-redis").doesNotContain("junit", "halley-test");
	}

	@Test
	void whatIsSaidOnOneIsHeardOnTheOtherAndTheMembersAreThoseOfBoth() {
		LiveClient<Say, Line> ada = join(0, "both", "Ada");
		LiveClient<Say, Line> bob = join(1, "both", "Bob");
		awaitThere(ada, "Ada", "Bob");
		awaitThere(bob, "Ada", "Bob");
		ada.send(new Say("Hello"));
		awaitSaid(bob, "Hello");
		bob.send(new Say("Hello yourself"));
		awaitSaid(ada, "Hello yourself");
		bob.close();
		awaitThere(ada, "Ada");
	}

	@Test
	void oneThatIsKilledTakesItsMembersWithItAndComesBackToWhatWasSaid() {
		LiveClient<Say, Line> ada = join(0, "killed", "Ada");
		LiveClient<Say, Line> bob = join(1, "killed", "Bob");
		awaitThere(bob, "Ada", "Bob");
		ada.send(new Say("Before"));
		awaitSaid(bob, "Before");
		both.node(0).kill();
		bob.send(new Say("Meanwhile"));
		awaitSaid(bob, "Meanwhile");
		awaitThere(bob, "Bob");
		both.node(0).startAgain();
		LiveClient<Say, Line> eve = join(0, "killed", "Eve");
		awaitSaid(eve, "Before");
		awaitSaid(eve, "Meanwhile");
		awaitThere(bob, "Bob", "Eve");
		eve.send(new Say("After"));
		awaitSaid(bob, "After");
	}

	@Test
	void aPageShowsItsNodeAndComesBackWhenThatDoes(@TempDir Path profile) {
		ChromeDriver browser = Browser.start(profile);
		try {
			browser.get(both.node(0).uri() + "/");
			awaitText(browser, "node", "node " + both.node(0).uri().getPort());
			LiveClient<Say, Line> bob = join(1, "observatory", "Bob");
			awaitThere(bob, "Edmond", "Caroline", "Charles", "Bob");
			awaitText(browser, "rooms-pane-1-there", "Bob");
			bob.send(new Say("Is anybody out there?"));
			awaitText(browser, "rooms-pane-2-log", "Is anybody out there?");
			both.node(0).kill();
			both.node(0).startAgain();
			bob.send(new Say("And now?"));
			awaitText(browser, "rooms-pane-2-log", "And now?");
			awaitText(browser, "rooms-pane-2-log", "Is anybody out there?");
			awaitText(browser, "rooms-pane-3-there", "Bob");
		}
		finally {
			browser.quit();
		}
	}

	private static void awaitText(ChromeDriver browser, String id, String text) {
		new WebDriverWait(browser, Duration.ofSeconds(60)).until(
				ExpectedConditions.textToBePresentInElementLocated(By.cssSelector("[data-testid='" + id + "']"), text));
	}

	@Test
	void anAnswerThatRunsOnOneIsReadAndStoppedOnTheOther() throws Exception {
		String path = "/recorded/" + UUID.randomUUID();
		LiveClient<Void, ServerSentEvent<String>> one = clients(0).events(path, String.class);
		awaitWords(one, "A comet");
		LiveClient<Void, ServerSentEvent<String>> other = clients(1).events(path, String.class);
		awaitWords(other, "A comet");
		HttpRequest stop = HttpRequest.newBuilder(both.node(1).uri().resolve(path + "/stop"))
			.POST(BodyPublishers.noBody())
			.build();
		assertThat(HttpClient.newHttpClient().send(stop, BodyHandlers.discarding()).statusCode()).isEqualTo(204);
		for (LiveClient<?, ?> reader : List.of(one, other)) {
			reader.expectEventually(() -> assertThat(reader.transcript()).contains("the end of the stream"));
		}
		assertThat(words(one)).isEqualTo(words(other)).doesNotEndWith("meanwhile.");
	}

	private static void awaitWords(LiveClient<Void, ServerSentEvent<String>> reader, String words) {
		reader.expectEventually(() -> assertThat(words(reader)).startsWith(words));
	}

	private static String words(LiveClient<Void, ServerSentEvent<String>> reader) {
		return reader.unread()
			.stream()
			.map((event) -> String.valueOf(((ServerSentEvent<?>) event).data()))
			.collect(Collectors.joining(" "));
	}

	@Test
	void redisIsKilledAndNobodyLeaves() {
		LiveClient<Say, Line> ada = join(0, "redis", "Ada");
		LiveClient<Say, Line> bob = join(1, "redis", "Bob");
		awaitThere(ada, "Ada", "Bob");
		awaitThere(bob, "Ada", "Bob");
		ada.send(new Say("Before"));
		awaitSaid(ada, "Before");
		awaitSaid(bob, "Before");
		both.redis().kill();
		both.redis().startAgain(true);
		// What is said while there is no link goes nowhere
		AtomicInteger attempts = new AtomicInteger();
		Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(500)).until(() -> {
			ada.send(new Say("After " + attempts.incrementAndGet()));
			return lines(bob).anyMatch((line) -> line.said() != null);
		});
		assertThat(lines(bob)).noneMatch((line) -> line.there() != null);
		LiveClient<Say, Line> eve = join(1, "redis", "Eve");
		awaitSaid(eve, "Before");
		awaitThere(eve, "Ada", "Bob", "Eve");
	}

}

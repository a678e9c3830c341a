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
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import dev.halley.Hub;
import dev.halley.HubEvent;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who is present, with clients that come, go away and vanish. The grace is an hour, so
 * that who is gone within the test has left at once; in the rooms of others it is short.
 */
@ParameterizedClass
@EnumSource(Server.class)
@Timeout(120)
class PresenceServerTests {

	private static final AtomicInteger ROOMS = new AtomicInteger();

	private static ServletWebServerApplicationContext context;

	@Parameter
	private Server server;

	private String room;

	@BeforeParameterizedClassInvocation
	static void start(Server server) {
		context = server.start(Rooms.class, "halley.hub.presence.grace=1h");
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		context.close();
	}

	@BeforeEach
	void enter() {
		this.room = "room-" + ROOMS.incrementAndGet();
	}

	private Hub<String> hub() {
		return context.getBean(Hubs.class).hub(this.room, String.class);
	}

	private TestClient join(String name) throws InterruptedException {
		TestClient client = TestClient.connect(Server.url(context, "/rooms/" + this.room + "?name=" + name));
		assertThat(client.next()).startsWith("present ");
		return client;
	}

	private StreamClient watch() throws IOException {
		return StreamClient.get(Server.port(context), "/rooms/" + this.room + "/presence", "Accept: text/event-stream");
	}

	private void awaitNoSubscriber() {
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> hub().subscribers() == 0);
	}

	@Test
	void twoTabsAreOneMember() throws Exception {
		try (StreamClient watcher = watch()) {
			watcher.until("present {}\n\n");
			TestClient first = join("ann");
			watcher.until("joined {ann=here}\n\n");
			TestClient second = join("ann");
			assertThat(first.close().next()).isEqualTo("closed 1000");
			second.send("away");
			assertThat(watcher.until("\n\n")).isEqualTo("data: changed {ann=away}\n\n");
			second.close();
			assertThat(watcher.until("\n\n")).isEqualTo("data: left [ann]\n\n");
		}
	}

	@Test
	void aReloadIsSilent() throws Exception {
		try (StreamClient watcher = watch()) {
			watcher.until("present {}\n\n");
			TestClient page = join("ann");
			watcher.until("joined {ann=here}\n\n");
			assertThat(page.close(1001).next()).isEqualTo("closed 1001");
			awaitNoSubscriber();
			TestClient again = join("ann");
			join("bob").close();
			assertThat(watcher.until("\n\n")).isEqualTo("data: joined {bob=here}\n\n");
			watcher.until("left [bob]\n\n");
			again.close();
			assertThat(watcher.until("\n\n")).isEqualTo("data: left [ann]\n\n");
		}
	}

	@Test
	void whoVanishesIsPresentForTheGrace() throws Exception {
		join("ann").abort();
		awaitNoSubscriber();
		assertThat(hub().update("ann", "gone?")).isTrue();
	}

	@Test
	void whoLeavesAStreamIsPresentForTheGrace() throws Exception {
		try (StreamClient stream = StreamClient.get(Server.port(context), "/rooms/" + this.room + "/events?name=ann",
				"Accept: text/event-stream")) {
			stream.until("present {");
			assertThat(hub().update("ann", "reading")).isTrue();
		}
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
			hub().publish("a write shows that nobody is there");
			return hub().subscribers() == 0;
		});
		assertThat(hub().update("ann", "gone?")).isTrue();
	}

	@Test
	void whomTheApplicationClosesLeavesAtOnce() throws Exception {
		TestClient ann = join("ann");
		TestClient bob = join("bob");
		ann.send("bye");
		String next = bob.next();
		while (!next.equals("left [ann]")) {
			assertThat(next).startsWith("joined ");
			next = bob.next();
		}
		bob.close();
	}

	@Test
	void whoVanishesLeavesAfterTheGrace() throws Exception {
		try (ServletWebServerApplicationContext hasty = this.server.start(Rooms.class,
				"halley.hub.presence.grace=300ms")) {
			TestClient bob = TestClient.connect(Server.url(hasty, "/rooms/hasty?name=bob"));
			TestClient.connect(Server.url(hasty, "/rooms/hasty?name=ann")).abort();
			String next = bob.next();
			while (!next.equals("left [ann]")) {
				assertThat(next).matches("(present|joined) .*");
				next = bob.next();
			}
			bob.close();
		}
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(RoomController.class)
	static class Rooms {

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll()).build();
		}

	}

	@RestController
	static class RoomController {

		private final Hubs hubs;

		RoomController(Hubs hubs) {
			this.hubs = hubs;
		}

		@WebSocketMapping("/rooms/{room}")
		InOut<String, String> room(@PathVariable String room, @RequestParam String name) {
			Hub<String> hub = this.hubs.hub(room, String.class);
			Out<String> out = hub.presence()
				.map(RoomController::shown)
				.interleave(hub.out((text) -> text.equals("bye " + name)))
				.through((all) -> all.takeWhile((text) -> !text.startsWith("bye ")))
				.andThen(Out.eof());
			In<String> in = In.forEach((text) -> {
				if (text.equals("bye")) {
					hub.publish("bye " + name);
				}
				else {
					hub.update(name, text);
				}
			});
			return InOut.of(in, hub.join(name, "here", out));
		}

		@EventSourceMapping("/rooms/{room}/presence")
		Out<String> presence(@PathVariable String room) {
			return this.hubs.hub(room, String.class).presence().map(RoomController::shown);
		}

		@EventSourceMapping("/rooms/{room}/events")
		Out<String> events(@PathVariable String room, @RequestParam String name) {
			Hub<String> hub = this.hubs.hub(room, String.class);
			return hub.join(name, "here").interleave(hub.presence().map(RoomController::shown));
		}

		private static String shown(HubEvent<String> event) {
			if (event instanceof HubEvent.Presence<String> presence) {
				return "present " + presence.members();
			}
			if (event instanceof HubEvent.Joined<String> joined) {
				return "joined " + joined.members();
			}
			if (event instanceof HubEvent.Changed<String> changed) {
				return "changed " + changed.members();
			}
			return (event instanceof HubEvent.Left<String> left) ? "left " + left.members() : "";
		}

	}

}

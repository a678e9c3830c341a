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

import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
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
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.socket.CloseStatus;

import dev.halley.Hub;
import dev.halley.HubEvent;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.test.HubTester;
import dev.halley.test.LiveClient;
import dev.halley.test.LiveClients;
import dev.halley.test.TesterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who is present, with clients that come, go away and vanish. The grace is an hour, so
 * that who is gone within the test has left at once; in the rooms of others it is short.
 */
@ParameterizedClass
@EnumSource(Server.class)
@Timeout(120)
@ExtendWith(TesterExtension.class)
class PresenceServerTests {

	private static final AtomicInteger ROOMS = new AtomicInteger();

	private static ServletWebServerApplicationContext context;

	@Parameter
	private Server server;

	private final LiveClients clients = Clients.of(context);

	private final String room = "room-" + ROOMS.incrementAndGet();

	private final Hub<String> hub = context.getBean(Hubs.class).hub(this.room, String.class);

	@BeforeParameterizedClassInvocation
	static void start(Server server) {
		context = server.start(Rooms.class, "halley.hub.presence.grace=1h");
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		context.close();
	}

	private LiveClient<String, String> join(String name) {
		return join(this.clients, this.room, name);
	}

	private static LiveClient<String, String> join(LiveClients clients, String room, String name) {
		return clients.webSocket("/rooms/" + room + "?name=" + name).expectMatch((text) -> text.startsWith("present "));
	}

	private LiveClient<Void, ServerSentEvent<String>> watch() {
		return this.clients.events("/rooms/" + this.room + "/presence", String.class).expect(event("present {}"));
	}

	private void awaitNoSubscriber() {
		HubTester.of(this.hub).expectSubscribers(0).close();
	}

	private static ServerSentEvent<String> event(String data) {
		return ServerSentEvent.builder(data).build();
	}

	@Test
	void twoTabsAreOneMember() {
		LiveClient<Void, ServerSentEvent<String>> watcher = watch();
		LiveClient<String, String> first = join("ann");
		watcher.expect(event("joined {ann=here}"));
		LiveClient<String, String> second = join("ann");
		first.close(CloseStatus.NORMAL).expectClose(new CloseStatus(1000, ""));
		second.send("away");
		watcher.expect(event("changed {ann=away}"));
		second.close();
		watcher.expect(event("left [ann]"));
	}

	@Test
	void aReloadIsSilent() {
		LiveClient<Void, ServerSentEvent<String>> watcher = watch();
		LiveClient<String, String> page = join("ann");
		watcher.expect(event("joined {ann=here}"));
		page.close(CloseStatus.GOING_AWAY).expectClose(new CloseStatus(1001, ""));
		awaitNoSubscriber();
		LiveClient<String, String> again = join("ann");
		LiveClient<String, String> bob = join("bob");
		watcher.expect(event("joined {bob=here}"));
		bob.close();
		watcher.expect(event("left [bob]"));
		again.close();
		watcher.expect(event("left [ann]"));
	}

	@Test
	void whoVanishesIsPresentForTheGrace() {
		join("ann").vanish();
		awaitNoSubscriber();
		assertThat(this.hub.update("ann", "gone?")).isTrue();
	}

	@Test
	void whoLeavesAStreamIsPresentForTheGrace() {
		LiveClient<Void, ServerSentEvent<String>> stream = this.clients
			.events("/rooms/" + this.room + "/events?name=ann", String.class)
			.expectMatch((event) -> event.data().startsWith("present {"));
		assertThat(this.hub.update("ann", "reading")).isTrue();
		stream.vanish();
		stream.expectEventually(() -> {
			this.hub.publish("a write shows that nobody is there");
			assertThat(this.hub.subscribers()).isZero();
		});
		assertThat(this.hub.update("ann", "gone?")).isTrue();
	}

	@Test
	void whomTheApplicationClosesLeavesAtOnce() {
		LiveClient<String, String> ann = join("ann");
		LiveClient<String, String> bob = join("bob");
		ann.send("bye");
		expectLeft(bob, "joined .*");
	}

	@Test
	void whoVanishesLeavesAfterTheGrace() {
		try (ServletWebServerApplicationContext hasty = this.server.start(Rooms.class,
				"halley.hub.presence.grace=300ms")) {
			LiveClients clients = Clients.of(hasty);
			LiveClient<String, String> bob = join(clients, "hasty", "bob");
			join(clients, "hasty", "ann").vanish();
			expectLeft(bob, "joined .*");
			bob.close();
		}
	}

	private static void expectLeft(LiveClient<String, String> client, String before) {
		String next = client.next();
		while (!next.equals("left [ann]")) {
			assertThat(next).matches(before);
			next = client.next();
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

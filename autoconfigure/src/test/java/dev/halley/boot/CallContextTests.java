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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.web.socket.CloseStatus;

import dev.halley.Channel;
import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.boot.SecuredApplication.Seen;
import dev.halley.connection.ConnectionRegistry;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The application's code runs with the security context of the handshake, wherever and by
 * whichever thread it is called, and leaves none behind.
 */
@ParameterizedClass
@EnumSource
class CallContextTests {

	private static final String EVENTS = "Accept: text/event-stream";

	private static final String HTML = "Accept: text/html";

	private static ServletWebServerApplicationContext context;

	@Parameter
	private Server server;

	private Seen seen;

	@BeforeParameterizedClassInvocation
	static void start(Server server) {
		context = server.start(SecuredApplication.class);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		context.close();
	}

	@BeforeEach
	void forget() {
		this.seen = context.getBean(Seen.class);
		this.seen.users().clear();
		context.getBean(ThreadContexts.class).all().clear();
	}

	@AfterEach
	void noThreadKeepsAContext() {
		context.getBean(ConnectionRegistry.class).all().forEach((left) -> left.close(CloseStatus.GOING_AWAY));
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(context.getBean(ConnectionRegistry.class).reserved()).isZero());
		Map<Thread, SecurityContext> left = context.getBean(ThreadContexts.class).all();
		Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(left).isEmpty());
	}

	private static String basic(String user) {
		return "Basic " + Base64.getEncoder().encodeToString((user + ":secret").getBytes(StandardCharsets.US_ASCII));
	}

	private static TestClient connect(String user, String path) {
		return TestClient.connect(Server.url(context, path), "Authorization", basic(user));
	}

	private static StreamClient get(String path, String accept) throws IOException {
		return StreamClient.get(Server.port(context), path, accept, "Authorization: " + basic("ada"));
	}

	private void assertSeen(String user, String... places) throws InterruptedException {
		for (String place : places) {
			assertThat(this.seen.next(place)).as(place).isEqualTo(user);
		}
	}

	@Test
	void handlersExceptionHandlersAndWhenDone() throws Exception {
		TestClient client = connect("ada", "/handlers").send("fail");
		assertThat(client.next()).isEqualTo("failed as ada");
		client.abort();
		assertSeen("ada", "handler", "exceptionHandler", "whenDone");
	}

	@Test
	void whatOneCallDoesToItsContextDoesNotReachTheNext() throws Exception {
		TestClient client = connect("ada", "/handlers").send("log out").send("fail");
		assertThat(client.next()).isEqualTo("failed as ada");
		assertThat(client.close().next()).startsWith("closed 1000");
		assertSeen("ada", "handler", "handler", "exceptionHandler", "whenDone");
	}

	@Test
	void asynchronousHandlersAndWhatFollowsTheirFailure() throws Exception {
		TestClient client = connect("ada", "/async").send("fail");
		assertThat(client.next()).isEqualTo("failed as ada");
		client.abort();
		assertSeen("ada", "asyncHandler", "reactorContext", "exceptionHandler");
	}

	@Test
	void pipelinesAndWhatFollowsThemThoughTheyEndElsewhere() throws Exception {
		TestClient client = connect("ada", "/through").send("word");
		assertSeen("ada", "through", "reactorContext");
		client.abort();
		assertSeen("ada", "whenDone");
	}

	@Test
	void folds() throws Exception {
		TestClient client = connect("ada", "/fold").send("word");
		assertThat(client.close().next()).startsWith("closed 1000");
		assertSeen("ada", "folder", "foldDone");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/ask", "/late/mono", "/late/stage", "/late/callable" })
	void flowsAlsoThoseThatComeLate(String path) throws Exception {
		TestClient ada = connect("ada", path).send("who?");
		TestClient eve = connect("eve", path).send("who?");
		assertThat(ada.next()).isEqualTo("ada");
		assertThat(eve.next()).isEqualTo("eve");
		ada.abort();
		eve.abort();
	}

	@Test
	void whatAHubCallsIsTheSubscribersNotThePublishers() throws Exception {
		TestClient ada = connect("ada", "/hub");
		TestClient eve = connect("eve", "/hub");
		Hub<String> hub = context.getBean(Hubs.class).hub("words", String.class);
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> hub.subscribers() == 2);
		ada.send("first");
		assertThat(ada.next()).isEqualTo("first for ada");
		assertThat(eve.next()).isEqualTo("first for eve");
		assertThat(List.of(this.seen.next("filter"), this.seen.next("filter"))).containsExactlyInAnyOrder("ada", "eve");
		eve.send("second");
		assertThat(ada.next()).isEqualTo("second for ada");
		assertThat(eve.next()).isEqualTo("second for eve");
		ada.abort();
		eve.abort();
	}

	@Test
	void sourcesOfAWebSocket() throws Exception {
		TestClient client = connect("ada", "/sources");
		assertThat(client.next()).isEqualTo("I am ada");
		assertSources();
		client.abort();
		assertSeen("ada", "cancel");
	}

	@ParameterizedTest
	@ValueSource(strings = { EVENTS, HTML })
	void sourcesOfAStream(String accept) throws Exception {
		try (StreamClient client = get("/sources", accept)) {
			assertThat(client.until("I am ada")).doesNotContain("Exception");
			assertSources();
		}
		context.getBean(ConnectionRegistry.class).all().forEach((open) -> open.close(CloseStatus.GOING_AWAY));
		assertSeen("ada", "cancel");
	}

	private void assertSources() throws InterruptedException {
		assertSeen("ada", "mapAfterTimer", "subscribe", "mapAfterTimer", "generate", "generate", "every", "every",
				"request");
		assertSeen("ada", "mapAfterHop", "mapAfterHop", "mapAfterHop", "mapAfterHop", "mapAfterHop", "mapAfterHop");
	}

	@Test
	void channelsOfAWebSocket() throws Exception {
		TestClient client = connect("ada", "/unicast");
		Channel<String> channel = this.seen.channels().take();
		channel.push("word");
		assertThat(client.next()).isEqualTo("word for ada");
		client.abort();
		assertSeen("ada", "onStart", "pushed", "onEnd");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/unicast " + EVENTS, "/unicast " + HTML, "/helper " + HTML })
	void channelsOfAStream(String request) throws Exception {
		String[] parts = request.split(" ", 2);
		try (StreamClient client = get(parts[0], parts[1])) {
			Channel<String> channel = this.seen.channels().take();
			channel.push("word");
			assertThat(client.until("word for")).contains("word for ada");
			CompletableFuture.runAsync(channel::end).orTimeout(1, TimeUnit.MINUTES).join();
			assertSeen("ada", "onStart", "pushed", "onEnd");
		}
	}

	@Test
	void methodSecurityStillDenies() throws Exception {
		TestClient client = connect("bob", "/handlers").send("fail");
		assertThat(client.next()).isEqualTo("failed as AuthorizationDeniedException");
		client.abort();
		assertSeen("AuthorizationDeniedException", "handler", "exceptionHandler", "whenDone");
	}

}

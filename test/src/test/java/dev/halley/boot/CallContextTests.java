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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.web.socket.CloseStatus;

import dev.halley.Channel;
import dev.halley.Hubs;
import dev.halley.boot.SecuredApplication.Seen;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.test.HubTester;
import dev.halley.test.LiveClient;
import dev.halley.test.LiveClients;
import dev.halley.test.TesterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The application's code runs with the security context of the handshake, wherever and by
 * whichever thread it is called, and leaves none behind.
 */
@ParameterizedClass
@EnumSource
@ExtendWith(TesterExtension.class)
class CallContextTests {

	private static ServletWebServerApplicationContext context;

	@Parameter
	private Server server;

	private final LiveClients clients = Clients.of(context);

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

	private LiveClients as(String user) {
		return this.clients.withHeader("Authorization",
				"Basic " + Base64.getEncoder().encodeToString((user + ":secret").getBytes(StandardCharsets.US_ASCII)));
	}

	private LiveClient<String, String> connect(String user, String path) {
		return as(user).webSocket(path);
	}

	private LiveClient<Void, ?> stream(String wire, String path) {
		return wire.equals("comet") ? as("ada").comet(path, String.class) : as("ada").events(path, String.class);
	}

	private void assertSeen(String user, String... places) throws InterruptedException {
		for (String place : places) {
			assertThat(this.seen.next(place)).as(place).isEqualTo(user);
		}
	}

	@Test
	void handlersExceptionHandlersAndWhenDone() throws Exception {
		connect("ada", "/handlers").send("fail").expect("failed as ada").vanish();
		assertSeen("ada", "handler", "exceptionHandler", "whenDone");
	}

	@Test
	void whatOneCallDoesToItsContextDoesNotReachTheNext() throws Exception {
		connect("ada", "/handlers").send("log out")
			.send("fail")
			.expect("failed as ada")
			.close(CloseStatus.NORMAL)
			.expectClose(1000);
		assertSeen("ada", "handler", "handler", "exceptionHandler", "whenDone");
	}

	@Test
	void asynchronousHandlersAndWhatFollowsTheirFailure() throws Exception {
		connect("ada", "/async").send("fail").expect("failed as ada").vanish();
		assertSeen("ada", "asyncHandler", "reactorContext", "exceptionHandler");
	}

	@Test
	void pipelinesAndWhatFollowsThemThoughTheyEndElsewhere() throws Exception {
		LiveClient<String, String> client = connect("ada", "/through").send("word");
		assertSeen("ada", "through", "reactorContext");
		client.vanish();
		assertSeen("ada", "whenDone");
	}

	@Test
	void folds() throws Exception {
		connect("ada", "/fold").send("word").close(CloseStatus.NORMAL).expectClose(1000);
		assertSeen("ada", "folder", "foldDone");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/ask", "/late/mono", "/late/stage", "/late/callable" })
	void flowsAlsoThoseThatComeLate(String path) {
		LiveClient<String, String> ada = connect("ada", path).send("who?");
		LiveClient<String, String> eve = connect("eve", path).send("who?");
		ada.expect("ada").vanish();
		eve.expect("eve").vanish();
	}

	@Test
	void whatAHubCallsIsTheSubscribersNotThePublishers() throws Exception {
		LiveClient<String, String> ada = connect("ada", "/hub");
		LiveClient<String, String> eve = connect("eve", "/hub");
		HubTester.of(context.getBean(Hubs.class).hub("words", String.class)).expectSubscribers(2).close();
		ada.send("first").expect("first for ada");
		eve.expect("first for eve");
		assertThat(Arrays.asList(this.seen.next("filter"), this.seen.next("filter"))).containsExactlyInAnyOrder("ada",
				"eve");
		eve.send("second").expect("second for eve").vanish();
		ada.expect("second for ada").vanish();
	}

	@Test
	void sourcesOfAWebSocket() throws Exception {
		LiveClient<String, String> client = connect("ada", "/sources").expect("I am ada");
		assertSources();
		client.vanish();
		assertSeen("ada", "cancel");
	}

	@ParameterizedTest
	@ValueSource(strings = { "events", "comet" })
	void sourcesOfAStream(String wire) throws Exception {
		LiveClient<Void, ?> client = stream(wire, "/sources");
		assertThat(client.next()).asString().contains("I am ada").doesNotContain("Exception");
		assertSources();
		client.close();
		context.getBean(ConnectionRegistry.class).all().forEach((open) -> open.close(CloseStatus.GOING_AWAY));
		assertSeen("ada", "cancel");
	}

	private void assertSources() throws InterruptedException {
		assertSeen("ada", "mapAfterTimer", "subscribe", "mapAfterTimer", "generate", "generate", "every", "every",
				"request");
		assertSeen("ada", "mapAfterHop", "mapAfterHop", "mapAfterHop", "mapAfterHop", "mapAfterHop", "mapAfterHop");
	}

	private Channel<String> channel() throws InterruptedException {
		return Objects.requireNonNull(this.seen.channels().poll(30, TimeUnit.SECONDS), "no channel within 30 s");
	}

	@Test
	void channelsOfAWebSocket() throws Exception {
		LiveClient<String, String> client = connect("ada", "/unicast");
		channel().push("word");
		client.expect("word for ada").vanish();
		assertSeen("ada", "onStart", "pushed", "onEnd");
	}

	@ParameterizedTest
	@CsvSource({ "events, /unicast", "comet, /unicast", "comet, /helper" })
	void channelsOfAStream(String wire, String path) throws Exception {
		LiveClient<Void, ?> client = stream(wire, path);
		Channel<String> channel = channel();
		channel.push("word");
		assertThat(client.next()).asString().contains("word for ada");
		CompletableFuture.runAsync(channel::end, (task) -> new Thread(task).start()).get(1, TimeUnit.MINUTES);
		assertSeen("ada", "onStart", "pushed", "onEnd");
	}

	@Test
	void methodSecurityStillDenies() throws Exception {
		connect("bob", "/handlers").send("fail").expect("failed as AuthorizationDeniedException").vanish();
		assertSeen("AuthorizationDeniedException", "handler", "exceptionHandler", "whenDone");
	}

}

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

package dev.halley.test;

import java.time.Duration;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

import dev.halley.Hub;
import dev.halley.Hubs;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Controllers of a running server with a fault each, which a test must find and whose
 * transcript must tell why.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class LiveFaultTests {

	/** Long enough for a handshake. */
	private static final Duration SHORT = Duration.ofSeconds(2);

	private final LiveClients patient;

	private final LiveClients clients;

	private final Hub<String> hub;

	LiveFaultTests(@Autowired LiveClients clients, @Autowired Hubs hubs) {
		this.patient = clients;
		this.clients = clients.withTimeout(SHORT);
		this.hub = hubs.hub("faults", String.class);
	}

	@Test
	void aLostMessage() {
		LiveClient<String, String> client = this.clients.webSocket("/faults/loses").send("one").send("two");
		patient(client, "got one");
		assertFailure(() -> client.expect("got two")).withMessageContainingAll(
				"expected \"got two\", but nothing came within 2 s", "--> \"one\"", "--> \"two\"", "<-- \"got one\"");
		client.vanish();
	}

	@Test
	void aWrongOrder() {
		LiveClient<String, String> client = this.clients.webSocket("/faults/disorders");
		patient(client, "a");
		await(client);
		assertFailure(() -> client.expect("b")).withMessageContainingAll("expected \"b\", but got \"c\"", "<-- \"a\"",
				"<-- \"c\"");
		client.vanish();
	}

	@Test
	void aMissingClose() {
		LiveClient<String, String> client = this.clients.webSocket("/faults/loses");
		assertFailure(() -> client.expectClose(1000))
			.withMessageContaining("expected the end with 1000, but the connection is open after 2 s");
		client.vanish();
	}

	@Test
	void aHandlerThatNeverEnds() {
		LiveClient<String, String> client = this.clients.webSocket("/faults/hangs").send("one").send("two");
		assertFailure(() -> client.expect("got one")).withMessageContainingAll("nothing came within 2 s", "--> \"one\"",
				"--> \"two\"");
		client.vanish();
	}

	@Test
	void aSubscriptionThatIsLeaked() {
		HubTester<String> room = new HubTester<>(this.hub, null, SHORT);
		int before = this.hub.subscribers();
		LiveClient<String, String> client = this.patient.webSocket("/faults/leaks");
		Awaitility.await().atMost(Duration.ofSeconds(45)).until(() -> this.hub.subscribers() > before);
		this.hub.publish("a");
		client.expect("a").close();
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> room.expectSubscribers(0))
			.withMessageContainingAll("expected beside this tester 0 subscribers, but there are 1",
					"Transcript of hub faults", "<-- \"a\"");
	}

	/** What comes may take its time, what does not come may not. */
	private static void patient(LiveClient<String, String> client, String message) {
		await(client);
		client.expect(message);
	}

	private static void await(LiveClient<String, String> client) {
		client.holds(() -> client.inbox().await(Duration.ofSeconds(45)));
	}

	private static ThrowableAssertAlternative<AssertionError> assertFailure(ThrowingCallable test) {
		return assertThatExceptionOfType(AssertionError.class).isThrownBy(test)
			.withMessageContaining("Transcript of a WebSocket at http://localhost:");
	}

}

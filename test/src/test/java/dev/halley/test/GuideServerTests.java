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

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

import dev.halley.test.AskController.Answer;
import dev.halley.test.AskController.Question;
import dev.halley.test.ChatApplication.Said;
import dev.halley.test.ChatApplication.Say;
import dev.halley.test.ChatApplication.Tick;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The examples of the guide to testing that need a server.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class GuideServerTests {

	@Autowired
	private LiveClients clients;

	@Test
	void talks() {
		LiveClient<Say, Said> ada = this.clients.webSocket("/rooms/2?name=Ada", Say.class, Said.class);
		ada.send(new Say("Anybody here?")).expect(new Said("Ada", "Anybody here?"));
		LiveClient<Say, Said> bob = this.clients.webSocket("/rooms/2?name=Bob", Say.class, Said.class);
		bob.send(new Say("Hello")).expect(new Said("Bob", "Hello"));
		ada.expect(new Said("Bob", "Hello"));
		bob.vanish();
		ada.expect(new Said("Bob", "Bye"));
		ada.send(new Say(" ")).expect(new Said("", "refused"));
	}

	@Test
	void refuses() {
		assertThat(this.clients.refusal("/rooms/1?name=root").status()).isEqualTo(403);
		HttpAnswer foreign = this.clients.withOrigin("https://example.org").refusal("/rooms/1?name=Ada");
		assertThat(foreign.status()).isEqualTo(403);
	}

	@Test
	void streams() {
		this.clients.events("/ticks", Tick.class)
			.expectMatch((event) -> "1".equals(event.id()) && event.data().number() == 1)
			.expectMatch((event) -> "tick".equals(event.event()))
			.expectClose(1000);
		this.clients.comet("/comet", Tick.class).expect(new CometCall<>("parent.tick", new Tick(1)));
	}

	@Test
	void survivesBadClients() {
		this.clients.webSocket("/echo").sendFrame(0x83, new byte[0]).expectClose(1002);
		this.clients.withoutCloseAnswer().webSocket("/bye").expect("Hello!").expectClose(4000);
		this.clients.webSocket("/flood").stall().vanish();
	}

	@Test
	void asks() {
		this.clients.withBody(new Question("why?"))
			.events("/asked", Answer.class)
			.expectMatch((event) -> event.data().part() == 1)
			.expectMatch((event) -> event.data().part() == 2)
			.expectClose(1000);
	}

	@Test
	void compresses() {
		LiveClient<String, String> client = this.clients.withCompression().webSocket("/echo");
		client.send("compress me ".repeat(100)).expect("compress me ".repeat(100));
		assertThat(client.transcript()).contains("1200 bytes go compressed, as ");
	}

}

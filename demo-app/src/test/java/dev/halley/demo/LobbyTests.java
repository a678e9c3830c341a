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

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

import dev.halley.test.LiveClient;
import dev.halley.test.LiveClients;

/**
 * Joining and leaving are two lines.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class LobbyTests {

	@Test
	void tellsWhoComesAndGoes(@Autowired LiveClients clients) {
		LiveClient<String, String> ann = clients.webSocket("/lobby?name=Ann").expect("Ann joined");
		LiveClient<String, String> bob = clients.webSocket("/lobby?name=Bob").expect("Bob joined");
		bob.send("Hello").expect("Bob: Hello").close();
		ann.expect("Bob joined").expect("Bob: Hello").expect("Bob left");
	}

}

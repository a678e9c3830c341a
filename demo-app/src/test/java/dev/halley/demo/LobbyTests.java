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

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Joining and leaving are two lines.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class LobbyTests {

	@LocalServerPort
	private int port;

	@Test
	void tellsWhoComesAndGoes() throws Exception {
		Visitor ann = enter("Ann");
		assertThat(ann.next()).isEqualTo("Ann joined");
		Visitor bob = enter("Bob");
		assertThat(bob.next()).isEqualTo("Bob joined");
		bob.socket.sendText("Hello", true).orTimeout(1, TimeUnit.MINUTES).join();
		assertThat(bob.next()).isEqualTo("Bob: Hello");
		bob.socket.sendClose(WebSocket.NORMAL_CLOSURE, "").orTimeout(1, TimeUnit.MINUTES).join();
		assertThat(ann.next()).isEqualTo("Bob joined");
		assertThat(ann.next()).isEqualTo("Bob: Hello");
		assertThat(ann.next()).isEqualTo("Bob left");
		ann.socket.abort();
	}

	private Visitor enter(String name) {
		Heard heard = new Heard(new LinkedBlockingQueue<>());
		WebSocket socket = HttpClient.newHttpClient()
			.newWebSocketBuilder()
			.buildAsync(URI.create("ws://localhost:" + this.port + "/lobby?name=" + name), heard)
			.orTimeout(1, TimeUnit.MINUTES)
			.join();
		return new Visitor(socket, heard);
	}

	private record Visitor(WebSocket socket, Heard heard) {

		String next() throws InterruptedException {
			return this.heard.texts.poll(20, TimeUnit.SECONDS);
		}

	}

	private record Heard(BlockingQueue<String> texts) implements WebSocket.Listener {

		@Override
		public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
			this.texts.add(text.toString());
			socket.request(1);
			return null;
		}

	}

}

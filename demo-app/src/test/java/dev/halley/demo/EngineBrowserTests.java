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

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.chrome.ChromeDriver;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Controller;
import org.springframework.test.context.TestPropertySource;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.socket.CloseStatus;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.WebSocketMapping;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A browser's WebSocket on both engines. It compresses what is worth it, since both agree
 * on that.
 */
class EngineBrowserTests {

	/** Answers with what the body, a function of an open socket, returns. */
	private static final String CONVERSATION = """
			const [ path, done ] = [ arguments[0], arguments[arguments.length - 1] ];
			const socket = new WebSocket(path);
			socket.binaryType = 'arraybuffer';
			const received = [];
			let notify = () => {};
			socket.onmessage = ({ data }) => { received.push(data); notify(); };
			const ended = new Promise((resolve) => socket.onclose =
					({ code, reason, wasClean }) => resolve(`${code} ${reason} ${wasClean}`));
			async function next() {
				while (received.length === 0) {
					await new Promise((resolve) => notify = resolve);
				}
				return received.shift();
			}
			const text = (size) => 'aä€😀'.repeat(size / 10) + 'x'.repeat(size % 10);
			socket.onopen = async () => {
				try {
					done(await (async () => { BODY })());
				}
				catch (error) {
					done(String(error));
				}
			};""";

	@TempDir
	private static Path profile;

	private static ChromeDriver browser;

	@BeforeAll
	static void open() {
		browser = Browser.start(profile);
		browser.manage().timeouts().scriptTimeout(Duration.ofSeconds(60));
	}

	@AfterAll
	static void close() {
		if (browser != null) {
			browser.quit();
		}
	}

	@Nested
	@TestPropertySource(properties = "halley.websocket.engine=native")
	class OnHalleysEngine extends Conversations {

	}

	@Nested
	@TestPropertySource(properties = "halley.websocket.engine=container")
	class OnTomcatsWebSocket extends Conversations {

	}

	@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
			properties = { "halley.websocket.max-message-size=2MB", "halley.security.token-subprotocol=bearer." })
	@Import(Endpoints.class)
	abstract static class Conversations {

		@LocalServerPort
		private int port;

		@Autowired
		private Endpoints endpoints;

		@BeforeEach
		void load() {
			browser.get("http://localhost:" + this.port + "/");
		}

		private Object converse(String path, String body) {
			return browser.executeAsyncScript(CONVERSATION.replace("BODY", body), path);
		}

		@Test
		void compressionIsAgreedOn() {
			assertThat(converse("/echo", "return socket.extensions;")).asString().startsWith("permessage-deflate");
		}

		@Test
		void messagesOfAllSizesComeBack() {
			assertThat(converse("/echo", """
					const wrong = [];
					for (const size of [ 0, 1, 125, 126, 1023, 1024, 65535, 65536, 1 << 20 ]) {
						socket.send(text(size));
						if (await next() !== text(size)) {
							wrong.push(`text ${size}`);
						}
						const bytes = new Uint8Array(size);
						for (let i = 0; i < size; i += 65536) {
							crypto.getRandomValues(bytes.subarray(i, i + 65536));
						}
						socket.send(bytes);
						const answer = new Uint8Array(await next());
						if (answer.length !== size || answer.some((byte, i) => byte !== bytes[i])) {
							wrong.push(`binary ${size}`);
						}
					}
					return wrong;""")).isEqualTo(List.of());
		}

		@Test
		void manyMessagesComeBackInOrder() {
			assertThat(converse("/echo", """
					for (let i = 0; i < 1000; i++) {
						socket.send(i + text(3 * i));
					}
					let right = 0;
					while (right < 1000 && await next() === right + text(3 * right)) {
						right++;
					}
					return right;""")).isEqualTo(1000L);
		}

		@Test
		void theServersCodeAndReasonReachTheBrowser() {
			assertThat(converse("/test/farewell", "return await ended;")).isEqualTo("4001 bis später ✓ true");
		}

		@Test
		void theBrowsersCodeAndReasonReachTheServer() {
			assertThat(converse("/test/ends", "socket.close(4002, 'à bientôt'); return await ended;")).asString()
				.startsWith("4002 ")
				.endsWith(" true");
			Awaitility.await().until(() -> this.endpoints.ends.contains(new CloseStatus(4002, "à bientôt")));
		}

		@Test
		void aTokenComesAsASubprotocol() {
			assertThat(offer("chat", "bearer.a-token")).isEqualTo("chat Bearer a-token");
		}

		/** Browsers want one of those that they have offered. */
		@Test
		void aTokenAloneIsNotEnough() {
			assertThat(offer("bearer.a-token")).isEqualTo("closed 1006");
		}

		private Object offer(String... subprotocols) {
			return browser.executeAsyncScript("""
					const [ protocols, done ] = arguments;
					const socket = new WebSocket('/test/token', protocols);
					socket.onmessage = ({ data }) => done(`${socket.protocol} ${data}`);
					socket.onclose = ({ code }) => done(`closed ${code}`);""", List.of(subprotocols));
		}

	}

	@TestConfiguration(proxyBeanMethods = false)
	@Controller
	static class Endpoints {

		private final List<CloseStatus> ends = new CopyOnWriteArrayList<>();

		@WebSocketMapping("/test/farewell")
		InOut<String, String> farewell() {
			return InOut.of(In.ignore(), Out.<String>close(new CloseStatus(4001, "bis später ✓")));
		}

		@WebSocketMapping("/test/ends")
		InOut<String, String> ends() {
			return InOut.of(In.<String>ignore().whenDone(this.ends::add), Out.never());
		}

		@WebSocketMapping(path = "/test/token", subprotocols = "chat")
		Out<String> token(@RequestHeader("Authorization") String authorization) {
			return Out.of(authorization).andThen(Out.never());
		}

	}

}

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

package dev.halley.boot.cases;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.halley.boot.TestKeys;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application behind a context path, a servlet path, a proxy and TLS.
 */
abstract class ElsewhereTests extends CaseTests {

	private static final String[] ELSEWHERE = { "server.servlet.context-path=/context",
			"spring.mvc.servlet.path=/servlet", "server.forward-headers-strategy=native",
			"server.tomcat.remoteip.internal-proxies=.*" };

	private static String[] properties = {};

	private static @Nullable Application application;

	private static @Nullable SSLContext ssl;

	@BeforeAll
	static void makeKeys(@TempDir Path directory) throws Exception {
		TestKeys keys = TestKeys.create(directory);
		ssl = keys.trusting();
		properties = Stream.of(keys.properties(), ELSEWHERE).flatMap(Arrays::stream).toArray(String[]::new);
	}

	@AfterAll
	static void stop() {
		if (application != null) {
			application.close();
		}
		application = null;
	}

	@Override
	Application application() {
		if (application == null) {
			application = Application.start(server(), Profile.CALM, properties);
		}
		return application;
	}

	private Peer connectOverTls(String path, Frame... frames) throws Exception {
		return send(request("/context/servlet" + path), frames);
	}

	private Peer send(Request request, Frame... frames) throws Exception {
		return request.send(ssl.getSocketFactory().createSocket("localhost", application().port()), frames);
	}

	@Test
	void framesInTheSegmentOfTheHandshakeAreNotLost() throws Exception {
		try (Peer peer = connectOverTls("/echo", Frame.text("one"), Frame.text("two"))) {
			assertThat(List.of(peer.next(), peer.next())).containsExactly("text one", "text two");
			peer.send(Frame.close(1000, ""));
			assertThat(peer.next()).isEqualTo("close 1000");
			assertThat(run().done()).isEqualTo(1000);
		}
	}

	@Test
	void manyMessagesComeBackInOrder() throws Exception {
		byte[] all = Frame.masked(IntStream.range(0, 5000).mapToObj((i) -> Frame.text("m" + i)).toArray(Frame[]::new));
		try (Peer peer = connectOverTls("/flow")) {
			CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
				try {
					peer.send(all);
				}
				catch (IOException ex) {
					throw new IllegalStateException(ex);
				}
			}, (task) -> new Thread(task).start());
			for (int i = 0; i < 5000; i++) {
				assertThat(peer.next()).isEqualTo("text m" + i);
			}
			sending.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
			peer.send(Frame.close(1000, ""));
			assertThat(peer.next()).isEqualTo("close 1000");
		}
	}

	@Test
	void largeMessagesPassAndTooLargeOnesDoNot() throws Exception {
		try (Peer peer = connectOverTls("/flow")) {
			String large = "x".repeat(65_536);
			assertThat(peer.say(large).next()).isEqualTo("text " + large);
			peer.say(large + "x").answerClose("close 1009 message too big");
			assertThat(peer.next()).isEqualTo("end");
		}
	}

	@Test
	void messagesWaitUntilTheHandlerHasCompleted() throws Exception {
		try (Peer peer = connectOverTls("/handler/never-completes")) {
			peer.send(IntStream.range(0, 1000).mapToObj((i) -> Frame.text("m" + i)).toArray(Frame[]::new));
			assertThat(run().next()).isEqualTo("m0");
			assertThat(run().hasHeardNothing()).isTrue();
			run().release();
			for (int i = 1; i < 1000; i++) {
				assertThat(run().next()).isEqualTo("m" + i);
			}
			peer.send(Frame.close(1000, ""));
			assertThat(peer.next()).isEqualTo("close 1000");
		}
	}

	@Test
	void aPeerThatVanishesIsNoticed() throws Exception {
		connectOverTls("/collect").vanish();
		assertThat(run().done()).isEqualTo(1006);
	}

	@Test
	void theOriginIsComparedWithWhatTheProxyTells() throws Exception {
		try (Peer peer = send(request("/context/servlet/where").header("X-Forwarded-Host", "chat.example.org")
			.header("X-Forwarded-Proto", "https")
			.header("X-Forwarded-Port", "443")
			.header("X-Forwarded-For", "192.0.2.1")
			.header("Origin", "https://chat.example.org"), Frame.close(1000, ""))) {
			assertThat(peer.status()).isEqualTo(101);
			assertThat(peer.next()).isEqualTo("text https chat.example.org 192.0.2.1");
			assertThat(peer.next()).isEqualTo("close 1000");
		}
	}

	@Test
	void anotherOriginIsRefused() throws Exception {
		try (Peer peer = send(request("/context/servlet/where").header("X-Forwarded-Host", "chat.example.org")
			.header("X-Forwarded-Proto", "https")
			.header("X-Forwarded-Port", "443")
			.header("Origin", "https://localhost:" + application().port()))) {
			assertThat(peer.status()).isEqualTo(403);
		}
	}

	@Test
	void pathsWithoutTheContextAreNone() throws Exception {
		try (Peer peer = send(request("/collect"))) {
			assertThat(peer.status()).isEqualTo(404);
		}
		try (Peer peer = send(request("/context/collect"))) {
			assertThat(peer.status()).isEqualTo(404);
		}
	}

}

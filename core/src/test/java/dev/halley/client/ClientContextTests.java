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

package dev.halley.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.web.socket.CloseStatus;

import dev.halley.CarriedUser;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the thread that opens a WebSocket has, on those that work for it.
 */
class ClientContextTests {

	private static final ThreadLocal<String> USER = CarriedUser.NAME;

	private final BlockingQueue<String> states = new LinkedBlockingQueue<>();

	private final BlockingQueue<String> suppliers = new LinkedBlockingQueue<>();

	private final HalleyClient client = HalleyClient.builder()
		.contexts(() -> new CarriedUser(USER.get()))
		.connectStrategy((inARow, asked) -> Duration.ZERO)
		.headers((headers) -> headers.set("X-Client", user()))
		.build();

	@BeforeEach
	void logIn() {
		USER.set("Ada");
	}

	@AfterEach
	void close() {
		USER.remove();
		this.client.close();
	}

	private static String user() {
		return String.valueOf(USER.get());
	}

	private static RawServer.Script closing(int code) {
		return (peer) -> {
			peer.accept();
			peer.close(code);
			peer.drain();
		};
	}

	private CompletableFuture<HttpHeaders> later() {
		this.suppliers.add(user());
		HttpHeaders headers = new HttpHeaders();
		headers.set("X-Later", user());
		return CompletableFuture.completedFuture(headers);
	}

	@Test
	void headersListenersAndSuppliersOfPairsFindItInEachAttempt() throws Exception {
		try (RawServer server = RawServer.start(closing(1012), closing(1000))) {
			CloseStatus last = this.client.webSocket(server.ws())
				.headers((headers) -> headers.set("X-User", user()))
				.headersLater(this::later)
				.onState((state) -> this.states.add(user()))
				.connect(() -> {
					this.suppliers.add(user());
					return InOut.of(In.ignore(), Out.<String>never());
				})
				.done()
				.toCompletableFuture()
				.get(30, TimeUnit.SECONDS);
			assertThat(last.getCode()).isEqualTo(1000);
			assertThat(List.of("X-Client", "X-User", "X-Later"))
				.allSatisfy((name) -> assertThat(server.peers()).extracting((peer) -> peer.header(name))
					.containsExactly("Ada", "Ada"));
			assertThat(this.suppliers).containsExactly("Ada", "Ada", "Ada", "Ada");
			Awaitility.await().until(() -> this.states.size() == 6);
			assertThat(this.states).containsOnly("Ada");
		}
	}

}

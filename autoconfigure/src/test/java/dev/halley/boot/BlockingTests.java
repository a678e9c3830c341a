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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

import dev.halley.Blocker;
import dev.halley.Hubs;
import dev.halley.connection.Connection;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.web.RawStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * What must go on, on all wires, while the application's code about the ends of more than
 * a hundred connections blocks: more than there are threads at work.
 */
class BlockingTests {

	private static final List<String> KINDS = List.of("/blocking/cancel", "/blocking/cleanup", "/blocking/on-end",
			"/blocking/when-done");

	/** What a client accepts tells the wire. */
	private static final List<String> STREAMS = List.of("text/html", "text/event-stream");

	private static final int EACH = 25;

	private static final int STREAMS_EACH = 5;

	private final List<RawClient> mutes = new ArrayList<>();

	private final List<RawStream> streams = new ArrayList<>();

	private ServletWebServerApplicationContext context;

	private Blocker blocker;

	@AfterEach
	void stop() throws IOException {
		this.blocker.close();
		this.context.close();
		for (RawClient mute : this.mutes) {
			mute.close();
		}
		leaveStreams();
	}

	private void start(Server server) {
		this.context = server.start(BlockingApplication.class, "halley.shutdown.timeout=2s",
				"halley.websocket.ping-interval=1s", "halley.websocket.pong-timeout=1s", "halley.comet.heartbeat=1s",
				"halley.sse.heartbeat=1s", "halley.limits.per-address=1000");
		this.blocker = this.context.getBean(Blocker.class);
	}

	private RawClient mute(String path) throws IOException {
		RawClient mute = new RawClient(Server.port(this.context));
		this.mutes.add(mute);
		assertThat(mute.handshake(path)).startsWith("HTTP/1.1 101");
		return mute;
	}

	private TestClient connect(String path) {
		return TestClient.connect(Server.url(this.context, path));
	}

	private void openStreams(int each, List<String> paths) throws IOException {
		for (String accept : STREAMS) {
			for (String path : paths) {
				for (int i = 0; i < each; i++) {
					this.streams.add(RawStream.get(Server.port(this.context), path, "Accept: " + accept));
				}
			}
		}
	}

	private void leaveStreams() throws IOException {
		for (RawStream stream : this.streams) {
			stream.close();
		}
		this.streams.clear();
	}

	/** Their clients leave without a word. */
	private int blockStreams() throws IOException {
		openStreams(STREAMS_EACH, KINDS);
		int opened = this.streams.size();
		awaitOpen(opened);
		leaveStreams();
		return opened;
	}

	private void awaitOpen(int connections) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> registry().all().stream().filter(Connection::isOpen).count() == connections);
	}

	private void openAll(Server server) throws IOException {
		for (int i = 0; i < EACH; i++) {
			for (String kind : KINDS) {
				mute(kind);
			}
			if (server == Server.TOMCAT_NATIVE) {
				mute("/handler");
			}
		}
	}

	/** None answers a ping. */
	private void blockAll(Server server) throws IOException {
		start(server);
		int left = blockStreams();
		openAll(server);
		int all = this.mutes.size() + left;
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> this.blocker.blocked() == all);
		Awaitility.await().until(() -> registry().size() == 0 && registry().reserved() == 0);
	}

	private ConnectionRegistry registry() {
		return this.context.getBean(ConnectionRegistry.class);
	}

	@ParameterizedTest
	@EnumSource
	void aStreamOfManyMessagesIsCompleted(Server server) throws Exception {
		blockAll(server);
		TestClient client = connect("/numbers");
		for (int i = 0; i < 100_000; i++) {
			assertThat(client.next()).isEqualTo(String.valueOf(i));
		}
	}

	@ParameterizedTest
	@EnumSource
	void moreDeadPeersAreFound(Server server) throws Exception {
		blockAll(server);
		openStreams(STREAMS_EACH, List.of("/room"));
		for (int i = 0; i < EACH; i++) {
			mute("/room");
		}
		Awaitility.await().until(() -> registry().size() == EACH + this.streams.size());
		leaveStreams();
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> registry().size() == 0);
	}

	@ParameterizedTest
	@EnumSource
	void publishingGoesOn(Server server) throws Exception {
		blockAll(server);
		TestClient client = connect("/room");
		openStreams(1, List.of("/room"));
		awaitOpen(1 + this.streams.size());
		CompletableFuture
			.runAsync(() -> this.context.getBean(Hubs.class).hub("room", String.class).publish("on and on"))
			.get(30, TimeUnit.SECONDS);
		assertThat(client.next()).isEqualTo("on and on");
		for (RawStream stream : this.streams) {
			assertThat(stream.until("on and on")).contains("on and on");
		}
	}

	/** Those who have blocked before, and those who do so when they are told. */
	@ParameterizedTest
	@EnumSource
	void aShutdownTellsAllOthersAndKeepsItsTime(Server server) throws Exception {
		blockAll(server);
		List<TestClient> clients = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			clients.add(connect(KINDS.get(i % KINDS.size())));
			clients.add(connect("/room"));
		}
		openStreams(1, KINDS);
		openStreams(1, List.of("/room"));
		awaitOpen(clients.size() + this.streams.size());
		Server.close(this.context).get(60, TimeUnit.SECONDS);
		for (TestClient client : clients) {
			assertThat(client.next()).isEqualTo("closed 1001");
		}
		for (RawStream stream : this.streams) {
			assertThatNoException().as("the end is in good order").isThrownBy(stream::chunks);
		}
		assertThat(this.context.isActive()).isFalse();
	}

}

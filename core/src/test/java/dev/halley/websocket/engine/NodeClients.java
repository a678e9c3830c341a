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

package dev.halley.websocket.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Assumptions;
import org.springframework.web.socket.CloseStatus;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Clients of Node.js, all in one process, which ends with this one. Each line that goes
 * in and comes out of it is an array: the number of a client, and what it shall do or
 * what it has received.
 */
final class NodeClients {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private static NodeClients running;

	private final Map<Integer, NodeClient> clients = new ConcurrentHashMap<>();

	private final AtomicInteger last = new AtomicInteger();

	private final PrintStream input;

	private final int version;

	private NodeClients(Process process, int version) {
		this.version = version;
		this.input = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
		Thread reader = new Thread(() -> read(process), "node");
		reader.setDaemon(true);
		reader.start();
	}

	/**
	 * Connects, or lets the test be skipped where there is no Node.js.
	 * @param module the module that has the client
	 * @param url where to
	 * @param compression whether to offer compression, or with what parameters
	 */
	static TestClient connect(String module, String url, Object compression) throws Exception {
		NodeClients clients = running();
		Assumptions.assumeTrue(clients.version >= 20 || !module.equals("undici"), "undici needs Node.js 20");
		NodeClient client = clients.client();
		client.tell(module, url, compression);
		client.open.get(60, TimeUnit.SECONDS);
		return client;
	}

	private static synchronized NodeClients running() throws IOException {
		if (running == null) {
			Path node = NodeModules.node();
			Path script = NodeModules.unpack("node-clients.cjs", "ws", "undici");
			running = new NodeClients(new ProcessBuilder(node.toString(), script.toString())
				.redirectError(ProcessBuilder.Redirect.INHERIT)
				.start(), NodeModules.version(node));
		}
		return running;
	}

	private NodeClient client() {
		int id = this.last.incrementAndGet();
		NodeClient client = new NodeClient(id);
		this.clients.put(id, client);
		return client;
	}

	private void read(Process process) {
		try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
			for (String line = reader.readLine(); line != null; line = reader.readLine()) {
				JsonNode event = JSON.readTree(line);
				NodeClient client = this.clients.get(event.get(0).asInt());
				if (client != null) {
					client.happened(event.get(1).asString(), event.get(2).asString());
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private final class NodeClient extends TestClient {

		private final CompletableFuture<Void> open = new CompletableFuture<>();

		private final int id;

		NodeClient(int id) {
			this.id = id;
		}

		void tell(Object... what) {
			List<Object> line = new ArrayList<>(List.of(this.id));
			line.addAll(List.of(what));
			NodeClients.this.input.println(JSON.writeValueAsString(line));
		}

		void happened(String event, String value) {
			if (event.equals("open")) {
				opened(value);
				this.open.complete(null);
			}
			else {
				this.open.completeExceptionally(new IllegalStateException(value));
				receive(value);
			}
		}

		@Override
		void send(String message) {
			tell("text", message);
		}

		@Override
		void send(byte[] message) {
			tell("binary", Base64.getEncoder().encodeToString(message));
		}

		@Override
		void send(String... fragments) {
			tell("fragments", fragments);
		}

		@Override
		void ping(String payload) {
			tell("ping", payload);
		}

		@Override
		void close(CloseStatus status) {
			tell("close", status.getCode(), (status.getReason() != null) ? status.getReason() : "");
		}

		@Override
		public void close() {
			NodeClients.this.clients.remove(this.id);
			tell("end");
		}

	}

}

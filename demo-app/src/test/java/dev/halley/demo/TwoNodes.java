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

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;

import dev.halley.redis.RedisProcess;

/**
 * The demo as two processes, with hubs that a Redis of their own carries from one to the
 * other. They run with what the demo has at run time, and nothing of the tests.
 */
public final class TwoNodes implements AutoCloseable {

	private final RedisProcess redis = RedisProcess.start(RedisProcess.REDIS_6);

	private final List<Node> nodes = new ArrayList<>();

	private TwoNodes() {
		Runtime.getRuntime().addShutdownHook(new Thread(this::close));
	}

	static TwoNodes start(int firstPort, int secondPort) {
		TwoNodes both = new TwoNodes();
		both.nodes.add(new Node(firstPort, both.redis.port()));
		both.nodes.add(new Node(secondPort, both.redis.port()));
		both.nodes.forEach(Node::awaitStarted);
		return both;
	}

	/**
	 * Runs them until the process is ended.
	 * @param arguments two ports, or none for 8080 and 8081
	 */
	public static void main(String[] arguments) throws InterruptedException {
		int first = (arguments.length > 0) ? Integer.parseInt(arguments[0]) : 8080;
		int second = (arguments.length > 1) ? Integer.parseInt(arguments[1]) : first + 1;
		try (TwoNodes both = start(first, second)) {
			for (Node node : both.nodes) {
				System.out.println("Process " + node.process.pid() + " is at " + node.uri() + "/#rooms");
			}
			new CountDownLatch(1).await();
		}
	}

	/** The demo's classes, and the dependencies that the build has written down. */
	static String runTimeClassPath() {
		try {
			Path classes = Path.of(DemoApplication.class.getProtectionDomain().getCodeSource().getLocation().toURI());
			return classes + File.pathSeparator
					+ Files.readString(classes.resolveSibling("runtime-class-path")).strip();
		}
		catch (IOException | URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

	Node node(int index) {
		return this.nodes.get(index);
	}

	RedisProcess redis() {
		return this.redis;
	}

	@Override
	public void close() {
		this.nodes.forEach(Node::kill);
		this.redis.close();
	}

	/**
	 * One process.
	 */
	static final class Node {

		private final int port;

		private final int redisPort;

		private Process process;

		Node(int port, int redisPort) {
			this.port = port;
			this.redisPort = redisPort;
			this.process = run();
		}

		private Process run() {
			try {
				return new ProcessBuilder(
						System.getProperty("java.home") + File.separator + "bin" + File.separator + "java", "-cp",
						runTimeClassPath(), DemoApplication.class.getName(), "--server.port=" + this.port,
						"--halley.hub.broker=redis", "--spring.data.redis.host=127.0.0.1",
						"--spring.data.redis.port=" + this.redisPort)
					.inheritIO()
					.start();
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		}

		URI uri() {
			return URI.create("http://localhost:" + this.port);
		}

		void awaitStarted() {
			Awaitility.await("start of " + uri())
				.atMost(Duration.ofMinutes(2))
				.pollInterval(Duration.ofMillis(100))
				.until(() -> !this.process.isAlive() || isServing());
			if (!this.process.isAlive()) {
				throw new IllegalStateException(uri() + " has ended with " + this.process.exitValue());
			}
		}

		private boolean isServing() {
			HttpRequest request = HttpRequest.newBuilder(uri().resolve("/node"))
				.timeout(Duration.ofSeconds(30))
				.build();
			try {
				return HttpClient.newHttpClient()
					.send(request, HttpResponse.BodyHandlers.ofString())
					.body()
					.equals(String.valueOf(this.port));
			}
			catch (IOException ex) {
				return false;
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

		/** As {@code kill -9} does. */
		void kill() {
			this.process.destroyForcibly();
			try {
				if (!this.process.waitFor(30, TimeUnit.SECONDS)) {
					throw new IllegalStateException(uri() + " does not end");
				}
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

		void startAgain() {
			this.process = run();
			awaitStarted();
		}

	}

}

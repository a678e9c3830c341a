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

package dev.halley.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.springframework.util.FileSystemUtils;

/**
 * A real server, in a process of its own, on a port of its own, that writes all down as
 * it comes.
 */
public final class RedisProcess implements AutoCloseable {

	/** Of embedded-redis by codemonstur. */
	public static final String REDIS_6 = "6.2";

	/** Of embedded-redis by Signal. */
	public static final String REDIS_7 = "7.0";

	private static final Map<String, String> BINARIES = Map.of("6.2 linux amd64", "redis-server-6.2.6-v5-linux-amd64",
			"6.2 linux aarch64", "redis-server-6.2.7-linux-arm64", "6.2 mac x86_64",
			"redis-server-6.2.6-v5-darwin-amd64", "6.2 mac aarch64", "redis-server-6.2.6-v5-darwin-arm64",
			"7.0 linux amd64", "redis-server-7.0.15-linux-amd64", "7.0 linux aarch64",
			"redis-server-7.0.15-linux-arm64", "7.0 mac x86_64", "redis-server-7.0.15-darwin-amd64", "7.0 mac aarch64",
			"redis-server-7.0.15-darwin-arm64");

	private static final Map<String, Path> EXTRACTED = new ConcurrentHashMap<>();

	private final String version;

	private final List<String> options;

	private final Path directory;

	private final int port;

	private Process process;

	private RedisProcess(String version, List<String> options) {
		this.version = version;
		this.options = options;
		this.port = freePort();
		try {
			this.directory = Files.createTempDirectory("halley-redis-");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.process = run();
	}

	public static RedisProcess start(String version, String... options) {
		return new RedisProcess(version, List.of(options));
	}

	/** One after the other. Whoever takes them closes them. */
	static Stream<RedisProcess> ofEachVersion() {
		return Stream.of(REDIS_6, REDIS_7).map(RedisProcess::start);
	}

	/** One whose port for the bus of a cluster is a port too. */
	private static int freePort() {
		for (int i = 0; i < 1000; i++) {
			try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
				if (socket.getLocalPort() < 50_000) {
					return socket.getLocalPort();
				}
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		throw new IllegalStateException("No free port");
	}

	private static Path executable(String version) {
		String os = System.getProperty("os.name").toLowerCase(Locale.ROOT).split(" ")[0];
		String key = version + " " + os + " " + System.getProperty("os.arch");
		return EXTRACTED.computeIfAbsent(key, (name) -> extract(BINARIES.get(name), name));
	}

	private static Path extract(String resource, String platform) {
		try (InputStream binary = RedisProcess.class.getResourceAsStream("/" + resource)) {
			if (binary == null) {
				throw new IllegalStateException("There is no Redis for " + platform);
			}
			Path file = Files.createTempFile("halley-redis-server-", "");
			Files.write(file, binary.readAllBytes());
			file.toFile().setExecutable(true);
			file.toFile().deleteOnExit();
			return file;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Process run() {
		List<String> command = new ArrayList<>(List.of(executable(this.version).toString()));
		// What watches other servers keeps what it knows in a file
		Path configuration = this.directory.resolve("sentinel.conf");
		if (this.options.contains("--sentinel")) {
			write(configuration, String.join("\n", this.options.subList(1, this.options.size())) + "\n");
			command.addAll(List.of(configuration.toString(), "--sentinel", "--port", "" + this.port, "--dir",
					this.directory.toString()));
			return run(command);
		}
		command.addAll(List.of("--port", "" + this.port, "--bind", "127.0.0.1", "--dir", this.directory.toString(),
				"--save", "", "--appendonly", "yes", "--appendfsync", "always", "--daemonize", "no"));
		command.addAll(this.options);
		return run(command);
	}

	private static void write(Path file, String text) {
		try {
			Files.writeString(file, text);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Process run(List<String> command) {
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(this.directory.resolve("log").toFile())
				.start();
			Awaitility.await()
				.atMost(Duration.ofSeconds(30))
				.pollInterval(Duration.ofMillis(20))
				.until(() -> !process.isAlive() || answers());
			if (!process.isAlive()) {
				throw new IllegalStateException("Redis ended: " + Files.readString(this.directory.resolve("log")));
			}
			return process;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private boolean answers() {
		String answer = command("PING");
		return answer.startsWith("+PONG") || answer.startsWith("-NOAUTH");
	}

	/**
	 * Sends one command on a connection of its own, and returns how the answer begins.
	 */
	public String command(String command) {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port), 1000);
			socket.setSoTimeout(5000);
			socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
			byte[] answer = new byte[65536];
			int read = socket.getInputStream().read(answer);
			return new String(answer, 0, Math.max(0, read), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			return "";
		}
	}

	public int port() {
		return this.port;
	}

	/** Kills it, as {@code kill -9} does. */
	public void kill() {
		this.process.destroyForcibly();
		try {
			if (!this.process.waitFor(30, TimeUnit.SECONDS)) {
				throw new IllegalStateException("Redis does not end");
			}
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Starts it again, on the same port. */
	public void startAgain(boolean withData) {
		if (!withData) {
			FileSystemUtils.deleteRecursively(this.directory.toFile());
			this.directory.toFile().mkdirs();
		}
		this.process = run();
	}

	/** Lets it stand still, and go on. */
	void pause(boolean paused) {
		try {
			new ProcessBuilder("kill", paused ? "-STOP" : "-CONT", "" + this.process.pid()).start()
				.waitFor(10, TimeUnit.SECONDS);
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public String toString() {
		return "Redis " + this.version;
	}

	@Override
	public void close() {
		kill();
		FileSystemUtils.deleteRecursively(this.directory.toFile());
	}

}

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

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;
import reactor.core.publisher.Flux;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import dev.halley.InOut;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.connection.ConnectionSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Autobahn's original suite on both engines: all cases of its groups 1 to 10, each with
 * what it is about and with how its connection ends. The suite is Python, and is run by
 * Jython in processes of their own. Left out with {@code -Dautobahn.skip}.
 */
@Tag("autobahn")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class AutobahnTests {

	private static final int CASES = 301;

	/** Group 9 sends messages of 16 MB. */
	private static final int LIMIT = 17 << 20;

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	/** It takes three to six minutes. */
	private static final Duration ENOUGH = Duration.ofMinutes(18);

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private static final Map<Engine, EngineServer> SERVERS = new EnumMap<>(Engine.class);

	private static final Map<Engine, Process> SUITES = new EnumMap<>(Engine.class);

	@TempDir
	private static Path directory;

	@BeforeAll
	static void start() throws Exception {
		for (Engine engine : Engine.values()) {
			SERVERS.put(engine, server(engine));
			SUITES.put(engine, suite(engine, SERVERS.get(engine)));
		}
	}

	private static EngineServer server(Engine engine) {
		return EngineServer.on(engine)
			.compression(new EngineSettings(ConnectionSettings.DEFAULT, true, 0))
			.settings(ConnectionSettings.DEFAULT.withMaxMessageSize(LIMIT).withPingInterval(Duration.ofHours(1)))
			.timeouts(PATIENCE, PATIENCE)
			.start(Echo.class);
	}

	private static Process suite(Engine engine, EngineServer server) throws Exception {
		Path specification = directory.resolve(engine + ".json");
		Map<String, ?> options = Map.of("failByDrop", false, "openHandshakeTimeout", PATIENCE.toSeconds(),
				"closeHandshakeTimeout", PATIENCE.toSeconds(), "serverConnectionDropTimeout", PATIENCE.toSeconds());
		JSON.writeValue(specification.toFile(),
				Map.of("servers", List.of(Map.of("agent", engine.name(), "url", server.url("/"))), "cases",
						List.of("*"), "options", options, "outdir", report(engine).toString()));
		String script = Path.of(AutobahnTests.class.getResource("autobahn-suite.py").toURI()).toString();
		String classPath = jar("org.python.util.jython") + File.pathSeparator
				+ jar("me.normanmaurer.maven.autobahntestsuite.AutobahnTestSuite");
		return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g", "-cp",
				classPath, "-Dpython.cachedir.skip=true", "org.python.util.jython", "-B", script,
				specification.toString())
			.redirectErrorStream(true)
			.redirectOutput(log(engine).toFile())
			.start();
	}

	private static String jar(String type) throws ClassNotFoundException, URISyntaxException {
		Class<?> loaded = Class.forName(type, false, AutobahnTests.class.getClassLoader());
		return Path.of(loaded.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
	}

	private static Path report(Engine engine) {
		return directory.resolve(engine + "-report");
	}

	private static Path log(Engine engine) {
		return directory.resolve(engine + ".log");
	}

	@AfterAll
	static void stop() {
		SUITES.values().forEach(Process::destroyForcibly);
		SERVERS.values().forEach(EngineServer::close);
	}

	@ParameterizedTest
	@EnumSource
	void everyCaseIsOkStrictlyAndSoIsItsClose(Engine engine) throws Exception {
		Process suite = SUITES.get(engine);
		assertThat(suite.waitFor(ENOUGH.toSeconds(), TimeUnit.SECONDS)).as(() -> whereItStands(engine)).isTrue();
		assertThat(suite.exitValue()).as(() -> read(log(engine))).isZero();
		Map<String, Outcome> outcomes = JSON.readValue(report(engine).resolve("index.json").toFile(),
				new TypeReference<Map<String, Map<String, Outcome>>>() {
				})
			.get(engine.name());
		assertThat(outcomes).hasSize(CASES);
		Map<String, String> others = new TreeMap<>();
		outcomes.forEach((id, outcome) -> {
			if (!outcome.isOk()) {
				others.put(id, outcome.behavior() + ", close: " + outcome.behaviorClose());
			}
		});
		// What RFC 6455 leaves open: data behind a Close, and codes that nobody has
		// registered
		assertThat(others).isEqualTo(Map.of("7.1.6", Outcome.INFORMATIONAL, "7.13.1", Outcome.INFORMATIONAL, "7.13.2",
				Outcome.INFORMATIONAL));
	}

	/** Of a suite that does not end: its last case, its threads, and the server's. */
	private static String whereItStands(Engine engine) {
		List<String> cases = read(log(engine)).lines().toList();
		Process suite = SUITES.get(engine);
		return engine + " has not ended after " + ENOUGH + ": "
				+ (cases.isEmpty() ? "no case was begun" : cases.get(cases.size() - 1))
				+ (suite.isAlive() ? "" : "(has died)") + "\nThe suite's threads:\n" + threads(suite.pid())
				+ "\nThe server's threads:\n" + threads(ProcessHandle.current().pid());
	}

	private static String threads(long process) {
		Path file = directory.resolve("threads-" + process + ".txt");
		try {
			new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jstack").toString(),
					String.valueOf(process))
				.redirectErrorStream(true)
				.redirectOutput(file.toFile())
				.start()
				.waitFor(30, TimeUnit.SECONDS);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return read(file);
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** How a case ended. */
	record Outcome(String behavior, String behaviorClose, Integer remoteCloseCode, long duration, String reportfile) {

		static final String INFORMATIONAL = "INFORMATIONAL, close: INFORMATIONAL";

		boolean isOk() {
			return this.behavior.equals("OK") && this.behaviorClose.equals("OK");
		}

	}

	@Controller
	static class Echo {

		@WebSocketMapping(path = "/")
		InOut<WebSocketMessage<?>, WebSocketMessage<?>> echo() {
			return InOut.flow((messages) -> Flux.from(messages)
				.filter((message) -> message instanceof TextMessage || message instanceof BinaryMessage));
		}

	}

}

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

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplicationAotProcessor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The demo as it is processed ahead of time, and then run in a process of its own with
 * what that has generated.
 */
@Timeout(120)
class AheadOfTimeTests {

	private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

	private static final Pattern STARTED = Pattern.compile("Tomcat started on port (\\d+)");

	private static final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

	private static Process application;

	private static int port;

	@TempDir
	static Path directory;

	@BeforeAll
	static void processAndStart() throws Exception {
		Path sources = directory.resolve("sources");
		Path resources = directory.resolve("resources");
		Path classes = directory.resolve("classes");
		String classPath = TwoNodes.runTimeClassPath();
		Path output = directory.resolve("output");
		Process processing = builder(classPath, SpringApplicationAotProcessor.class.getName(),
				DemoApplication.class.getName(), sources.toString(), resources.toString(), classes.toString(),
				"dev.halley", "halley-demo-app")
			.redirectOutput(output.toFile())
			.start();
		assertThat(processing.waitFor(120, TimeUnit.SECONDS)).isTrue();
		assertThat(processing.exitValue()).as(Files.readString(output)).isZero();
		compile(sources, classes, classPath);
		application = builder(String.join(File.pathSeparator, classes.toString(), resources.toString(), classPath),
				"-Dspring.aot.enabled=true", DemoApplication.class.getName(), "--server.port=0",
				"--halley.sse.heartbeat=1s", "--halley.comet.heartbeat=1s")
			.start();
		port = awaitPort();
	}

	@AfterAll
	static void stop() throws InterruptedException {
		if (application != null) {
			application.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
		}
	}

	private static ProcessBuilder builder(String classPath, String... arguments) {
		List<String> command = new ArrayList<>(List.of(JAVA, "-cp", classPath));
		command.addAll(List.of(arguments));
		return new ProcessBuilder(command).redirectErrorStream(true);
	}

	private static void compile(Path sources, Path classes, String classPath) throws IOException {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
				Stream<Path> found = Files.walk(sources)) {
			List<Path> generated = found.filter((file) -> file.toString().endsWith(".java")).toList();
			assertThat(generated).isNotEmpty();
			assertThat(
					compiler
						.getTask(null, files, null,
								List.of("-proc:none", "-nowarn", "-cp", classes + File.pathSeparator + classPath, "-d",
										Files.createDirectories(classes).toString()),
								null, files.getJavaFileObjectsFromPaths(generated))
						.call())
				.isTrue();
		}
	}

	/** All that it prints is read, so that it never waits for that. */
	private static int awaitPort() throws InterruptedException {
		BufferedReader output = application.inputReader(StandardCharsets.UTF_8);
		Thread reader = new Thread(() -> output.lines().forEach(lines::add), "output");
		reader.setDaemon(true);
		reader.start();
		List<String> seen = new ArrayList<>();
		String line;
		do {
			line = lines.poll(60, TimeUnit.SECONDS);
			assertThat(line).as("a port in " + seen).isNotNull();
			seen.add(line);
		}
		while (!STARTED.matcher(line).find());
		assertThat(seen).anyMatch((each) -> each.contains("Starting AOT-processed DemoApplication"));
		Matcher started = STARTED.matcher(line);
		assertThat(started.find()).isTrue();
		return Integer.parseInt(started.group(1));
	}

	@Test
	void aWebSocketTakesAndSendsRecordsAndAnswersWhatIsNotValid() throws Exception {
		Messages messages = new Messages();
		WebSocket socket = HttpClient.newHttpClient()
			.newWebSocketBuilder()
			.buildAsync(URI.create("ws://localhost:" + port + "/rooms/aot?name=Ada"), messages)
			.get(30, TimeUnit.SECONDS);
		assertThat(messages.next("there")).contains("Ada");
		socket.sendText("{\"text\":\"ahead\"}", true).get(30, TimeUnit.SECONDS);
		assertThat(messages.next("said")).contains("\"from\":\"Ada\"", "\"text\":\"ahead\"");
		socket.sendText("{\"text\":\" \"}", true).get(30, TimeUnit.SECONDS);
		assertThat(messages.next("error")).contains("text must not be blank");
		socket.abort();
	}

	@Test
	void anEventStreamHasEvents() throws Exception {
		assertThat(start("/prices", "text/event-stream")).contains("data: {\"symbol\":\"HLY");
	}

	@Test
	void aCometStreamHasScripts() throws Exception {
		assertThat(start("/prices", "text/html")).contains("parent.priceMessage(").endsWith("HLY");
	}

	@Test
	void whatIsPostedIsRead() throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/answers"))
			.header("Accept", "text/event-stream")
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString("{\"text\":\"Why?\"}"))
			.timeout(Duration.ofSeconds(30))
			.build();
		HttpResponse<String> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
		assertThat(answer.body()).contains("Why?");
	}

	/** What a stream has up to the first price, which comes within a second. */
	private static String start(String path, String accept) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
			.header("Accept", accept)
			.timeout(Duration.ofSeconds(30))
			.build();
		HttpResponse<InputStream> response = HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream());
		assertThat(response.statusCode()).isEqualTo(200);
		StringBuilder read = new StringBuilder();
		try (InputStream body = response.body()) {
			for (int b = body.read(); b >= 0 && read.indexOf("HLY") < 0; b = body.read()) {
				read.append((char) b);
			}
		}
		return read.toString();
	}

	/** What a server sends. */
	private static final class Messages implements WebSocket.Listener {

		private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();

		@Override
		public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
			this.messages.add(data.toString());
			webSocket.request(1);
			return null;
		}

		/** The next that has a word in it. */
		String next(String word) throws InterruptedException {
			String message;
			do {
				message = this.messages.poll(30, TimeUnit.SECONDS);
				assertThat(message).as(word).isNotNull();
			}
			while (!message.contains("\"" + word + "\":") || message.contains("\"" + word + "\":null"));
			return message;
		}

	}

}

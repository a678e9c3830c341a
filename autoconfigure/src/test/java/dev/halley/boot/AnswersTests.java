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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

import dev.halley.Channel;
import dev.halley.boot.AnswersApplication.Answers;
import dev.halley.boot.AnswersApplication.Token;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.web.RawStream;

import static org.assertj.core.api.Assertions.assertThat;

@ParameterizedClass
@EnumSource(names = { "TOMCAT_LOOPS", "TOMCAT_NATIVE", "JETTY" })
class AnswersTests {

	private static final String JSON = "application/json";

	private static final String ANY = "Accept: */*";

	private static final String PAGE = "Origin: https://page.example.org";

	@TempDir
	private static Path uploads;

	private static ServletWebServerApplicationContext context;

	@Parameter
	private Server server;

	@BeforeParameterizedClassInvocation
	static void start(Server server) {
		context = server.start(AnswersApplication.class, "server.compression.enabled=true",
				"server.compression.min-response-size=1B", "server.compression.mime-types=text/event-stream",
				"spring.servlet.multipart.location=" + uploads, "spring.servlet.multipart.max-file-size=10KB",
				"logging.level.org.springframework.web.servlet.PageNotFound=off");
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		context.close();
	}

	@AfterEach
	void nothingIsLeft() {
		Awaitility.await()
			.atMost(30, TimeUnit.SECONDS)
			.untilAsserted(() -> assertThat(context.getBean(ConnectionRegistry.class).reserved()).isEqualTo(0));
	}

	private static RawStream post(String path, String type, String body, String... headers) throws IOException {
		String[] all = Stream.concat(Stream.of("Accept-Encoding: gzip"), Stream.of(headers)).toArray(String[]::new);
		return RawStream.post(Server.port(context), path, type, body, all);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/answers", "/ordinary", "/emitted" })
	void aQuestionIsAnsweredWithAStream(String path) throws IOException {
		for (String accept : List.of(ANY, "Accept: text/event-stream")) {
			try (RawStream stream = post(path, JSON, "{\"text\":\"a b\"}", accept)) {
				assertThat(stream.status()).isEqualTo(200);
				assertThat(stream.headers().getFirst("Content-Type"))
					.isEqualToIgnoringCase("text/event-stream;charset=UTF-8");
				assertThat(stream.headers().get("Content-Encoding")).containsExactly("identity");
				assertThat(String.join("", stream.chunks()))
					.isEqualTo("data: {\"token\":\"a\"}\n\ndata: {\"token\":\"b\"}\n\n");
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/answers", "/ordinary", "/emitted" })
	void aQuestionThatIsNotValidGetsTheUsualAnswer(String path) throws IOException {
		try (RawStream answer = post(path, JSON, "{\"text\":\" \"}", ANY)) {
			assertThat(answer.status()).isEqualTo(400);
		}
		try (RawStream answer = post(path, JSON, "{", ANY)) {
			assertThat(answer.status()).isEqualTo(400);
		}
		try (RawStream answer = post(path, "text/csv", "a;b", ANY)) {
			assertThat(answer.status()).isEqualTo(415);
		}
	}

	@Test
	void eachTokenIsThereWhenItIsPushedAndAClosedTabEndsTheAnswer() throws Exception {
		Answers answers = context.getBean(Answers.class);
		try (RawStream stream = post("/live", JSON, "{\"text\":\"a\"}", ANY)) {
			Channel<Token> channel = answers.channels().poll(30, TimeUnit.SECONDS);
			for (int i = 0; i < 20; i++) {
				channel.push(new Token("token " + i));
				assertThat(stream.until("token " + i + "\"}\n\n")).isNotEmpty();
			}
			assertThat(stream.until(":\n\n")).as("heartbeat").isNotEmpty();
		}
		assertThat(answers.ends().poll(30, TimeUnit.SECONDS)).isEqualTo("ended");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/uploads", "/ordinary-uploads", "/emitted-uploads" })
	void anUploadedFileIsThereAsLongAsTheAnswer(String path) throws Exception {
		try (RawStream stream = upload(path, "content ".repeat(500))) {
			assertThat(stream.until("data: ready\n\n")).isNotEmpty();
			context.getBean(Answers.class).gates().poll(30, TimeUnit.SECONDS).complete("read");
			assertThat(String.join("", stream.chunks())).isEqualTo("data: " + "content ".repeat(500) + "\n\n");
		}
		Awaitility.await().atMost(30, TimeUnit.SECONDS).until(AnswersTests::noUploadIsLeft);
	}

	@Test
	void anUploadThatIsTooLargeGetsTheUsualAnswer() throws IOException {
		try (RawStream answer = upload("/uploads", "x".repeat(20_000))) {
			assertThat(answer.status()).isEqualTo(413);
		}
	}

	private static RawStream upload(String path, String content) throws IOException {
		return post(path, "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"file\"; "
				+ "filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\n" + content + "\r\n--b--\r\n", ANY);
	}

	private static boolean noUploadIsLeft() throws IOException {
		try (Stream<Path> files = Files.walk(uploads)) {
			return files.noneMatch(Files::isRegularFile);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/answers", "/ordinary", "/emitted" })
	void springSecuritysCorsHolds(String path) throws IOException {
		try (RawStream answer = RawStream.request(Server.port(context), "OPTIONS " + path + " HTTP/1.1", PAGE,
				"Access-Control-Request-Method: POST", "Access-Control-Request-Headers: content-type")) {
			assertThat(answer.status()).isEqualTo(200);
			assertThat(answer.headers().get("Access-Control-Allow-Origin")).containsExactly("https://page.example.org");
			assertThat(answer.headers().getFirst("Access-Control-Allow-Credentials")).isEqualTo("true");
		}
		try (RawStream stream = post(path, JSON, "{\"text\":\"a\"}", ANY, PAGE)) {
			assertThat(stream.headers().get("Access-Control-Allow-Origin")).containsExactly("https://page.example.org");
			assertThat(stream.chunks()).isNotEmpty();
		}
		try (RawStream answer = post(path, JSON, "{\"text\":\"a\"}", ANY, "Origin: https://evil.example.org")) {
			assertThat(answer.status()).isEqualTo(403);
		}
	}

	@Test
	void aFailedJobIsToldAndDoesNotRunAgain() throws IOException {
		String last = "data: {\"token\":\"x\"}\n\ndata: {\"problem\":\"no answer\"}\n\n"
				+ "id: dev.halley.end\nevent: stream-end\ndata: \n\n";
		try (RawStream stream = RawStream.get(Server.port(context), "/failing", "Accept: text/event-stream")) {
			assertThat(String.join("", stream.chunks())).isEqualTo(last);
		}
		try (RawStream answer = RawStream.get(Server.port(context), "/failing", "Accept: text/event-stream",
				"Last-Event-ID: dev.halley.end")) {
			assertThat(answer.status()).isEqualTo(204);
		}
		try (RawStream stream = RawStream.get(Server.port(context), "/failing", "Accept: text/html")) {
			assertThat(String.join("", stream.chunks())).endsWith("<script>f({\"token\":\"x\"});</script>"
					+ "<script>f({\"problem\":\"no answer\"});</script><script>over();</script>");
		}
	}

}

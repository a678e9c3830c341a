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

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The sources of the examples are served as they were compiled.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class SourcesTests {

	@LocalServerPort
	private int port;

	@ParameterizedTest
	@ValueSource(strings = { "hello", "bye", "echo", "rooms", "clock", "live" })
	void areThoseOfTheControllers(String example) throws Exception {
		HttpResponse<String> response = get("/source/" + example + ".java");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("text/plain;charset=UTF-8");
		assertThat(response.body()).isEqualTo(Files
			.readString(Path.of("src/main/java/dev/halley/demo", StringUtils.capitalize(example) + "Controller.java")));
	}

	@Test
	void areNothingElse() throws Exception {
		assertThat(get("/source/nothing.java").statusCode()).isEqualTo(404);
		assertThat(get("/source/..%2Fapplication.java").statusCode()).isBetween(400, 404);
	}

	@Test
	void haveThePageBesideThem() throws Exception {
		assertThat(get("/").body()).contains("<title>");
		assertThat(get("/hello").statusCode()).isEqualTo(426);
	}

	private HttpResponse<String> get(String path) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path)).build();
		return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
	}

}

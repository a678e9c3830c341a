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

package dev.halley;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The document of a package of many files names each of them, so that a reader finds its
 * job. Those of the other modules have theirs too.
 */
class PackageMapTests {

	private static final Path ROOT = Path.of("..");

	private static final String DOCUMENT = "package-info.java";

	@ParameterizedTest
	@ValueSource(strings = { "core:", "core:client", "core:codec", "core:comet", "core:connection", "core:sse",
			"core:stream", "core:web", "core:websocket", "core:websocket/engine", "autoconfigure:boot", "redis:redis",
			"test:test" })
	void eachFileIsOnTheMap(String place) throws IOException {
		String[] parts = place.split(":", 2);
		Path directory = ROOT.resolve(parts[0]).resolve("src/main/java/dev/halley").resolve(parts[1]);
		String map = Files.readString(directory.resolve(DOCUMENT));
		try (Stream<Path> files = Files.list(directory)) {
			List<String> missing = files.map((file) -> file.getFileName().toString())
				.filter((name) -> name.endsWith(".java") && !name.equals(DOCUMENT))
				.map((name) -> name.substring(0, name.length() - ".java".length()))
				.filter((name) -> !map.contains("{@code " + name + "}"))
				.toList();
			assertThat(missing).isEmpty();
		}
	}

}

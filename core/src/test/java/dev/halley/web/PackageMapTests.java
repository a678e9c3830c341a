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

package dev.halley.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The package document names each file of the package, so that a reader finds its job.
 */
class PackageMapTests {

	private static final Path DIRECTORY = Path.of("src", "main", "java", "dev", "halley", "web");

	private static final String DOCUMENT = "package-info.java";

	@Test
	void eachFileIsOnTheMap() throws IOException {
		String map = Files.readString(DIRECTORY.resolve(DOCUMENT));
		try (Stream<Path> files = Files.list(DIRECTORY)) {
			List<String> missing = files.map((file) -> file.getFileName().toString())
				.filter((name) -> !name.equals(DOCUMENT))
				.map((name) -> name.substring(0, name.length() - ".java".length()))
				.filter((name) -> !map.contains("{@code " + name + "}"))
				.toList();
			assertThat(missing).isEmpty();
		}
	}

}

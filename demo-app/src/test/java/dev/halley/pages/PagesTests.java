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

package dev.halley.pages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the pages of documentation show is part of what is compiled and run: of a page's
 * own sources here, or of any other test or the demo. How lines are broken and comments
 * are set off is for each to choose.
 */
class PagesTests {

	private static final Path ROOT = Path.of("..");

	private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

	/** One at the end of a line, which the formatter breaks as it likes. */
	private static final Pattern COMMENT = Pattern.compile("(?m)(^|\\s)//.*$");

	private static final List<String> sources = sources();

	static List<Path> pages() throws IOException {
		try (Stream<Path> pages = Files.list(ROOT.resolve("docs"))) {
			return Stream.concat(Stream.of(ROOT.resolve("README.md")), pages)
				.filter((page) -> page.toString().endsWith(".md"))
				.sorted()
				.toList();
		}
	}

	@ParameterizedTest
	@MethodSource("pages")
	void showWhatIsRun(Path page) {
		assertThat(JAVA_BLOCK.matcher(read(page)).results().map((block) -> block.group(1)))
			.filteredOn((block) -> sources.stream().noneMatch((source) -> source.contains(withoutSpace(block))))
			.as("not part of a source that is run")
			.isEmpty();
	}

	private static List<String> sources() {
		Stream<Path> tests = Stream.of("core", "redis", "autoconfigure", "test", "demo-app")
			.map((module) -> ROOT.resolve(module).resolve("src/test/java"));
		return Stream.concat(tests, Stream.of(ROOT.resolve("demo-app/src/main/java")))
			.flatMap(PagesTests::javaFiles)
			.map((file) -> withoutSpace(read(file)))
			.toList();
	}

	private static Stream<Path> javaFiles(Path directory) {
		try (Stream<Path> files = Files.walk(directory)) {
			return files.filter((file) -> file.toString().endsWith(".java")).toList().stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String withoutSpace(String code) {
		return COMMENT.matcher(code).replaceAll("").replaceAll("\\s+", "");
	}

}

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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The list of all files, with the beginning of what each says of itself, is up to date.
 * With {@code -Dfiles.write} it is written anew.
 */
class FileListTests {

	private static final Path ROOT = Path.of("..");

	private static final Path LIST = ROOT.resolve("docs/contributing/files.md");

	private static final List<String> MODULES = List.of("core", "redis", "autoconfigure", "test");

	private static final Pattern DOCUMENT = Pattern.compile("\\n/\\*\\*\\n(.*?) \\*/\\n", Pattern.DOTALL);

	/** Two if the first one is short. */
	private static final Pattern BEGINNING = Pattern.compile("(.{60,}?\\.)(?: .*)?");

	@Test
	void eachFileIsListedWithTheBeginningOfItsDocument() throws IOException {
		String list = list();
		if (System.getProperty("files.write") != null) {
			Files.writeString(LIST, list);
		}
		assertThat(Files.readString(LIST)).as("docs/contributing/files.md, which -Dfiles.write makes").isEqualTo(list);
	}

	private static String list() throws IOException {
		Map<String, String> packages = new TreeMap<>();
		for (String module : MODULES) {
			Path sources = ROOT.resolve(module).resolve("src/main/java");
			try (Stream<Path> files = Files.walk(sources)) {
				files.filter((file) -> file.toString().endsWith(".java"))
					.filter((file) -> !file.endsWith("package-info.java"))
					.sorted()
					.forEach((file) -> packages.merge(name(sources, file), line(file), String::concat));
			}
		}
		StringBuilder list = new StringBuilder("# All files\n\nEach with the beginning of its document. "
				+ "`FileListTests` holds this list up to date: `./mvnw test -pl core -Dtest=FileListTests "
				+ "-Dfiles.write` writes it.\n");
		packages.forEach((name, lines) -> list.append("\n## ").append(name).append("\n\n").append(lines));
		return list.toString();
	}

	private static String name(Path sources, Path file) {
		return sources.relativize(file.getParent()).toString().replaceAll("[/\\\\]", ".");
	}

	private static String line(Path file) {
		String name = file.getFileName().toString().replace(".java", "");
		return "- `" + name + "`: " + beginning(file) + "\n";
	}

	private static String beginning(Path file) {
		Matcher document = DOCUMENT.matcher(read(file));
		assertThat(document.find()).as(file.toString()).isTrue();
		String text = document.group(1)
			.replaceAll("(?m)^ \\* ?", "")
			.replaceAll("\\{@(?:link|linkplain) [^}\\s]+\\s+([^}]+)\\}", "$1")
			.replaceAll("\\{@(?:link|linkplain|code) ([^}]+)\\}", "`$1`")
			.replaceAll("(?s)\\n(?:@|<p>|<pre|<ul>).*", "")
			.replaceAll("\\s+", " ")
			.strip();
		Matcher beginning = BEGINNING.matcher(text);
		return beginning.matches() ? beginning.group(1) : text;
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}

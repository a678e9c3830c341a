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

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the README shows is what is compiled and tested.
 */
class ReadmeTests {

	private static final Path ROOT = Path.of("..");

	private static final Path SOURCES = Path.of("src/main/java/dev/halley/demo");

	private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

	private static final Pattern LINK = Pattern.compile("]\\((?!http)([^)#]+)");

	private static final Pattern PROPERTY_ROW = Pattern.compile("^\\| `halley\\..*$", Pattern.MULTILINE);

	private final String readme = read(ROOT.resolve("README.md"));

	@Test
	void showsCodeOfTheDemo() throws IOException {
		List<String> sources = sources();
		assertThat(blocks()).hasSizeGreaterThan(3)
			.allSatisfy((block) -> assertThat(sources).anySatisfy((source) -> assertThat(source).contains(block)));
	}

	@Test
	void listsEachPropertyWithItsDefaultAndDescription() throws IOException {
		assertThat(PROPERTY_ROW.matcher(this.readme).results().map(MatchResult::group))
			.containsExactlyElementsOf(metadata().map(ReadmeTests::row).toList());
	}

	@Test
	void describesEachProperty() throws IOException {
		assertThat(metadata()).isNotEmpty()
			.allSatisfy((property) -> assertThat(property.path("description").asString("")).as(property.toString())
				.isNotBlank()
				.endsWith(".")
				.doesNotStartWith("The ")
				.doesNotStartWith("A "));
	}

	@Test
	void linksToWhatIsThere() {
		assertThat(LINK.matcher(this.readme).results().map((link) -> link.group(1)))
			.allSatisfy((link) -> assertThat(ROOT.resolve(link)).exists());
	}

	private List<String> blocks() {
		return JAVA_BLOCK.matcher(this.readme).results().map((block) -> withoutMargins(block.group(1))).toList();
	}

	private static List<String> sources() throws IOException {
		try (Stream<Path> files = Files.list(SOURCES)) {
			return files.map((file) -> withoutMargins(read(file))).toList();
		}
	}

	/** The README cannot know how deep a method is. */
	private static String withoutMargins(String code) {
		return String.join("\n", code.lines().map(String::strip).filter((line) -> !line.isEmpty()).toList());
	}

	private static String row(JsonNode property) {
		JsonNode value = property.path("defaultValue");
		String text = value.isArray() ? value.valueStream().map(JsonNode::asString).collect(Collectors.joining(", "))
				: value.asString("");
		return "| `%s` | %s | %s |".formatted(property.path("name").asString(), text.isEmpty() ? "" : "`" + text + "`",
				property.path("description").asString());
	}

	private static Stream<JsonNode> metadata() throws IOException {
		return Collections
			.list(ReadmeTests.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))
			.stream()
			.flatMap((file) -> parse(file).path("properties").valueStream())
			.filter((property) -> property.path("name").asString().startsWith("halley."));
	}

	private static JsonNode parse(URL file) {
		try (InputStream in = file.openStream()) {
			return JsonMapper.shared().readTree(in);
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

}

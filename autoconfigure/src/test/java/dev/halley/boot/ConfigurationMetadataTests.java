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
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an editor tells the user about the properties.
 */
class ConfigurationMetadataTests {

	private final List<JsonNode> properties = readProperties();

	@Test
	void thereAreDescriptionsOfWhateverCanBeConfigured() {
		boolean configurable = new ClassFileImporter().importPackages("dev.halley.boot")
			.stream()
			.anyMatch((type) -> type.isAnnotatedWith(ConfigurationProperties.class));
		assertThat(this.properties.isEmpty()).isEqualTo(!configurable);
	}

	@Test
	void everyPropertyIsDescribedAsASentenceWithoutArticle() {
		assertThat(this.properties)
			.allSatisfy((property) -> assertThat(property.path("description").asString("")).as(nameOf(property))
				.matches("(?s)\\p{Lu}.*\\.")
				.doesNotStartWith("The ")
				.doesNotStartWith("A ")
				.doesNotStartWith("An ")
				.doesNotContain("{@", "<"));
	}

	@Test
	void everySwitchSaysWhether() {
		assertThat(this.properties).filteredOn((property) -> property.path("type").asString("").endsWith("Boolean"))
			.allSatisfy((property) -> assertThat(property.path("description").asString("")).as(nameOf(property))
				.startsWith("Whether "));
	}

	private static String nameOf(JsonNode property) {
		return property.path("name").asString("");
	}

	private static List<JsonNode> readProperties() {
		List<JsonNode> properties = new ArrayList<>();
		try {
			for (URL file : Collections.list(ConfigurationMetadataTests.class.getClassLoader()
				.getResources("META-INF/spring-configuration-metadata.json"))) {
				try (InputStream in = file.openStream()) {
					JsonMapper.shared().readTree(in).path("properties").forEach(properties::add);
				}
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		return properties.stream().filter((property) -> nameOf(property).startsWith("halley.")).toList();
	}

}

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

package dev.halley.boot.cases;

import java.util.ArrayList;
import java.util.List;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import dev.halley.Hubs;
import dev.halley.connection.ConnectionRegistry;

/**
 * The application under attack, while it runs.
 */
record Application(ConfigurableApplicationContext context) implements AutoCloseable {

	static Application start(Profile profile, String[] more, String... server) {
		List<String> properties = new ArrayList<>(profile.properties());
		properties.addAll(List.of(server));
		properties.addAll(List.of("server.port=0", "server.address=127.0.0.1", "spring.main.banner-mode=off",
				"cases.greeting=Hello"));
		properties.addAll(List.of(more));
		return new Application(new SpringApplicationBuilder(CasesApplication.class).logStartupInfo(false)
			.run(properties.stream().map((property) -> "--" + property).toArray(String[]::new)));
	}

	int port() {
		return ((ServletWebServerApplicationContext) this.context).getWebServer().getPort();
	}

	ConnectionRegistry registry() {
		return this.context.getBean(ConnectionRegistry.class);
	}

	Hubs hubs() {
		return this.context.getBean(Hubs.class);
	}

	Runs runs() {
		return this.context.getBean(Runs.class);
	}

	@Override
	public void close() {
		this.context.close();
	}

}

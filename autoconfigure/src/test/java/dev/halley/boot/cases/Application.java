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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

import dev.halley.Hubs;
import dev.halley.boot.Server;
import dev.halley.connection.ConnectionRegistry;

/**
 * The application under attack, while it runs.
 */
record Application(ServletWebServerApplicationContext context) implements AutoCloseable {

	private static final Map<String, Application> SHARED = new ConcurrentHashMap<>();

	/** One that all tests share; it runs until the end. */
	static Application shared(Server server, Profile profile) {
		return SHARED.computeIfAbsent(server + " " + profile, (missing) -> start(server, profile));
	}

	/**
	 * One of its own, which the test has to close.
	 * @param more properties that win over those of the profile
	 */
	static Application start(Server server, Profile profile, String... more) {
		List<String> properties = new ArrayList<>(
				List.of("server.address=127.0.0.1", "spring.main.log-startup-info=false", "cases.greeting=Hello"));
		properties.addAll(profile.properties());
		properties.addAll(List.of(more));
		return new Application(server.start(CasesApplication.class, properties.toArray(String[]::new)));
	}

	int port() {
		return this.context.getWebServer().getPort();
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

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

import java.util.EnumMap;
import java.util.Map;

/**
 * The servers on which all cases must hold.
 */
enum Server {

	/** Tomcat with the engine of Halley. */
	TOMCAT_NATIVE("native", "jetty.autoconfigure.servlet.Jetty"),

	/** Tomcat with its own WebSocket. */
	TOMCAT_CONTAINER("container", "jetty.autoconfigure.servlet.Jetty"),

	/** Jetty with its own WebSocket. */
	JETTY("auto", "tomcat.autoconfigure.servlet.Tomcat");

	private final String engine;

	private final String other;

	private final Map<Profile, Application> running = new EnumMap<>(Profile.class);

	Server(String engine, String other) {
		this.engine = engine;
		this.other = other;
	}

	/** An application that all tests share. */
	synchronized Application with(Profile profile) {
		return this.running.computeIfAbsent(profile, (missing) -> start(profile));
	}

	/** An application of its own, which the test has to close. */
	Application start(Profile profile, String... more) {
		return Application.start(profile, more, "halley.websocket.engine=" + this.engine,
				"spring.autoconfigure.exclude=org.springframework.boot." + this.other
						+ "ServletWebServerAutoConfiguration");
	}

}

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

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

/**
 * The servers and engines that {@link LiveApplication} is started on.
 */
public enum Server {

	TOMCAT_LOOPS("native", "auto", Constants.JETTY),

	TOMCAT_NATIVE("native", "container", Constants.JETTY),

	TOMCAT_CONTAINER("container", "auto", Constants.JETTY),

	JETTY("auto", "auto", Constants.TOMCAT);

	private final String engine;

	private final String io;

	private final String excluded;

	Server(String engine, String io, String excluded) {
		this.engine = engine;
		this.io = io;
		this.excluded = excluded;
	}

	/**
	 * Starts the application on a free port.
	 * @param properties names and values as {@code name=value}
	 */
	ServletWebServerApplicationContext start(String... properties) {
		return start(LiveApplication.class, properties);
	}

	/**
	 * Starts an application on a free port. What it is given counts more than the
	 * configuration of the tests it is started by.
	 * @param properties names and values as {@code name=value}, the last of a name counts
	 */
	public ServletWebServerApplicationContext start(Class<?> application, String... properties) {
		Map<String, String> arguments = new LinkedHashMap<>();
		Stream
			.concat(Stream.of("server.port=0", "halley.websocket.engine=" + this.engine,
					"halley.websocket.io=" + this.io, "spring.autoconfigure.exclude=" + this.excluded),
					Stream.of(properties))
			.forEach((property) -> arguments.put(property.substring(0, property.indexOf('=')), "--" + property));
		SpringApplicationBuilder builder = new SpringApplicationBuilder(application).web(WebApplicationType.SERVLET)
			.bannerMode(Banner.Mode.OFF);
		return (ServletWebServerApplicationContext) builder.run(arguments.values().toArray(String[]::new));
	}

	/** Closes on a thread of its own, which may have to wait. */
	static CompletableFuture<Void> close(ServletWebServerApplicationContext context) {
		return CompletableFuture.runAsync(context::close, (task) -> new Thread(task, "closes").start());
	}

	static int port(ServletWebServerApplicationContext context) {
		return context.getWebServer().getPort();
	}

	static String url(ServletWebServerApplicationContext context, String path) {
		return "ws://localhost:" + port(context) + path;
	}

	/** What is not to serve. */
	private static final class Constants {

		static final String JETTY = "org.springframework.boot.jetty.autoconfigure.servlet.JettyServletWebServerAutoConfiguration";

		static final String TOMCAT = "org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration";

	}

}

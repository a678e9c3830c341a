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

package dev.halley.websocket.engine;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;

/**
 * Finds Node.js, and gives it the modules that are on the class path as WebJars.
 */
public final class NodeModules {

	private static final String WEBJARS = "META-INF/resources/webjars/";

	private NodeModules() {
	}

	/** The program, or lets the test be skipped. */
	public static Path node() {
		Optional<Path> node = Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator))
			.flatMap((directory) -> Stream.of(Path.of(directory, "node"), Path.of(directory, "node.exe")))
			.filter(Files::isExecutable)
			.findFirst();
		return node.orElseGet(() -> {
			missing("Clients of Node.js are not tested: node is not on the path");
			throw new IllegalStateException();
		});
	}

	private static void missing(String what) {
		if (Boolean.parseBoolean(System.getenv("HALLEY_REQUIRE_NODE"))) {
			throw new IllegalStateException(what);
		}
		Assumptions.abort(what);
	}

	/** The first part of the program's version. */
	static int version(Path node) throws IOException {
		Process process = new ProcessBuilder(node.toString(), "--version").start();
		try (BufferedReader reader = process.inputReader()) {
			return Integer.parseInt(reader.readLine().replaceAll("v(\\d+)\\..*", "$1"));
		}
	}

	/**
	 * Lays a script of this package into a new folder, and the modules beside it.
	 * @return the script
	 */
	public static Path unpack(String script, String... modules) throws IOException {
		Path directory = Files.createTempDirectory("halley-node");
		for (String module : modules) {
			unpack(WEBJARS + module + "/", directory.resolve("node_modules").resolve(module));
		}
		try (InputStream source = NodeModules.class.getResourceAsStream(script)) {
			Files.copy(source, directory.resolve(script));
		}
		return directory.resolve(script);
	}

	/** Leaves out the folder that is the version's. */
	private static void unpack(String prefix, Path directory) throws IOException {
		URL url = NodeModules.class.getClassLoader().getResource(prefix);
		JarFile jar = ((JarURLConnection) url.openConnection()).getJarFile();
		for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements();) {
			JarEntry entry = entries.nextElement();
			if (entry.getName().startsWith(prefix) && !entry.isDirectory()) {
				Path file = directory
					.resolve(entry.getName().substring(entry.getName().indexOf('/', prefix.length()) + 1));
				Files.createDirectories(file.getParent());
				try (InputStream source = jar.getInputStream(entry)) {
					Files.copy(source, file);
				}
			}
		}
	}

}

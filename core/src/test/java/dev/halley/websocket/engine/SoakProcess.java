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
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * A {@link SoakServer} in a JVM of its own.
 */
final class SoakProcess implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(SoakProcess.class);

	private static final String LOGGING = "java.util.logging.config.file";

	private final Process process;

	private final BufferedReader answers;

	private final Writer commands;

	private final int port;

	SoakProcess(Engine engine, int connections, String heap) throws IOException {
		String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
		String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
		ProcessBuilder builder = new ProcessBuilder(java, "-Xmx" + heap, "-XX:MaxDirectMemorySize=64m",
				"-Djdk.nio.maxCachedBufferSize=65536", "-D" + LOGGING + "=" + System.getProperty(LOGGING, ""),
				SoakServer.class.getName(), engine.name(), String.valueOf(connections));
		builder.environment().put("CLASSPATH", classPath);
		this.process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
		this.answers = new BufferedReader(new InputStreamReader(this.process.getInputStream(), StandardCharsets.UTF_8));
		this.commands = this.process.outputWriter(StandardCharsets.UTF_8);
		this.port = Integer.parseInt(answer());
	}

	int port() {
		return this.port;
	}

	SoakReport report() throws IOException {
		this.commands.write("report\n");
		this.commands.flush();
		return SoakReport.parse(answer());
	}

	/** What the server logs goes by. */
	private String answer() throws IOException {
		String line = this.answers.readLine();
		while (line != null && !line.startsWith(SoakServer.PREFIX)) {
			logger.info(line);
			line = this.answers.readLine();
		}
		if (line == null) {
			throw new IOException("The server has ended");
		}
		return line.substring(SoakServer.PREFIX.length());
	}

	@Override
	public void close() throws IOException {
		try {
			this.commands.close();
			if (!this.process.waitFor(30, TimeUnit.SECONDS)) {
				this.process.destroyForcibly();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			this.process.destroyForcibly();
		}
	}

}

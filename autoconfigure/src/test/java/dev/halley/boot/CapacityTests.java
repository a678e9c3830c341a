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

import java.lang.management.ManagementFactory;
import java.util.List;

import com.sun.management.UnixOperatingSystemMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is said at the start when more connections may come than the server takes.
 */
@ExtendWith(OutputCaptureExtension.class)
class CapacityTests {

	private static List<String> warnings(CapturedOutput output, Server server, String... properties) {
		server.start(Application.class, properties).close();
		return output.getAll().lines().filter((line) -> line.contains("halley.limits.connections: ")).toList();
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_NATIVE, 100, 100, 1", "TOMCAT_CONTAINER, 100, 100, 1", "TOMCAT_NATIVE, 99, 100, 0",
			"TOMCAT_NATIVE, 100, -1, 0", "TOMCAT_LOOPS, 100, 50, 0", "JETTY, 100, 50, 0" })
	void moreThanStayWithTomcat(Server server, int connections, int served, int warnings, CapturedOutput output) {
		assertThat(warnings(output, server, "halley.limits.connections=" + connections,
				"server.tomcat.max-connections=" + served))
			.hasSize(warnings)
			.allSatisfy((line) -> assertThat(line).contains("WARN", "TomcatConnectionsCheck")
				.contains("halley.limits.connections: " + connections + " (expected: < " + served + ")")
				.contains("server.tomcat.max-connections"));
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void moreThanTheProcessCanHaveOpen(CapturedOutput output) {
		long most = ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
			.getMaxFileDescriptorCount();
		assertThat(
				warnings(output, Server.TOMCAT_LOOPS, "halley.limits.connections=" + Math.min(most, Integer.MAX_VALUE)))
			.singleElement()
			.asString()
			.contains("WARN", "DescriptorCheck")
			.contains("since the process may have " + most + " file descriptors");
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Application {

	}

}

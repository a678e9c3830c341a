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

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Values that cannot work stop the application at its start, by the property's name.
 */
class InvalidPropertiesTests {

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(HalleyAutoConfiguration.class, HalleyWebSocketAutoConfiguration.class,
				DispatcherServletAutoConfiguration.class, WebMvcAutoConfiguration.class));

	@ParameterizedTest
	@CsvSource({ "halley.limits.connections, 0", "halley.limits.connections, -1", "halley.limits.per-address, 0",
			"halley.limits.per-user, -5", "halley.shutdown-timeout, 0s", "halley.shutdown-timeout, -1s",
			"halley.websocket.max-message-size, 0B", "halley.websocket.max-message-size, -1KB",
			"halley.websocket.max-message-size, 2048MB", "halley.websocket.idle-timeout, 0s",
			"halley.websocket.idle-timeout, -1s", "halley.websocket.idle-timeout, 366d",
			"halley.websocket.ping-interval, 0s", "halley.websocket.pong-timeout, 0s",
			"halley.websocket.close-timeout, 0s", "halley.websocket.close-timeout, 100000d",
			"halley.websocket.send-timeout, 0s", "halley.websocket.send-timeout, 1ns",
			"halley.websocket.send-buffer.messages, 0", "halley.websocket.send-buffer.size, 0B",
			"halley.websocket.send-buffer.size, -1B", "halley.websocket.compression.threshold, -1B",
			"halley.websocket.loops, 0", "halley.websocket.allowed-origins, not an origin" })
	void stopTheApplicationAtItsStart(String property, String value) {
		this.runner.withPropertyValues(property + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.asInstanceOf(InstanceOfAssertFactories.type(InvalidConfigurationPropertyValueException.class))
				.satisfies((failure) -> assertThat(failure.getName()).isEqualTo(property))
				.satisfies((failure) -> assertThat(failure.getReason()).containsIgnoringCase("expected")));
	}

	@ParameterizedTest
	@CsvSource({ "halley.websocket.max-message-size, 1B", "halley.websocket.max-message-size, 2047MB",
			"halley.websocket.idle-timeout, 1ms", "halley.websocket.idle-timeout, 365d",
			"halley.websocket.compression.threshold, 0B", "halley.limits.connections, 1" })
	void mayGoToTheEdge(String property, String value) {
		this.runner.withPropertyValues(property + "=" + value).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void areNamedWhenTheyDoNotConvert() {
		this.runner.withPropertyValues("halley.websocket.engine=warp")
			.run((context) -> assertThat(context).getFailure().hasStackTraceContaining("halley.websocket.engine"));
	}

}

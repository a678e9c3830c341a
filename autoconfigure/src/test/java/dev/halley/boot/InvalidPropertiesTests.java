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

import java.util.Map;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Values that cannot work stop the application at its start, by the property's name.
 */
class InvalidPropertiesTests {

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(HalleyAutoConfiguration.class, HalleyWebSocketAutoConfiguration.class,
				HalleyCometAutoConfiguration.class, HalleySseAutoConfiguration.class,
				HalleyTomcatAutoConfiguration.class, DispatcherServletAutoConfiguration.class,
				WebMvcAutoConfiguration.class));

	@ParameterizedTest
	@CsvSource({ "halley.limits.connections, 0", "halley.limits.connections, -1", "halley.limits.per-address, 0",
			"halley.limits.per-user, -5", "halley.limits.connections-per-second, -1", "halley.shutdown.drain, -1s",
			"halley.shutdown.timeout, 0s", "halley.shutdown.timeout, -1s", "halley.websocket.max-message-size, 0B",
			"halley.websocket.max-message-size, -1KB", "halley.websocket.max-message-size, 2048MB",
			"halley.websocket.idle-timeout, 0s", "halley.websocket.idle-timeout, -1s",
			"halley.websocket.idle-timeout, 366d", "halley.websocket.ping-interval, 0s",
			"halley.websocket.pong-timeout, 0s", "halley.websocket.close-timeout, 0s",
			"halley.websocket.close-timeout, 100000d", "halley.websocket.send-timeout, 0s",
			"halley.websocket.send-timeout, 1ns", "halley.websocket.send-buffer.messages, 0",
			"halley.websocket.send-buffer.size, 0B", "halley.websocket.send-buffer.size, -1B",
			"halley.websocket.compression.threshold, -1B", "halley.websocket.loops, 0",
			"halley.websocket.receive-limit.messages-per-second, -1",
			"halley.websocket.receive-limit.bytes-per-second, -1B", "halley.websocket.receive-limit.patience, 0s",
			"halley.websocket.allowed-origins, not an origin", "halley.websocket.idle-timeout, 30s",
			"halley.websocket.idle-timeout, 10ms", "halley.sse.heartbeat, 0s", "halley.sse.heartbeat, -1s",
			"halley.sse.timeout, -1s", "halley.sse.timeout, 366d", "halley.sse.timeout, 1ns",
			"halley.sse.send-timeout, 0s", "halley.sse.retry, -1s", "halley.sse.send-buffer.messages, 0",
			"halley.sse.send-buffer.size, 0B", "halley.comet.heartbeat, 0s", "halley.comet.timeout, -1s",
			"halley.comet.send-timeout, 366d", "halley.comet.send-buffer.messages, -1",
			"halley.comet.send-buffer.size, 2048MB" })
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
			"halley.websocket.idle-timeout, 30001ms", "halley.websocket.idle-timeout, 365d", "halley.sse.timeout, 0",
			"halley.sse.retry, 0s", "halley.comet.timeout, 1ms", "halley.websocket.ping-interval, 1ms",
			"halley.websocket.compression.threshold, 0B", "halley.limits.connections, 1",
			"halley.limits.connections-per-second, 0" })
	void mayGoToTheEdge(String property, String value) {
		this.runner.withPropertyValues(property + "=" + value).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void anIdleTimeoutThatHealthyPeersMeetNamesThePingInterval() {
		assertThat(reasonOf("halley.websocket.ping-interval=10m"))
			.isEqualTo("Expected: more than halley.websocket.ping-interval (600s), "
					+ "or else peers that answer every ping would be closed");
	}

	@ParameterizedTest
	@ValueSource(strings = { "halley.sse.timeout=-1s", "halley.comet.timeout=1ns" })
	void aTimeThatMayBeLeftOutSaysHow(String property) {
		assertThat(reasonOf(property)).isEqualTo("Expected: 1ms at least, or 0 for none");
	}

	@ParameterizedTest
	@CsvSource({ "1B, 256B at least", "255B, 256B at least", "-1B, 256B at least", "17MB, 16MB at most" })
	void buffersOfTomcatHaveALeastSize(DataSize size, String expected) {
		HalleyWebSocketProperties properties = new Binder(new MapConfigurationPropertySource(
				Map.of("halley.websocket.tomcat-socket-buffer", size.toBytes() + "B")))
			.bind("halley.websocket", HalleyWebSocketProperties.class)
			.get();
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(properties::tomcatSocketBufferBytes)
			.satisfies((failure) -> assertThat(failure.getReason()).isEqualTo("Expected: " + expected))
			.satisfies((failure) -> assertThat(failure.getName()).isEqualTo("halley.websocket.tomcat-socket-buffer"));
	}

	private String reasonOf(String property) {
		String[] reason = new String[1];
		this.runner.withPropertyValues(property).run((context) -> {
			Throwable failure = NestedExceptionUtils.getMostSpecificCause(context.getStartupFailure());
			reason[0] = ((InvalidConfigurationPropertyValueException) failure).getReason();
		});
		return reason[0];
	}

	@Test
	void areNamedWhenTheyDoNotConvert() {
		this.runner.withPropertyValues("halley.websocket.engine=warp")
			.run((context) -> assertThat(context).getFailure().hasStackTraceContaining("halley.websocket.engine"));
	}

}

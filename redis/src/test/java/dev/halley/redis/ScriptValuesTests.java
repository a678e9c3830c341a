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

package dev.halley.redis;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.halley.hub.broker.BrokerException;
import dev.halley.hub.broker.BrokerMessage;
import dev.halley.hub.broker.BrokerPayload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * {@link ScriptValues} and {@link ServerVersion}: what a server says.
 */
class ScriptValuesTests {

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	@Test
	void readsAMessageWhateverItHolds() {
		BrokerMessage message = ScriptValues.message(bytes("17 3 99 t a b  c\n"));
		assertThat(message).isNotNull();
		assertThat(message.epoch()).isEqualTo(17);
		assertThat(message.offset()).isEqualTo(3);
		assertThat(message.tag()).isEqualTo(99);
		assertThat(message.payload().binary()).isFalse();
		assertThat(message.payload().bytes()).isEqualTo(bytes("a b  c\n"));
		assertThat(ScriptValues.message(bytes("17 3 99 b ")).payload().binary()).isTrue();
	}

	@Test
	void headersAreInTheTokenOfTheKindOfWhichOthersReadTheFirstCharacter() {
		BrokerPayload payload = new BrokerPayload(bytes("a b"), true, "17;traceparent=00-1");
		assertThat(ScriptValues.kind(payload)).isEqualTo(bytes("b17;traceparent=00-1"));
		assertThat(ScriptValues.kind(new BrokerPayload(bytes("a"), false))).isEqualTo(bytes("t"));
		BrokerMessage message = ScriptValues.message(bytes("17 3 99 b17;traceparent=00-1 a b"));
		assertThat(message).isNotNull();
		assertThat(message.payload()).isEqualTo(payload);
		assertThat(message.payload().headers()).isEqualTo("17;traceparent=00-1");
		assertThat(ScriptValues.message(bytes("17 3 99 t a")).payload().headers()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "1 2 3 t", "1 2", "a 2 3 t x", "1 0 3 t x", "1  3 t x", "hello" })
	void whatIsNoMessageIsNone(String published) {
		assertThat(ScriptValues.message(bytes(published))).isNull();
	}

	@Test
	void knowsServersThatAreGoodEnough() {
		assertThat(ServerVersion.of("# Server\r\nredis_version:6.2.6\r\nredis_mode:standalone\r\n").name())
			.isEqualTo("Redis 6.2.6");
		assertThat(ServerVersion.of("redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.0.1\r\n").name())
			.isEqualTo("Valkey 8.0.1");
		assertThat(ServerVersion.of("redis_version:10.0.0\r\n").name()).isEqualTo("Redis 10.0.0");
		assertThat(ServerVersion.of("nothing").name()).contains("unknown");
	}

	@ParameterizedTest
	@ValueSource(strings = { "5.0.14", "6.0.16", "6.1.9", "2.8.0" })
	void refusesThoseThatAreTooOld(String version) {
		assertThatExceptionOfType(BrokerException.class)
			.isThrownBy(() -> ServerVersion.of("redis_version:" + version + "\r\n"))
			.withMessageContaining("Redis " + version + " is too old")
			.withMessageContaining("6.2");
	}

}

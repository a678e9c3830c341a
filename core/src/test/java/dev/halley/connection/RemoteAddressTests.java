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

package dev.halley.connection;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RemoteAddress}.
 */
class RemoteAddressTests {

	@ParameterizedTest
	@CsvSource({ "203.0.113.7, 203.0.113.7:49152", "203.0.113.7, ::ffff:203.0.113.7", "203.0.113.7, ::FFFF:cb00:7107",
			"203.0.113.7, [::ffff:203.0.113.7]:443", "203.0.113.7, 64:ff9b::203.0.113.7",
			"203.0.113.7, 64:ff9b::cb00:7107", "2001:db8:1:2::1, 2001:db8:1:2:ffff:ffff:ffff:ffff",
			"2001:db8:1:2::1, 2001:0DB8:0001:0002:0000:0000:0000:0001", "2001:db8:1:2::1, [2001:db8:1:2::9]",
			"2001:db8:1:2::1, [2001:db8:1:2::9]:49152", "2001:db8:1:2::1, 2001:db8:1:2::9%eth0",
			"fe80::1%eth0, fe80::1%2", "fe80::1, fe80:0:0:0:0:0:0:1", "::1, 0:0:0:0:0:0:0:1" })
	void countAsOne(String one, String other) {
		assertThat(RemoteAddress.key(other)).isEqualTo(RemoteAddress.key(one));
	}

	@ParameterizedTest
	@CsvSource({ "203.0.113.7, 203.0.113.8", "2001:db8:1:2::1, 2001:db8:1:3::1", "fe80::1, fe80::2",
			"64:ff9b::203.0.113.7, 64:ff9b::203.0.113.8", "::ffff:203.0.113.7, ::ffff:203.0.113.8", "::1, 127.0.0.1",
			"unknown, _hidden", "1:2, 1:3", "64:ff9b::203.0.113.7, 2001:db8::1" })
	void countAsTwo(String one, String other) {
		assertThat(RemoteAddress.key(other)).isNotEqualTo(RemoteAddress.key(one));
	}

	@ParameterizedTest
	@ValueSource(strings = { "unknown", "", ":", "::g", "1:2", "[", "[]", "[::1", "999.1.1.1", "a.example.org",
			":::::::::::::::::", "1.2.3", "%", "::1%" })
	void whatIsNoAddressCountsAsItIs(String address) {
		assertThat(RemoteAddress.key(address)).isNotNull().hasSizeLessThanOrEqualTo(64);
	}

	@Test
	void whatIsNoAddressIsCut() {
		assertThat(RemoteAddress.key("x".repeat(8000))).hasSize(64);
	}

	@Test
	void aRegistryCountsAllAddressesOfANetwork() {
		ConnectionRegistry registry = new ConnectionRegistry(Runnable::run, Runnable::run,
				new ConnectionLimits(10, 2, 10), () -> Duration.ZERO.toNanos());
		Reservation first = registry.reserve("2001:db8:1:2::1", null);
		registry.reserve("[2001:db8:1:2::2]:49152", null);
		assertThatExceptionOfType(TooManyConnectionsException.class)
			.isThrownBy(() -> registry.reserve("2001:db8:1:2::3", null))
			.withMessage("connections from one address: 2 (expected: < 2)");
		registry.reserve("2001:db8:1:3::3", null);
		first.close();
		registry.reserve("2001:db8:1:2::3", null);
		assertThat(registry.reserved()).isEqualTo(3);
	}

	@Test
	void aNetworkIsNamedByItsPrefix() {
		assertThat(RemoteAddress.key("2001:db8:1:2::1")).isEqualTo("20010db800010002/64");
		assertThat(RemoteAddress.key("fe80::1")).isEqualTo("fe800000000000000000000000000001");
	}

}

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

package dev.halley.test;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

import dev.halley.test.ChatApplication.Said;
import dev.halley.test.ChatApplication.Say;

/**
 * The example of the guide to testing whose application has a broker.
 */
@SpringBootTest
class GuideBrokerTests {

	@Autowired
	private PairTesters testers;

	@Autowired
	private FakeHubBroker broker;

	@Test
	void goesOnAfterAnOutage() {
		PairTester<Say, Said> ada = this.testers.webSocket("/rooms/5?name=Ada", Say.class, Said.class);
		ada.send(new Say("Hello")).expect(new Said("Ada", "Hello"));
		this.broker.down();
		ada.send(new Say("Anybody?")).expectNone(Duration.ofSeconds(1));
		this.broker.up();
		ada.send(new Say("I am back")).expect(new Said("Ada", "I am back"));
	}

	@TestConfiguration
	static class Outages {

		@Bean
		FakeHubBroker broker() {
			return new FakeHubBroker();
		}

	}

}

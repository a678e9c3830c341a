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
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for what Spring's tests get without asking.
 */
@SpringBootTest(classes = ChatApplication.class)
class LiveClientsTests {

	private static LiveClient<String, String> left;

	@Autowired
	private ApplicationContext context;

	@Test
	void withoutAServerTheyAreMissedWhereTheyAreAskedForOnly() {
		assertThatExceptionOfType(BeanCreationException.class).isThrownBy(() -> this.context.getBean(LiveClients.class))
			.withRootCauseInstanceOf(IllegalStateException.class)
			.withStackTraceContaining("LiveClients need a running server, and this test has none (expected: "
					+ "@SpringBootTest(webEnvironment = RANDOM_PORT); without a server, use PairTesters or PairTester)");
	}

	@Test
	void whatATestLeavesOpenIsClosed() {
		SummaryGeneratingListener summary = new SummaryGeneratingListener();
		LauncherFactory.create()
			.execute(LauncherDiscoveryRequestBuilder.request()
				.selectors(DiscoverySelectors.selectClass(Leaving.class))
				.build(), summary);
		assertThat(summary.getSummary().getFailures()).isEmpty();
		assertThat(summary.getSummary().getTestsSucceededCount()).isOne();
		assertThat(left.isOpen()).isFalse();
		left.expectClose(1000);
	}

	@Test
	void oneThatIsNotAnsweredKeepsNoOtherOpen() {
		SummaryGeneratingListener summary = new SummaryGeneratingListener();
		LauncherFactory.create()
			.execute(LauncherDiscoveryRequestBuilder.request()
				.selectors(DiscoverySelectors.selectClass(Unanswered.class))
				.build(), summary);
		assertThat(summary.getSummary().getFailures()).singleElement()
			.satisfies((failure) -> assertThat(failure.getException())
				.hasMessageContaining("the server has not answered the Close within 5 s"));
		left.expectClose(1000);
	}

	/**
	 * Run by the tests above, and not by itself.
	 */
	@SpringBootTest(classes = ChatApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT,
			properties = "server.servlet.context-path=/chat")
	static class Leaving {

		@Test
		void leavesOneOpen(@Autowired LiveClients clients) {
			left = clients.webSocket("/echo").send("Hello").expect("Hello");
			assertThat(left.transcript()).contains("/chat/echo");
		}

	}

	/**
	 * Run by a test above, and not by itself.
	 */
	@SpringBootTest(classes = ChatApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT)
	static class Unanswered {

		/** The server takes the Close of the first for the rest of its message. */
		@Test
		void leavesTwoOpen(@Autowired LiveClients clients) {
			clients.withTimeout(Duration.ofSeconds(5))
				.webSocket("/bytes")
				.sendRaw(new byte[] { (byte) 0x82, (byte) 0xE4 });
			left = clients.webSocket("/echo").send("Hello").expect("Hello");
		}

	}

}

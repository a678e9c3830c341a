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

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;

import dev.halley.Overflow;
import dev.halley.connection.CountedUser;
import dev.halley.web.CometRuntime;
import dev.halley.web.CometSettings;
import dev.halley.web.EventStreamRuntime;
import dev.halley.web.EventStreamSettings;
import dev.halley.web.PairHandlerAdapter;
import dev.halley.web.PairHandlerMapping;
import dev.halley.web.WebSocketRuntime;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link HalleyCometAutoConfiguration} and {@link HalleySseAutoConfiguration}: what they
 * make, and when they stand back.
 */
class HalleyStreamAutoConfigurationTests {

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(HalleyAutoConfiguration.class, HalleyWebSocketAutoConfiguration.class,
				HalleyCometAutoConfiguration.class, HalleySseAutoConfiguration.class,
				HalleyWebMvcAutoConfiguration.class, DispatcherServletAutoConfiguration.class,
				WebMvcAutoConfiguration.class));

	@Test
	void whoCountsAsOneUserIsTheApplicationsToSayOnAllWires() {
		CountedUser own = (request, user) -> "own";
		this.runner.withBean(CountedUser.class, () -> own).run((context) -> {
			assertThat(context.getBean(WebSocketRuntime.class).countedUser()).isSameAs(own);
			assertThat(context.getBean(EventStreamRuntime.class).countedUser()).isSameAs(own);
			assertThat(context.getBean(CometRuntime.class).countedUser()).isSameAs(own);
		});
	}

	@Test
	void servesAllWiresWithTheDefaultsOfTheCore() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(PairHandlerAdapter.class)
				.getBeans(PairHandlerMapping.class)
				.containsOnlyKeys("halleyWebSocketHandlerMapping", "halleyEventSourceHandlerMapping",
						"halleyCometHandlerMapping");
			assertThat(context.getBean(CometSettings.class)).isEqualTo(CometSettings.DEFAULT);
			assertThat(context.getBean(EventStreamSettings.class)).isEqualTo(EventStreamSettings.DEFAULT);
		});
	}

	@Test
	void eachWireHasItsSwitch() {
		this.runner.withPropertyValues("halley.websocket.enabled=false", "halley.sse.enabled=false")
			.run((context) -> assertThat(context).hasSingleBean(PairHandlerAdapter.class)
				.hasSingleBean(CometRuntime.class)
				.doesNotHaveBean(EventStreamRuntime.class)
				.getBeanNames(PairHandlerMapping.class)
				.containsExactly("halleyCometHandlerMapping"));
	}

	@Test
	void takesTheProperties() {
		this.runner
			.withPropertyValues("halley.comet.heartbeat=5s", "halley.comet.timeout=1h",
					"halley.comet.remove-scripts=true", "halley.comet.overflow=latest",
					"halley.comet.send-buffer.messages=3", "halley.sse.send-timeout=2s", "halley.sse.retry=4s",
					"halley.sse.send-buffer.size=2KB")
			.run((context) -> {
				CometSettings comet = context.getBean(CometSettings.class);
				assertThat(comet.connection().pingInterval()).isEqualTo(Duration.ofSeconds(5));
				assertThat(comet.connection().overflow()).isEqualTo(Overflow.LATEST);
				assertThat(comet.connection().sendBufferMessages()).isEqualTo(3);
				assertThat(comet.timeout()).isEqualTo(Duration.ofHours(1));
				assertThat(comet.removeScripts()).isTrue();
				EventStreamSettings events = context.getBean(EventStreamSettings.class);
				assertThat(events.connection().sendTimeout()).isEqualTo(Duration.ofSeconds(2));
				assertThat(events.connection().sendBufferBytes()).isEqualTo(2048);
				assertThat(events.retry()).isEqualTo(Duration.ofSeconds(4));
			});
	}

	@Test
	void whatCannotWorkStopsTheApplication() {
		this.runner.withPropertyValues("halley.comet.heartbeat=0s")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageContaining("halley.comet.heartbeat"));
	}

}

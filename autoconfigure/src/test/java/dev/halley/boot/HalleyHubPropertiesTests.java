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
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import reactor.core.publisher.Flux;

import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * {@link HalleyHubProperties}: which hubs keep what.
 */
class HalleyHubPropertiesTests {

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(HalleyAutoConfiguration.class, JacksonAutoConfiguration.class));

	@Test
	void hubsKeepNothingByDefault() {
		this.runner.run((context) -> {
			Hub<String> hub = context.getBean(Hubs.class).hub("room.1", String.class);
			assertThatIllegalStateException().isThrownBy(() -> hub.out(Replay.last(1)))
				.withMessageContaining("halley.hub.history");
		});
	}

	@Test
	void hubsKeepWhatIsSetForTheirName() {
		this.runner
			.withPropertyValues("halley.hub.history[0].name=room.*", "halley.hub.history[0].count=2",
					"halley.hub.history[1].name=room.lobby", "halley.hub.history[1].age=1h")
			.run((context) -> {
				Hubs hubs = context.getBean(Hubs.class);
				assertThat(last(hubs.hub("room.1", String.class), "a", "b", "c")).containsExactly("b", "c");
				assertThat(last(hubs.hub("room.lobby", String.class), "a", "b", "c")).containsExactly("a", "b", "c");
			});
	}

	@Test
	void sizeIsThatOfTheEncodedMessage() {
		this.runner.withPropertyValues("halley.hub.history[0].name=*", "halley.hub.history[0].size=30B")
			.run((context) -> {
				Hub<Said> hub = context.getBean(Hubs.class).hub("room", Said.class);
				assertThat(last(hub, new Said("one"), new Said("two"), new Said("three")))
					.as("{\"text\":\"two\"} has 14 bytes")
					.containsExactly(new Said("two"), new Said("three"));
			});
	}

	@SafeVarargs
	private static <T> List<T> last(Hub<T> hub, T... messages) {
		Stream.of(messages).forEach(hub::publish);
		Flux<Object> elements = Flux
			.from(InOut.of(In.ignore(), hub.out(Replay.last(10)).through((all) -> all)).run().out());
		@SuppressWarnings("unchecked")
		List<T> received = (List<T>) elements.takeUntil(messages[messages.length - 1]::equals)
			.collectList()
			.block(Duration.ofSeconds(30));
		return received;
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			name=room.*                | history[0]        | at least one of count, age and size
			count=1                    | history[0].name   | the name of a hub, or a pattern such as room.*
			name=a,count=0             | history[0].count  | more than 0
			name=a,age=0s              | history[0].age    | 1ms at least
			name=a,size=0B             | history[0].size   | more than 0B
			""")
	void whatCannotWorkStopsTheApplication(String values, String property, String expected) {
		this.runner.withPropertyValues(
				Stream.of(values.split(",")).map((value) -> "halley.hub.history[0]." + value).toArray(String[]::new))
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageContaining("halley.hub." + property)
				.hasMessageContaining(expected));
	}

	@Test
	void membersHaveAGrace() {
		this.runner.run((context) -> assertThat(isPresentAfterItsConnection(context.getBean(Hubs.class))).isTrue());
		this.runner.withPropertyValues("halley.hub.presence.grace=0")
			.run((context) -> assertThat(isPresentAfterItsConnection(context.getBean(Hubs.class))).isFalse());
	}

	private static boolean isPresentAfterItsConnection(Hubs hubs) {
		Hub<String> hub = hubs.hub("room", String.class);
		Flux.from(InOut.of(In.ignore(), hub.join("ann", "data")).run().out()).subscribe().dispose();
		return hub.update("ann", "data");
	}

	@ParameterizedTest
	@CsvSource({ "-1s, 1ms at least", "366d, 365d at most" })
	void aGraceThatCannotWorkStopsTheApplication(String grace, String expected) {
		this.runner.withPropertyValues("halley.hub.presence.grace=" + grace)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageContaining("halley.hub.presence.grace")
				.hasMessageContaining(expected));
	}

	@Test
	void aNameThatIsSetTwiceStopsTheApplication() {
		this.runner
			.withPropertyValues("halley.hub.history[0].name=a", "halley.hub.history[0].count=1",
					"halley.hub.history[1].name=a", "halley.hub.history[1].count=2")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageContaining("halley.hub.history[1].name")
				.hasMessageContaining("each name or pattern once"));
	}

	record Said(String text) {
	}

}

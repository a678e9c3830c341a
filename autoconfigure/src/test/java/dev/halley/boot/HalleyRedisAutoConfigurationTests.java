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

import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.Disposable;
import tools.jackson.databind.JsonNode;

import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.codec.UnsupportedMessageTypeException;
import dev.halley.hub.broker.BrokerPayload;
import dev.halley.hub.broker.BrokerState;
import dev.halley.hub.broker.HistoryRange;
import dev.halley.hub.broker.HistorySlice;
import dev.halley.hub.broker.HubBroker;
import dev.halley.hub.broker.Retention;
import dev.halley.redis.RedisHubBroker;
import dev.halley.redis.RedisProcess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.fail;

/**
 * {@link HalleyRedisAutoConfiguration} and {@link HalleyHubHealthAutoConfiguration}: when
 * there is a broker, and what is said when there cannot be one.
 */
@Timeout(120)
class HalleyRedisAutoConfigurationTests {

	private static RedisProcess redis;

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(HalleyAutoConfiguration.class, HalleyRedisAutoConfiguration.class,
				HalleyHubHealthAutoConfiguration.class, JacksonAutoConfiguration.class, SslAutoConfiguration.class,
				DataRedisAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.host=127.0.0.1");

	private final WebApplicationContextRunner asked = this.runner.withPropertyValues("halley.hub.broker=redis");

	@BeforeAll
	static void start() {
		redis = RedisProcess.start(RedisProcess.REDIS_6, "--user", "hubs", "on", ">secret", "~*", "&*", "+@all");
	}

	@AfterAll
	static void stop() {
		redis.close();
	}

	private static String port() {
		return "spring.data.redis.port=" + redis.port();
	}

	@Test
	void thereIsNoBrokerUnlessItIsAskedFor() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(HubBroker.class)
			.doesNotHaveBean(HubsHealthIndicator.class)
			.hasSingleBean(Hubs.class));
	}

	@Test
	void thereIsOneIfItIsAskedFor() {
		this.asked.withPropertyValues(port()).run((context) -> {
			assertThat(context).hasSingleBean(RedisHubBroker.class).hasSingleBean(HubsHealthIndicator.class);
			BrokerState state = context.getBean(HubBroker.class).state();
			assertThat(state.up()).as(state.problem()).isTrue();
			assertThat(state.server()).contains("Redis 6.2").contains("127.0.0.1:" + redis.port());
			assertThat(context.getBean(HubsHealthIndicator.class).health().getStatus()).isEqualTo(Status.UP);
			Hub<Said> hub = context.getBean(Hubs.class).hub("room", Said.class);
			assertThat(hub.publish(new Said("a"))).succeedsWithin(Duration.ofSeconds(30));
		});
	}

	@Test
	void whoIsPresentInOneApplicationIsSoInAnother() {
		this.asked.withPropertyValues(port()).run((one) -> this.asked.withPropertyValues(port()).run((other) -> {
			Hub<Said> hub = one.getBean(Hubs.class).hub("lobby", Said.class);
			Disposable ada = run(hub.join("ada", new Said("here")));
			Hub<Said> there = other.getBean(Hubs.class).hub("lobby", Said.class);
			Disposable reader = run(there.presence());
			Map<String, ?> expected = Map.of("ada", Map.of("text", "here"));
			Awaitility.await()
				.atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(there.members()).isEqualTo(expected));
			assertThat(hub.members()).isEqualTo(expected);
			reader.dispose();
			ada.dispose();
		}));
	}

	private static Disposable run(Out<?> out) {
		return InOut.of(In.ignore(), out).run().out().subscribe();
	}

	@Test
	void doesNothingWhenDisabled() {
		this.asked.withPropertyValues("halley.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(HubBroker.class));
	}

	@Test
	void healthCanBeSwitchedOff() {
		this.asked.withPropertyValues(port(), "management.health.hubs.enabled=false")
			.run((context) -> assertThat(context).hasSingleBean(HubBroker.class)
				.doesNotHaveBean(HubsHealthIndicator.class));
	}

	@Test
	void anApplicationStartsWithoutTheServer() throws Exception {
		int free;
		try (ServerSocket socket = new ServerSocket(0)) {
			free = socket.getLocalPort();
		}
		this.asked.withPropertyValues("spring.data.redis.port=" + free).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(HubsHealthIndicator.class).health().getStatus()).isEqualTo(Status.DOWN);
			assertThat(context.getBean(Hubs.class).hub("room", String.class).publish("a"))
				.failsWithin(Duration.ofSeconds(30));
		});
	}

	@Test
	void usesUserPasswordAndUrl() {
		this.asked.withPropertyValues(port(), "spring.data.redis.username=hubs", "spring.data.redis.password=secret")
			.run((context) -> assertThat(context.getBean(HubBroker.class).state().up()).isTrue());
		this.asked.withPropertyValues("spring.data.redis.url=redis://hubs:secret@127.0.0.1:" + redis.port() + "/2")
			.run((context) -> assertThat(context.getBean(HubBroker.class).state().up()).isTrue());
		this.asked.withPropertyValues("spring.data.redis.url=redis://hubs:wrong@127.0.0.1:" + redis.port())
			.run((context) -> assertThat(context.getBean(HubBroker.class).state()).satisfies((state) -> {
				assertThat(state.up()).isFalse();
				assertThat(state.problem()).contains("WRONGPASS");
				assertThat(state.toString()).doesNotContain("wrong@");
			}));
	}

	@Test
	void tlsIsSpokenWhereItIsAskedFor() {
		this.asked.withPropertyValues(port(), "spring.data.redis.ssl.enabled=true")
			.run((context) -> assertThat(context.getBean(HubBroker.class).state().up()).as("the server has none")
				.isFalse());
	}

	@Test
	void knowsSentinelsAndClusters() {
		this.asked
			.withPropertyValues("spring.data.redis.sentinel.master=main",
					"spring.data.redis.sentinel.nodes=127.0.0.1:" + redis.port())
			.run((context) -> assertThat(context.getBean(HubBroker.class).state().server()).contains("'main'")
				.contains("sentinels 127.0.0.1:" + redis.port()));
		this.asked.withPropertyValues("spring.data.redis.cluster.nodes=127.0.0.1:" + redis.port())
			.run((context) -> assertThat(context.getBean(HubBroker.class).state().server())
				.contains("cluster of 127.0.0.1:" + redis.port()));
	}

	@Test
	void aBrokerOfTheApplicationIsUsed() {
		this.runner.withUserConfiguration(OwnBroker.class).run((context) -> {
			assertThat(context).hasSingleBean(HubBroker.class).hasSingleBean(HubsHealthIndicator.class);
			assertThat(context.getBean(Hubs.class).hub("room", String.class).publish("a"))
				.failsWithin(Duration.ofSeconds(30))
				.withThrowableOfType(ExecutionException.class)
				.withMessageContaining("nothing is carried");
		});
		this.runner.withUserConfiguration(OwnBroker.class)
			.withPropertyValues("halley.hub.broker=memory")
			.run((context) -> {
				assertThat(context.getBean(Hubs.class).hub("room", String.class).publish("a"))
					.succeedsWithin(Duration.ofSeconds(30));
				assertThat(context).doesNotHaveBean(HubsHealthIndicator.class);
			});
		this.asked.withUserConfiguration(OwnBroker.class)
			.run((context) -> assertThat(context).doesNotHaveBean(RedisHubBroker.class));
	}

	@Test
	void aBrokerThatIsNotUsedIsNotMade() {
		this.runner
			.withBean("unused", HubBroker.class, () -> fail("made"), (definition) -> definition.setLazyInit(true))
			.withPropertyValues("halley.hub.broker=memory")
			.run((context) -> assertThat(context.getBean(Hubs.class).hub("room", String.class).publish("a"))
				.succeedsWithin(Duration.ofSeconds(30)));
	}

	@Test
	void nothingConnectsUnlessItIsAskedFor() {
		try (RedisProcess server = RedisProcess.start(RedisProcess.REDIS_6)) {
			for (String broker : List.of("halley.hub.broker=memory", "spring.application.name=unset")) {
				int before = connections(server);
				this.runner.withPropertyValues("spring.data.redis.port=" + server.port(), broker)
					.run((context) -> assertThat(context.getBean(Hubs.class).hub("room", String.class).publish("a"))
						.succeedsWithin(Duration.ofSeconds(30)));
				assertThat(connections(server)).as("this one more").isEqualTo(before + 1);
			}
		}
	}

	/** All that were ever made, the one that asks included. */
	private static int connections(RedisProcess server) {
		Matcher received = Pattern.compile("total_connections_received:(\\d+)").matcher(server.command("INFO stats"));
		assertThat(received.find()).isTrue();
		return Integer.parseInt(received.group(1));
	}

	@Test
	void needsNoActuator() {
		new WebApplicationContextRunner().withUserConfiguration(AllOfIt.class)
			.withPropertyValues("halley.hub.broker=redis", "spring.data.redis.host=127.0.0.1", port())
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(RedisHubBroker.class)
				.doesNotHaveBean("hubsHealthIndicator"));
		new WebApplicationContextRunner().withUserConfiguration(AllOfIt.class)
			.withPropertyValues("halley.hub.broker=redis", "spring.data.redis.host=127.0.0.1", port())
			.run((context) -> assertThat(context).hasBean("hubsHealthIndicator"));
	}

	@Test
	void hubsOfASliceThatHasNoBrokersAreInMemory() {
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(HalleyAutoConfiguration.class, JacksonAutoConfiguration.class))
			.withPropertyValues("halley.hub.broker=redis")
			.run((context) -> assertThat(context.getBean(Hubs.class).hub("room", String.class).publish("a"))
				.succeedsWithin(Duration.ofSeconds(30)));
	}

	@ParameterizedTest
	@CsvSource({ "dev.halley.redis, halley-redis", "io.lettuce.core, lettuce-core",
			"org.springframework.boot.data.redis, spring-boot-starter-data-redis" })
	void saysWhatIsMissing(String missing, String dependency) {
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(HalleyAutoConfiguration.class, HalleyRedisAutoConfiguration.class,
					HalleyHubHealthAutoConfiguration.class, JacksonAutoConfiguration.class))
			.withPropertyValues("halley.hub.broker=redis")
			.withClassLoader(new FilteredClassLoader(missing))
			.run((context) -> {
				FailureAnalysis analysis = analyze(context.getStartupFailure());
				assertThat(analysis.getDescription()).contains("halley.hub.broker=redis").contains(dependency);
				assertThat(analysis.getAction()).contains("halley.hub.broker");
			});
	}

	@Test
	void saysThatTheConnectionIsNotConfigured() {
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(HalleyAutoConfiguration.class, HalleyRedisAutoConfiguration.class,
					JacksonAutoConfiguration.class))
			.withPropertyValues("halley.hub.broker=redis")
			.run((context) -> assertThat(analyze(context.getStartupFailure()).getDescription())
				.contains("DataRedisAutoConfiguration"));
	}

	private static FailureAnalysis analyze(@Nullable Throwable failure) {
		FailureAnalysis analysis = new MissingBrokerFailureAnalyzer().analyze(failure);
		assertThat(analysis).isNotNull();
		return analysis;
	}

	@Test
	void anUnknownBrokerStopsTheApplication() {
		this.runner.withPropertyValues("halley.hub.broker=pigeons")
			.run((context) -> assertThat(context).hasFailed().getFailure().rootCause().hasMessageContaining("pigeons"));
	}

	@ParameterizedTest
	@CsvSource({ "timeout, 0s", "probe-interval, 0s", "max-message-size, 0B", "prefix, a{b" })
	void whatCannotWorkStopsTheApplication(String property, String value) {
		this.asked.withPropertyValues("halley.hub.redis." + property + "=" + value)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageContaining("halley.hub.redis." + property));
	}

	@Test
	void aTypeThatCannotBeJsonIsRefusedWhenItsHubIsAskedFor() {
		this.asked.withPropertyValues(port()).run((context) -> {
			Hubs hubs = context.getBean(Hubs.class);
			assertThatExceptionOfType(UnsupportedMessageTypeException.class)
				.isThrownBy(() -> hubs.hub("any", Object.class));
			assertThatExceptionOfType(UnsupportedMessageTypeException.class)
				.isThrownBy(() -> hubs.hub("abstract", Runnable.class));
			assertThat(hubs.hub("tree", JsonNode.class)).isNotNull();
		});
	}

	record Said(String text) {
	}

	/** By name, as an application has them. */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ HalleyAutoConfiguration.class, HalleyRedisAutoConfiguration.class,
			HalleyHubHealthAutoConfiguration.class, JacksonAutoConfiguration.class, SslAutoConfiguration.class,
			DataRedisAutoConfiguration.class })
	static class AllOfIt {

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnBroker {

		@Bean
		HubBroker ownBroker() {
			return new HubBroker() {
				@Override
				public CompletionStage<Placement> publish(String hub, BrokerPayload payload, Retention retention,
						@Nullable String key) {
					return CompletableFuture.failedStage(new IllegalStateException("nothing is carried"));
				}

				@Override
				public Registration subscribe(String hub, Listener listener) {
					return () -> {
					};
				}

				@Override
				public CompletionStage<HistorySlice> read(String hub, HistoryRange range, Retention retention) {
					return CompletableFuture.failedStage(new IllegalStateException("nothing is kept"));
				}

				@Override
				public int maxPayloadSize() {
					return 1000;
				}

				@Override
				public BrokerState state() {
					return new BrokerState(true, "none", null, Map.of());
				}
			};
		}

	}

}

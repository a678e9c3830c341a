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

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import jakarta.validation.Validator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.Overflow;
import dev.halley.client.ClientConnection;
import dev.halley.client.ConnectFailedException;
import dev.halley.client.ConnectionState;
import dev.halley.client.HalleyClient;
import dev.halley.codec.MessageCodecs;
import dev.halley.connection.ConnectionSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * {@link HalleyClientAutoConfiguration}: the builder, and what it begins with.
 */
class HalleyClientAutoConfigurationTests {

	private static final AutoConfigurations CONFIGURATIONS = AutoConfigurations.of(HalleyAutoConfiguration.class,
			HalleyClientAutoConfiguration.class, HalleyContextAutoConfiguration.class, JacksonAutoConfiguration.class,
			SslAutoConfiguration.class);

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(CONFIGURATIONS);

	private final WebApplicationContextRunner web = new WebApplicationContextRunner().withConfiguration(CONFIGURATIONS);

	private static ConnectionSettings settings(HalleyClient.Builder builder) {
		AtomicReference<ConnectionSettings> settings = new AtomicReference<>();
		builder.settings((current) -> {
			settings.set(current);
			return current;
		});
		return settings.get();
	}

	@Test
	void eachPlaceHasABuilderOfItsOwnWithTheDefaultsOfTheCore() {
		this.runner.run((context) -> {
			HalleyClient.Builder builder = context.getBean(HalleyClient.Builder.class);
			assertThat(builder).isNotSameAs(context.getBean(HalleyClient.Builder.class));
			assertThat(settings(builder)).isEqualTo(ConnectionSettings.DEFAULT);
			assertThat(context).hasSingleBean(MessageCodecs.class);
		});
	}

	@Test
	void theServersCodecsAreTheClients() {
		this.web.run((context) -> assertThat(context).hasSingleBean(MessageCodecs.class)
			.hasSingleBean(HalleyClient.Builder.class));
	}

	@Test
	void takesTheProperties() {
		this.runner
			.withPropertyValues("halley.client.max-message-size=2KB", "halley.client.idle-timeout=6m",
					"halley.client.ping-interval=7s", "halley.client.pong-timeout=8s", "halley.client.close-timeout=9s",
					"halley.client.send-timeout=11s", "halley.client.send-buffer.messages=12",
					"halley.client.send-buffer.size=13KB", "halley.client.overflow=latest")
			.run((context) -> assertThat(settings(context.getBean(HalleyClient.Builder.class)))
				.isEqualTo(new ConnectionSettings(12, 13 * 1024, Overflow.LATEST, 2048, Duration.ofMinutes(6),
						Duration.ofSeconds(7), Duration.ofSeconds(8), Duration.ofSeconds(9), Duration.ofSeconds(11))));
	}

	@Test
	void takesTheTimesOfAttempts() {
		BlockingQueue<ConnectionState> states = new LinkedBlockingQueue<>();
		this.runner
			.withPropertyValues("halley.client.reconnect.first-delay=1ms", "halley.client.reconnect.max-delay=1ms",
					"halley.client.reconnect.lasting=0s")
			.run((context) -> {
				try (HalleyClient client = context.getBean(HalleyClient.Builder.class).build()) {
					client.webSocket("ws://localhost:1/")
						.onState(states::add)
						.connect(() -> InOut.of(In.ignore(), Out.<String>never()));
					for (int i = 0; i < 5; i++) {
						assertThat(states.poll(30, TimeUnit.SECONDS)).isInstanceOf(ConnectionState.Connecting.class);
						assertThat(states.poll(30, TimeUnit.SECONDS)).isInstanceOfSatisfying(
								ConnectionState.Waiting.class,
								(waiting) -> assertThat(waiting.delay()).isLessThanOrEqualTo(Duration.ofMillis(1)));
					}
				}
			});
	}

	@Test
	void whatCannotWorkStopsTheApplication() {
		this.runner.withPropertyValues("halley.client.reconnect.max-delay=10ms")
			.withUserConfiguration(Application.class)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageContaining("halley.client.reconnect.max-delay"));
		this.runner.withPropertyValues("halley.client.pong-timeout=0s")
			.withUserConfiguration(Application.class)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageContaining("halley.client.pong-timeout"));
	}

	@Test
	void customizersComeAfterTheProperties() {
		this.runner.withPropertyValues("halley.client.max-message-size=2KB")
			.withBean(HalleyClientCustomizer.class,
					() -> (builder) -> builder
						.settings((settings) -> settings.withMaxMessageSize(settings.maxMessageSize() + 1)))
			.run((context) -> assertThat(settings(context.getBean(HalleyClient.Builder.class)).maxMessageSize())
				.isEqualTo(2049));
	}

	@Test
	void theApplicationsBuilderWins() {
		HalleyClient.Builder own = HalleyClient.builder();
		this.runner.withBean(HalleyClient.Builder.class, () -> own)
			.run((context) -> assertThat(context.getBean(HalleyClient.Builder.class)).isSameAs(own));
	}

	@Test
	void hasASwitch() {
		for (String property : new String[] { "halley.client.enabled=false", "halley.enabled=false" }) {
			this.runner.withPropertyValues(property)
				.run((context) -> assertThat(context).doesNotHaveBean(HalleyClient.Builder.class));
		}
	}

	@Test
	void needsNothingThatIsOptional() {
		for (Class<?> missing : new Class<?>[] { ObservationRegistry.class, JsonMapper.class, Validator.class }) {
			this.runner.withClassLoader(new FilteredClassLoader(missing))
				.run((context) -> assertThat(context).as(missing.getName())
					.hasNotFailed()
					.hasSingleBean(HalleyClient.Builder.class));
		}
		this.runner.withClassLoader(new FilteredClassLoader("io.micrometer"))
			.run((context) -> context.getBean(HalleyClient.Builder.class).build().close());
	}

	@Test
	void aClientThatIsABeanEndsWithTheApplication() {
		AtomicReference<HalleyClient> client = new AtomicReference<>();
		this.runner.withUserConfiguration(Application.class)
			.run((context) -> client.set(context.getBean(HalleyClient.class)));
		assertThat(catchThrowable(() -> client.get().events("http://localhost/", String.class)))
			.hasMessageStartingWith("The client is closed");
	}

	@Test
	void attemptsAreObserved() {
		BlockingQueue<String> observed = new LinkedBlockingQueue<>();
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler(new ObservationHandler<>() {

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

			@Override
			public void onStop(Observation.Context context) {
				observed.add(context.getName());
			}

		});
		this.runner.withBean(ObservationRegistry.class, () -> registry)
			.withUserConfiguration(Application.class)
			.run((context) -> {
				context.getBean(HalleyClient.class).connect("ws://localhost:1/", InOut.of(In.ignore(), Out.never()));
				assertThat(observed.poll(30, TimeUnit.SECONDS)).isEqualTo("halley.client.connect");
			});
	}

	@Test
	void trustsWhatTheSslBundleSays(@TempDir Path directory) throws Exception {
		TestKeys keys = TestKeys.create(directory);
		try (ServletWebServerApplicationContext server = Server.TOMCAT_LOOPS.start(keys.properties())) {
			String uri = "wss://localhost:" + Server.port(server) + "/echo";
			this.runner
				.withPropertyValues("halley.client.ssl.bundle=partner",
						"spring.ssl.bundle.jks.partner.truststore.location=file:" + keys.file(),
						"spring.ssl.bundle.jks.partner.truststore.password=changeit",
						"spring.ssl.bundle.jks.partner.truststore.type=PKCS12")
				.withUserConfiguration(Application.class)
				.run((context) -> assertThat(echo(context.getBean(HalleyClient.class), uri)).isEqualTo("Hello"));
			this.runner.withUserConfiguration(Application.class).run((context) -> {
				ClientConnection connection = context.getBean(HalleyClient.class)
					.connect(uri, InOut.of(In.ignore(), Out.never()));
				assertThat(catchThrowable(() -> connection.done().toCompletableFuture().get(30, TimeUnit.SECONDS))
					.getCause()).isInstanceOf(ConnectFailedException.class)
					.hasMessageContaining("SSLHandshakeException");
			});
		}
	}

	private static String echo(HalleyClient client, String uri) throws InterruptedException {
		BlockingQueue<String> received = new LinkedBlockingQueue<>();
		client.connect(uri, InOut.of(In.forEach(received::add), Out.of("Hello").andThen(Out.never())));
		return received.poll(30, TimeUnit.SECONDS);
	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

		@Bean
		HalleyClient client(HalleyClient.Builder builder) {
			return builder.build();
		}

	}

}

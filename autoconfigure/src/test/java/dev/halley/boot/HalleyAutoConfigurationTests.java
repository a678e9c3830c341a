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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import jakarta.validation.Validator;
import jakarta.validation.constraints.NotBlank;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;
import org.springframework.scheduling.TaskScheduler;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.codec.InvalidMessageException;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.MessageCodecs;
import dev.halley.codec.Payload;
import dev.halley.codec.UnsupportedMessageTypeException;
import dev.halley.connection.ConnectionLimits;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.ConnectionTimer;
import dev.halley.connection.TooManyConnectionsException;
import dev.halley.web.MessageExceptionHandlers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * {@link HalleyAutoConfiguration}: what it makes, and when it stands back.
 */
class HalleyAutoConfigurationTests {

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(HalleyAutoConfiguration.class, JacksonAutoConfiguration.class,
				ValidationAutoConfiguration.class, TaskExecutionAutoConfiguration.class,
				TaskSchedulingAutoConfiguration.class));

	@Test
	void makesWhatConnectionsNeedByDefault() {
		this.runner.run((context) -> assertThat(context).hasSingleBean(ConnectionRegistry.class)
			.hasSingleBean(ConnectionTimer.class)
			.hasSingleBean(ConnectionLifecycle.class)
			.hasSingleBean(MessageCodecs.class)
			.hasSingleBean(MessageExceptionHandlers.class)
			.hasSingleBean(Hubs.class));
	}

	@Test
	void doesNothingWhenDisabled() {
		this.runner.withPropertyValues("halley.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(ConnectionRegistry.class)
				.doesNotHaveBean(ConnectionLifecycle.class)
				.doesNotHaveBean(Hubs.class));
	}

	@Test
	void doesNothingOutsideOfWebApplications() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(HalleyAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ConnectionRegistry.class));
	}

	@Test
	void doesNothingInReactiveWebApplications() {
		new ReactiveWebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(HalleyAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ConnectionRegistry.class));
	}

	@Test
	void leavesTheBeansThatUsersInjectByTypeAlone() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(Executor.class).hasBean("applicationTaskExecutor");
			assertThat(context.getBeanNamesForType(TaskScheduler.class))
				.allSatisfy((name) -> assertThat(name).doesNotContain("halley"));
		});
	}

	@Test
	void limitsConnectionsByDefault() {
		this.runner.run((context) -> {
			ConnectionRegistry registry = context.getBean(ConnectionRegistry.class);
			for (int i = 0; i < 100; i++) {
				registry.reserve("192.0.2.1", "ada");
			}
			assertThatExceptionOfType(TooManyConnectionsException.class)
				.isThrownBy(() -> registry.reserve("192.0.2.1", "ada"))
				.withMessageContaining("user");
		});
	}

	@Test
	void takesTheLimitsFromTheConfiguration() {
		this.runner.withPropertyValues("halley.limits.connections=3", "halley.limits.per-address=2").run((context) -> {
			ConnectionRegistry registry = context.getBean(ConnectionRegistry.class);
			registry.reserve("192.0.2.1", null);
			registry.reserve("192.0.2.1", null);
			assertThatExceptionOfType(TooManyConnectionsException.class)
				.isThrownBy(() -> registry.reserve("192.0.2.1", null))
				.withMessageContaining("address");
			registry.reserve("192.0.2.2", null);
			assertThatExceptionOfType(TooManyConnectionsException.class)
				.isThrownBy(() -> registry.reserve("192.0.2.3", null))
				.withMessageContaining("connections: 3");
		});
	}

	@Test
	void limitsHowManyComeWithinASecondIfToldTo() {
		this.runner.withPropertyValues("halley.limits.connections-per-second=1").run((context) -> {
			ConnectionRegistry registry = context.getBean(ConnectionRegistry.class);
			Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
				registry.reserve("192.0.2.1", null).close();
				assertThatExceptionOfType(TooManyConnectionsException.class)
					.isThrownBy(() -> registry.reserve("192.0.2.1", null))
					.withMessageContaining("within a second");
			});
		});
	}

	@Test
	void takesTheUsersRegistry() {
		ConnectionRegistry own = new ConnectionRegistry(Runnable::run, Runnable::run, ConnectionLimits.NONE,
				System::nanoTime);
		this.runner.withBean("own", ConnectionRegistry.class, () -> own)
			.run((context) -> assertThat(context).getBean(ConnectionRegistry.class).isSameAs(own));
	}

	@Test
	void takesTheUsersTimer() {
		this.runner
			.withBean("own", ConnectionTimer.class,
					() -> new ConnectionTimer(new ConnectionRegistry(Runnable::run, Runnable::run,
							ConnectionLimits.NONE, System::nanoTime), Duration.ofMinutes(1)))
			.run((context) -> assertThat(context).getBeanNames(ConnectionTimer.class).containsExactly("own"));
	}

	@Test
	void takesTheUsersCodecs() {
		MessageCodecs own = MessageCodecs.builder().build();
		this.runner.withBean("own", MessageCodecs.class, () -> own)
			.run((context) -> assertThat(context).getBean(MessageCodecs.class).isSameAs(own));
	}

	@Test
	void takesTheUsersExceptionHandlers() {
		this.runner.withUserConfiguration(OwnExceptionHandlers.class)
			.run((context) -> assertThat(context).getBeanNames(MessageExceptionHandlers.class).containsExactly("own"));
	}

	@Test
	void hubsDeliverOnThreadsOfTheirOwnWhatPublishersLeave() {
		this.runner.run((context) -> {
			Hub<String> answers = context.getBean(Hubs.class).hub("answers", String.class);
			Hub<String> questions = context.getBean(Hubs.class).hub("questions", String.class);
			CompletableFuture<String> thread = new CompletableFuture<>();
			run(questions.out().map((question) -> answers.publish(question + "!")));
			run(answers.out().map((answer) -> thread.complete(Thread.currentThread().getName())));
			questions.publish("why");
			assertThat(thread.get(20, TimeUnit.SECONDS)).startsWith("halley-hub-");
		});
	}

	private static void run(Out<?> out) {
		InOut.of(In.ignore(), out).run().out().subscribe();
	}

	@Test
	void takesTheUsersHubs() {
		Hubs own = Hubs.inMemory();
		this.runner.withBean("own", Hubs.class, () -> own)
			.run((context) -> assertThat(context).getBean(Hubs.class).isSameAs(own));
	}

	@Test
	void writesJsonWithTheApplicationsMapper() {
		this.runner.withPropertyValues("spring.jackson.property-naming-strategy=SNAKE_CASE")
			.run((context) -> assertThat(encode(context.getBean(MessageCodecs.class), new Planet("Venus", 12104)))
				.isEqualTo("{\"name\":\"Venus\",\"diameter_in_km\":12104}"));
	}

	@Test
	void customizersOfTheApplicationComeAfterItsMapper() {
		JsonMapper own = JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE).build();
		this.runner.withPropertyValues("spring.jackson.property-naming-strategy=SNAKE_CASE")
			.withBean(MessageCodecsBuilderCustomizer.class, () -> (builder) -> builder.json(own))
			.run((context) -> assertThat(encode(context.getBean(MessageCodecs.class), new Planet("Venus", 12104)))
				.isEqualTo("{\"name\":\"Venus\",\"diameter-in-km\":12104}"));
	}

	@Test
	void worksWithoutJackson() {
		this.runner.withClassLoader(new FilteredClassLoader(JsonMapper.class)).run((context) -> {
			MessageCodecs codecs = context.getBean(MessageCodecs.class);
			assertThat(encode(codecs, "text")).isEqualTo("text");
			assertThatExceptionOfType(UnsupportedMessageTypeException.class)
				.isThrownBy(() -> codecs.codec(ResolvableType.forClass(Planet.class)));
		});
	}

	@Test
	void worksWithoutAMapper() {
		new WebApplicationContextRunner().withConfiguration(AutoConfigurations.of(HalleyAutoConfiguration.class))
			.run((context) -> assertThat(encode(context.getBean(MessageCodecs.class), "text")).isEqualTo("text"));
	}

	@Test
	void validatesWithTheApplicationsValidator() {
		this.runner.run((context) -> {
			MessageCodec<?> codec = context.getBean(MessageCodecs.class)
				.validatedInbound(ResolvableType.forClass(Planet.class));
			assertThatExceptionOfType(InvalidMessageException.class)
				.isThrownBy(() -> codec.decode(Payload.text("{\"name\":\"\",\"diameterInKm\":1}")))
				.withMessageContaining("name");
		});
	}

	@Test
	void worksWithoutValidation() {
		this.runner.withClassLoader(new FilteredClassLoader(Validator.class)).run((context) -> {
			MessageCodec<?> codec = context.getBean(MessageCodecs.class)
				.validatedInbound(ResolvableType.forClass(Planet.class));
			assertThat(codec.decode(Payload.text("{\"name\":\"\",\"diameterInKm\":1}"))).isEqualTo(new Planet("", 1));
		});
	}

	@Test
	void takesTheUsersCodecBeansInTheirOrderWithTheTypesOfTheirDefinitions() {
		this.runner.withUserConfiguration(OwnCodecs.class)
			.run((context) -> assertThat(encode(context.getBean(MessageCodecs.class), new Planet("Venus", 12104)))
				.isEqualTo("first Venus"));
	}

	@Test
	void endsConnectionsBeforeTheWebServersGracefulShutdown() {
		this.runner.run((context) -> {
			ConnectionLifecycle lifecycle = context.getBean(ConnectionLifecycle.class);
			assertThat(lifecycle.isRunning()).isTrue();
			assertThat(lifecycle.getPhase()).isGreaterThan(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE);
		});
	}

	@Test
	void acceptsAgainAfterARestart() {
		this.runner.run((context) -> {
			ConnectionRegistry registry = context.getBean(ConnectionRegistry.class);
			ConnectionLifecycle lifecycle = context.getBean(ConnectionLifecycle.class);
			lifecycle.stop();
			assertThat(registry.isAccepting()).isFalse();
			assertThat(lifecycle.isRunning()).isFalse();
			lifecycle.start();
			assertThat(registry.isAccepting()).isTrue();
		});
	}

	@Test
	void runsItsTimerOnlyWhileTheApplicationRuns() {
		Set<Thread> others = timerThreads();
		this.runner
			.run((context) -> assertThat(timerThreads()).filteredOn((thread) -> !others.contains(thread)).hasSize(1));
		Awaitility.await().untilAsserted(() -> assertThat(timerThreads()).isSubsetOf(others));
	}

	@Test
	void runsWorkOnDaemonThreadsOfItsOwn() {
		this.runner.run((context) -> assertThat(workerThread(context.getBean(ConnectionRegistry.class)))
			.satisfies((thread) -> assertThat(thread.getName()).startsWith("halley-"))
			.satisfies((thread) -> assertThat(thread.isDaemon()).isTrue()));
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void runsWorkOnVirtualThreadsWhereTheApplicationDoes() {
		this.runner.withPropertyValues("spring.threads.virtual.enabled=true")
			.run((context) -> assertThat(workerThread(context.getBean(ConnectionRegistry.class)))
				.satisfies((thread) -> assertThat(Thread.class.getMethod("isVirtual").invoke(thread)).isEqualTo(true)));
	}

	@Test
	void worksWithLazyInitialization() {
		Set<Thread> others = timerThreads();
		this.runner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThat(timerThreads()).hasSize(others.size() + 1));
	}

	private static Thread workerThread(ConnectionRegistry registry) throws Exception {
		CompletableFuture<Thread> thread = new CompletableFuture<>();
		registry.executor().execute(() -> thread.complete(Thread.currentThread()));
		return thread.get(30, TimeUnit.SECONDS);
	}

	/** Contexts of other tests may be kept, and have theirs. */
	private static Set<Thread> timerThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.isAlive() && thread.getName().equals("halley-timer"))
			.collect(Collectors.toSet());
	}

	@SuppressWarnings("unchecked")
	private static String encode(MessageCodecs codecs, Object message) throws Exception {
		MessageCodec<Object> codec = (MessageCodec<Object>) codecs.codec(ResolvableType.forClass(message.getClass()));
		return codec.encode(message).text();
	}

	record Planet(@NotBlank String name, int diameterInKm) {
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnCodecs {

		@Bean
		@Order(2)
		MessageCodec<Planet> secondCodec() {
			return new PrefixCodec<>("second ");
		}

		@Bean
		@Order(1)
		MessageCodec<Planet> firstCodec() {
			return new PrefixCodec<>("first ");
		}

	}

	/** Does not tell the type of its messages: its bean definition does. */
	record PrefixCodec<T>(String prefix) implements MessageCodec<T> {

		@Override
		public Payload encode(T message) {
			return Payload.text(this.prefix + ((Planet) message).name());
		}

		@Override
		public T decode(Payload payload) {
			throw new AssertionError("Only what goes out is encoded here");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnExceptionHandlers {

		@Bean
		MessageExceptionHandlers own(MessageCodecs codecs) {
			return new MessageExceptionHandlers(codecs, List.of());
		}

	}

}

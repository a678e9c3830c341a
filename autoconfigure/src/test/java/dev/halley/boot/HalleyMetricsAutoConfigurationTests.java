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
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

import dev.halley.connection.CloseReason;
import dev.halley.connection.ConnectionMeter;
import dev.halley.connection.ConnectionObserver;
import dev.halley.connection.ConnectionRegistry;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link HalleyMetricsAutoConfiguration}: what it makes, and when it stands back.
 */
class HalleyMetricsAutoConfigurationTests {

	private static final AutoConfigurations HALLEY = AutoConfigurations.of(HalleyAutoConfiguration.class,
			HalleyMetricsAutoConfiguration.class);

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner().withConfiguration(HALLEY);

	private final WebApplicationContextRunner measured = this.runner.withBean(MeterRegistry.class,
			SimpleMeterRegistry::new);

	@Test
	void connectionsAndHubsAreMeasuredWhereThereIsAMeterRegistry() {
		this.measured.run((context) -> assertThat(context).hasSingleBean(HubMetrics.class)
			.getBean(ConnectionRegistry.class)
			.extracting(ConnectionRegistry::observer)
			.isSameAs(context.getBean(ConnectionMetrics.class)));
	}

	@Test
	void nothingIsMeasuredWithoutAMeterRegistry() {
		this.runner.run((context) -> assertThat(context).hasNotFailed()
			.doesNotHaveBean(HubMetrics.class)
			.getBean(ConnectionRegistry.class)
			.extracting(ConnectionRegistry::observer)
			.isSameAs(ConnectionObserver.NONE));
	}

	@Test
	void nothingIsNeededOfMicrometer() {
		this.runner.withClassLoader(new FilteredClassLoader("io.micrometer"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(ConnectionRegistry.class)
				.doesNotHaveBean(HalleyMetricsAutoConfiguration.class));
	}

	@Test
	void aPropertySwitchesItOff() {
		for (String off : new String[] { "halley.metrics.enabled=false", "halley.enabled=false" }) {
			this.measured.withPropertyValues(off)
				.run((context) -> assertThat(context).as(off)
					.hasNotFailed()
					.doesNotHaveBean(ConnectionMetrics.class)
					.doesNotHaveBean(HubMetrics.class));
		}
	}

	@Test
	void nothingIsMeasuredOutsideOfWebApplications() {
		new ApplicationContextRunner().withConfiguration(HALLEY)
			.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(HubMetrics.class));
	}

	@Test
	void anObserverOfTheApplicationTakesItsPlace() {
		this.measured.withUserConfiguration(Observing.class)
			.run((context) -> assertThat(context).doesNotHaveBean(ConnectionMetrics.class)
				.getBean(ConnectionRegistry.class)
				.extracting(ConnectionRegistry::observer)
				.isSameAs(context.getBean(ConnectionObserver.class)));
	}

	private static void measure(ApplicationContext context, MeterRegistry registry) {
		ConnectionMetrics metrics = context.getBean(ConnectionMetrics.class);
		ConnectionObserver.Wire wire = new ConnectionObserver.Wire("sse", "/a");
		metrics.handshake(wire, ConnectionObserver.Outcome.ACCEPTED, 0);
		metrics.connected(wire, null).ended(CloseReason.LOST, Duration.ofSeconds(1));
		context.getBean(HubMetrics.class).bindTo(registry);
	}

	private static Set<String> names(MeterRegistry registry) {
		return registry.getMeters().stream().map((meter) -> meter.getId().getName()).collect(Collectors.toSet());
	}

	private static Set<String> all() {
		return Stream.of(HalleyMeter.values()).map(HalleyMeter::getName).collect(Collectors.toSet());
	}

	@Test
	void metersGoWithTheirContext() {
		MeterRegistry registry = new SimpleMeterRegistry();
		try (GenericApplicationContext parent = parent(registry)) {
			for (int i = 0; i < 2; i++) {
				this.runner.withParent(parent).run((context) -> {
					measure(context, registry);
					assertThat(names(registry)).containsAll(all());
					assertThat(registry.get("halley.handshakes").counter().count()).isOne();
				});
				assertThat(registry.getMeters()).isEmpty();
			}
		}
	}

	@Test
	void metersOfAnotherContextStay() {
		MeterRegistry registry = new SimpleMeterRegistry();
		try (GenericApplicationContext parent = parent(registry)) {
			WebApplicationContextRunner child = this.runner.withParent(parent);
			child.run((first) -> {
				measure(first, registry);
				child.run((second) -> measure(second, registry));
				assertThat(names(registry)).containsAll(all());
				assertThat(registry.get("halley.handshakes").counter().count()).isEqualTo(2);
			});
			assertThat(registry.getMeters()).isEmpty();
		}
	}

	/** Micrometer warns of gauges that are. */
	@Test
	void nothingIsRegisteredTwice() {
		Logger logger = (Logger) LoggerFactory.getLogger(MeterRegistry.class);
		ListAppender<ILoggingEvent> lines = new ListAppender<>();
		Level before = logger.getLevel();
		MeterRegistry registry = new SimpleMeterRegistry();
		lines.start();
		logger.addAppender(lines);
		// It warns once, and debugs from then on
		logger.setLevel(Level.DEBUG);
		try (GenericApplicationContext parent = parent(registry)) {
			WebApplicationContextRunner child = this.runner.withParent(parent);
			child.run((first) -> {
				measure(first, registry);
				child.run((second) -> measure(second, registry));
			});
		}
		finally {
			logger.setLevel(before);
			logger.detachAppender(lines);
		}
		assertThat(lines.list).extracting(ILoggingEvent::getFormattedMessage)
			.noneMatch((line) -> line.contains("already registered"));
	}

	@Test
	void whatEndsAfterItsContextLeavesNoMeter() {
		MeterRegistry registry = new SimpleMeterRegistry();
		ConnectionMetrics metrics = new ConnectionMetrics(registry, () -> {
			throw new IllegalStateException("Nobody asks");
		});
		ConnectionMeter meter = metrics.connected(new ConnectionObserver.Wire("sse", "/a"), null);
		assertThat(registry.getMeters()).isNotEmpty();
		metrics.close();
		meter.ended(CloseReason.LOST, Duration.ofSeconds(1));
		assertThat(registry.getMeters()).isEmpty();
	}

	private static GenericApplicationContext parent(MeterRegistry registry) {
		GenericApplicationContext parent = new GenericApplicationContext();
		parent.registerBean(MeterRegistry.class, () -> registry);
		parent.refresh();
		return parent;
	}

	@Configuration(proxyBeanMethods = false)
	static class Observing {

		@Bean
		ConnectionObserver observer() {
			return new ConnectionObserver() {
			};
		}

	}

}

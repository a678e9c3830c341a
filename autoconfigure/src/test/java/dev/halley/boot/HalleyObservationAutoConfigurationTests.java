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

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

import dev.halley.connection.ConnectionObserver.Outcome;
import dev.halley.connection.ConnectionObserver.Wire;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.ConnectionTracer;
import dev.halley.observation.ConnectionObservations;
import dev.halley.observation.HandshakeObservationConvention;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link HalleyObservationAutoConfiguration}: what it makes, and when it stands back.
 */
class HalleyObservationAutoConfigurationTests {

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(HalleyAutoConfiguration.class, HalleyObservationAutoConfiguration.class));

	private final WebApplicationContextRunner observed = this.runner.withBean(ObservationRegistry.class,
			ObservationRegistry::create);

	@Test
	void handshakesAreObservedWhereThereIsARegistry() {
		this.observed.run((context) -> assertThat(context.getBean(ConnectionRegistry.class).tracer())
			.isSameAs(context.getBean(ConnectionObservations.class)));
	}

	@Test
	void nothingIsObservedWithoutARegistryOrMicrometerOrWhereItIsSwitchedOff() {
		this.runner.run((context) -> assertThat(context.getBean(ConnectionRegistry.class).tracer())
			.isSameAs(ConnectionTracer.NONE));
		this.runner.withClassLoader(new FilteredClassLoader("io.micrometer"))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(ConnectionRegistry.class));
		this.observed.withPropertyValues("halley.observations.enabled=false")
			.run((context) -> assertThat(context.getBean(ConnectionRegistry.class).tracer())
				.isSameAs(ConnectionTracer.NONE));
	}

	@Test
	void aTracerOfTheApplicationTakesItsPlace() {
		ConnectionTracer tracer = new ConnectionTracer() {
		};
		this.observed.withBean(ConnectionTracer.class, () -> tracer)
			.run((context) -> assertThat(context).doesNotHaveBean(ConnectionObservations.class)
				.getBean(ConnectionRegistry.class)
				.extracting(ConnectionRegistry::tracer)
				.isSameAs(tracer));
	}

	@Test
	void aConventionOfTheApplicationNamesThem() {
		this.observed.withBean(HandshakeObservationConvention.class, Mine::new).run((context) -> {
			StringBuilder name = new StringBuilder();
			context.getBean(ObservationRegistry.class)
				.observationConfig()
				.observationHandler(new ObservationHandler<Observation.Context>() {

					@Override
					public void onStop(Observation.Context stopped) {
						name.append(stopped.getName());
					}

					@Override
					public boolean supportsContext(Observation.Context each) {
						return true;
					}

				});
			context.getBean(ConnectionTracer.class).handshake(new Wire("sse", "/a")).ended(Outcome.ACCEPTED, 0);
			assertThat(name).hasToString("mine");
		});
	}

	static class Mine implements HandshakeObservationConvention {

		@Override
		public String getName() {
			return "mine";
		}

	}

}

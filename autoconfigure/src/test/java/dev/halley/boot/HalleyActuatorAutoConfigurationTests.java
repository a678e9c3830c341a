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

import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.web.WebEndpointHttpMethod;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.web.socket.CloseStatus;

import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.Connections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * {@link HalleyActuatorAutoConfiguration}: what is there when.
 */
class HalleyActuatorAutoConfigurationTests {

	private static final AutoConfigurations CONFIGURATIONS = AutoConfigurations.of(HalleyAutoConfiguration.class,
			HalleyActuatorAutoConfiguration.class);

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(CONFIGURATIONS)
		.withPropertyValues("management.endpoints.web.exposure.include=halley");

	@Test
	void theEndpointIsThereIfItIsExposed() {
		this.runner.run((context) -> assertThat(context).hasSingleBean(HalleyEndpoint.class)
			.hasSingleBean(HalleyEndpointWebExtension.class)
			.hasBean("halleyHealthIndicator"));
	}

	@Test
	void theEndpointIsNotThereIfItIsNotExposed() {
		this.runner.withPropertyValues("management.endpoints.web.exposure.include=health")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(HalleyEndpoint.class)
				.doesNotHaveBean(HalleyEndpointWebExtension.class)
				.hasBean("halleyHealthIndicator"));
	}

	@Test
	void theEndpointIsNotThereIfNobodyHasAccess() {
		this.runner.withPropertyValues("management.endpoint.halley.access=NONE")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(HalleyEndpoint.class));
	}

	/** What closes connections and drains is no reading. */
	@Test
	void whoMayOnlyReadClosesNothing() {
		this.runner
			.withConfiguration(
					AutoConfigurations.of(EndpointAutoConfiguration.class, WebEndpointAutoConfiguration.class))
			.withPropertyValues("management.endpoint.halley.access=READ_ONLY")
			.run((context) -> assertThat(context.getBean(WebEndpointsSupplier.class).getEndpoints()).singleElement()
				.satisfies((endpoint) -> assertThat(endpoint.getOperations()).hasSize(3)
					.allMatch((operation) -> operation.getRequestPredicate()
						.getHttpMethod() == WebEndpointHttpMethod.GET)));
	}

	@Test
	void saysWhyOtherNodesMayNotHaveBeenTold() {
		Connections connections = mock(Connections.class);
		CompletableFuture<Void> down = CompletableFuture.failedFuture(new IllegalStateException("the broker is down"));
		given(connections.close("ann", CloseStatus.POLICY_VIOLATION)).willReturn(new Connections.Closed(2, down),
				new Connections.Closed(1, new CompletableFuture<>()));
		HalleyEndpoint endpoint = new HalleyEndpoint(mock(OperatorViews.class), connections,
				mock(ConnectionLifecycle.class), Show.NEVER);
		assertThat(endpoint.closeUser("connections", "ann", null, null))
			.isEqualTo(new OperatorViews.Closed(2, "the broker is down"));
		Thread.currentThread().interrupt();
		OperatorViews.Closed closed = endpoint.closeUser("connections", "ann", null, null);
		assertThat(Thread.interrupted()).as("still interrupted").isTrue();
		assertThat(closed).isEqualTo(new OperatorViews.Closed(1, "Interrupted"));
	}

	@Test
	void healthAndInfoAreSwitchedOff() {
		this.runner.withPropertyValues("management.health.halley.enabled=false", "management.info.halley.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean("halleyHealthIndicator")
				.doesNotHaveBean(HalleyInfoContributor.class)
				.hasSingleBean(HalleyEndpoint.class));
	}

	@Test
	void aHealthIndicatorOfTheApplicationWins() {
		HealthIndicator own = () -> null;
		this.runner.withBean("halleyHealthIndicator", HealthIndicator.class, () -> own)
			.run((context) -> assertThat(context).getBean("halleyHealthIndicator").isSameAs(own));
	}

	@Test
	void nothingIsThereWithoutActuator() {
		this.runner.withClassLoader(new FilteredClassLoader(Endpoint.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(ConnectionRegistry.class)
				.doesNotHaveBean("halleyEndpoint")
				.doesNotHaveBean("halleyOperatorViews"));
	}

	@Test
	void theEndpointIsThereWithoutHealth() {
		this.runner.withClassLoader(new FilteredClassLoader(HealthIndicator.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(HalleyEndpoint.class)
				.doesNotHaveBean("halleyHealthIndicator"));
	}

	@Test
	void nothingIsThereIfHalleyIsSwitchedOff() {
		this.runner.withPropertyValues("halley.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(HalleyEndpoint.class)
				.doesNotHaveBean("halleyHealthIndicator"));
	}

	@Test
	void nothingIsThereWhereNothingIsServed() {
		new ApplicationContextRunner().withConfiguration(CONFIGURATIONS)
			.withPropertyValues("management.endpoints.web.exposure.include=halley")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(HalleyEndpoint.class));
	}

}

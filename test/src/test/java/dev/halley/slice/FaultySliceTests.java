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

package dev.halley.slice;

import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Controller;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestContextManager;

import dev.halley.Hubs;
import dev.halley.InOut;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.slice.Shop.FixedPrices;
import dev.halley.slice.Shop.NoteController;
import dev.halley.slice.Shop.PageController;
import dev.halley.slice.Shop.TickController;
import dev.halley.test.FakeHubBroker;
import dev.halley.test.HalleyTest;
import dev.halley.test.HubTester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Slices that cannot be, which say what to write instead.
 */
class FaultySliceTests {

	@Test
	void aClassThatIsNoController() {
		assertThatIllegalStateException().isThrownBy(() -> new TestContextManager(OfService.class))
			.withMessageContaining("@HalleyTest(FixedPrices.class): " + FixedPrices.class.getName()
					+ " is no controller with a mapping")
			.withMessageContaining("expected: a class that has a method with @WebSocketMapping")
			.withMessageContaining("@Import(FixedPrices.class) or a field with @MockitoBean");
	}

	@Test
	void aControllerOfPlainRequests() {
		assertThatIllegalStateException().isThrownBy(() -> new TestContextManager(OfPages.class))
			.withMessageContaining(PageController.class.getName() + " is no controller with a mapping")
			.withMessageContaining("tested by @WebMvcTest");
	}

	@Test
	void aControllerThatTheApplicationDoesNotFind() {
		assertThatStart(OfStranger.class).withStackTraceContaining("there is no bean of " + Stranger.class.getName())
			.withStackTraceContaining("one from elsewhere is added by @Import(Stranger.class)");
	}

	@Test
	void aSliceWithoutMappings() {
		assertThatStart(OfNothing.class).withStackTraceContaining("@HalleyTest: nothing is mapped in this slice")
			.withStackTraceContaining("a method with @WebSocketMapping");
	}

	@Test
	void anApplicationThatHasSwitchedHalleyOff() {
		assertThatStart(OfSwitchedOff.class).withStackTraceContaining("Halley is not configured in this application")
			.withStackTraceContaining("halley-spring-boot-starter");
	}

	@Test
	void aStreamAmongPlainRequestsIsEnough() {
		start(OfTicks.class);
	}

	@Test
	void aControllerFromElsewhereIsImported() {
		start(OfImportedStranger.class);
	}

	@Test
	void whatTheTestSaysOfTheBrokerCounts() {
		ConfigurableApplicationContext context = start(OfBroker.class);
		context.getBean(FakeHubBroker.class).down();
		HubTester.of(context.getBean(Hubs.class).hub("room", String.class)).expectUnavailable("Hello");
	}

	@Test
	void autoConfigurationMayBeLeftOut() {
		assertThat(start(WithoutValidation.class).containsBean("defaultValidator")).isFalse();
	}

	private static ThrowableAssertAlternative<IllegalStateException> assertThatStart(Class<?> slice) {
		return assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> start(slice));
	}

	private static ConfigurableApplicationContext start(Class<?> slice) {
		return (ConfigurableApplicationContext) new TestContextManager(slice).getTestContext().getApplicationContext();
	}

	@HalleyTest(FixedPrices.class)
	static class OfService {

	}

	@HalleyTest(controllers = PageController.class)
	static class OfPages {

	}

	@HalleyTest(Stranger.class)
	@ContextConfiguration(classes = Elsewhere.class)
	static class OfStranger {

	}

	@HalleyTest(Stranger.class)
	@ContextConfiguration(classes = Elsewhere.class)
	@Import(Stranger.class)
	static class OfImportedStranger {

	}

	@HalleyTest(excludeFilters = @Filter(type = FilterType.ANNOTATION, classes = Controller.class))
	static class OfNothing {

	}

	@HalleyTest(controllers = NoteController.class, properties = "halley.enabled=false")
	static class OfSwitchedOff {

	}

	@HalleyTest(TickController.class)
	static class OfTicks {

	}

	@HalleyTest(controllers = NoteController.class, properties = "halley.hub.broker=")
	@Import(Brokers.class)
	static class OfBroker {

	}

	@HalleyTest(controllers = NoteController.class, excludeAutoConfiguration = ValidationAutoConfiguration.class)
	static class WithoutValidation {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Elsewhere {

	}

	@Controller
	static class Stranger {

		@WebSocketMapping("/strange")
		InOut<String, String> strange() {
			return InOut.flow((texts) -> texts);
		}

	}

}

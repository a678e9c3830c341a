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

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshotFactory;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.security.core.context.SecurityContextHolderStrategy;

import dev.halley.CallContext;
import dev.halley.ContextCapture;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HalleyContextAutoConfiguration}.
 */
class ContextPropagationTests {

	private static final WebApplicationContextRunner RUNNER = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(HalleyContextAutoConfiguration.class));

	@Test
	void nothingIsThereWithoutTheLibraries() {
		RUNNER
			.withClassLoader(new FilteredClassLoader(SecurityContextHolderStrategy.class, ContextRegistry.class,
					ContextSnapshotFactory.class))
			.run((context) -> assertThat(context).doesNotHaveBean(ContextCapture.class));
	}

	@Test
	void eachIsThereWithItsLibrary() {
		RUNNER.withClassLoader(new FilteredClassLoader(SecurityContextHolderStrategy.class))
			.run((context) -> assertThat(context).hasSingleBean(ContextCapture.class)
				.hasSingleBean(SnapshotCapture.class));
		RUNNER.withClassLoader(new FilteredClassLoader(ContextSnapshotFactory.class))
			.run((context) -> assertThat(context).hasSingleBean(ContextCapture.class)
				.hasSingleBean(SecurityContextCapture.class));
	}

	@Test
	void nothingIsThereWhenDisabled() {
		RUNNER.withPropertyValues("halley.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(ContextCapture.class));
	}

	@Test
	void theApplicationMayReplaceThem() {
		RUNNER.withBean("halleySecurityContextCapture", ContextCapture.class, () -> () -> CallContext.NONE)
			.run((context) -> assertThat(context).doesNotHaveBean(SecurityContextCapture.class));
	}

	@Test
	void whereNothingHasAnAccessorNothingIsCarried() {
		assertThat(new SnapshotCapture(new ContextRegistry(), (key) -> true).capture()).isSameAs(CallContext.NONE);
	}

}

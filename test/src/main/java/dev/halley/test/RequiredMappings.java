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

package dev.halley.test;

import java.util.List;
import java.util.stream.Collectors;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.Assert;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

import dev.halley.Out;
import dev.halley.web.PairHandlerMapping;

/**
 * Does not let a slice start in which there is nothing to test.
 */
final class RequiredMappings implements SmartInitializingSingleton {

	private final ConfigurableApplicationContext context;

	private final List<Class<?>> controllers;

	RequiredMappings(ConfigurableApplicationContext context, List<Class<?>> controllers) {
		this.context = context;
		this.controllers = controllers;
	}

	@Override
	public void afterSingletonsInstantiated() {
		List<PairHandlerMapping> mappings = this.context.getBeanProvider(PairHandlerMapping.class).stream().toList();
		Assert.state(!mappings.isEmpty(), "@HalleyTest: Halley is not configured in this application (expected: the "
				+ "dependency dev.halley:halley-spring-boot-starter, and no halley.enabled=false)");
		this.controllers.forEach(this::requireBean);
		Assert.state(mappings.stream().anyMatch((mapping) -> !mapping.getHandlerMethods().isEmpty()) || hasStream(),
				() -> "@HalleyTest: nothing is mapped in this slice (expected: a component below the package of the "
						+ "application's class that has a method with @WebSocketMapping, @EventSourceMapping or "
						+ "@CometMapping, and that no filter leaves out; one from elsewhere is added by @Import)");
	}

	private void requireBean(Class<?> controller) {
		Assert.state(this.context.getBeanNamesForType(controller).length > 0,
				() -> "@HalleyTest(" + names() + "): there is no bean of " + controller.getName()
						+ " (expected: a component below the package of the application's class, which no filter "
						+ "leaves out; one from elsewhere is added by @Import(" + controller.getSimpleName()
						+ ".class))");
	}

	private String names() {
		return this.controllers.stream()
			.map((controller) -> controller.getSimpleName() + ".class")
			.collect(Collectors.joining(", "));
	}

	private boolean hasStream() {
		return this.context.getBeanProvider(RequestMappingHandlerMapping.class)
			.stream()
			.flatMap((mapping) -> mapping.getHandlerMethods().values().stream())
			.map(HandlerMethod::getMethod)
			.anyMatch((method) -> method.getReturnType() == Out.class);
	}

}

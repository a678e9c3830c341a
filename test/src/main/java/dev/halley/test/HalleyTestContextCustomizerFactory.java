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

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.type.classreading.SimpleMetadataReaderFactory;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.test.context.TestContextAnnotationUtils.AnnotationDescriptor;
import org.springframework.util.Assert;

/**
 * Has a {@link HalleyTest} tell what is wrong with it. Other tests are left alone, also
 * where Spring Boot is not there.
 */
final class HalleyTestContextCustomizerFactory implements ContextCustomizerFactory {

	@Override
	public @Nullable ContextCustomizer createContextCustomizer(Class<?> testClass,
			List<ContextConfigurationAttributes> configAttributes) {
		AnnotationDescriptor<HalleyTest> slice = TestContextAnnotationUtils.findAnnotationDescriptor(testClass,
				HalleyTest.class);
		if (slice == null) {
			return null;
		}
		List<Class<?>> controllers = List.of(slice.getAnnotation().controllers());
		controllers.forEach(HalleyTestContextCustomizerFactory::requireMapping);
		return new SliceCustomizer(controllers);
	}

	private static void requireMapping(Class<?> controller) {
		Assert.state(new MappedMethods(new SimpleMetadataReaderFactory()).areIn(controller), () -> "@HalleyTest("
				+ controller.getSimpleName() + ".class): " + controller.getName()
				+ " is no controller with a mapping (expected: a class that has a method with @WebSocketMapping, "
				+ "@EventSourceMapping or @CometMapping; what such a class needs is added by @Import("
				+ controller.getSimpleName() + ".class) or a field with @MockitoBean, and a controller of plain "
				+ "requests is tested by @WebMvcTest)");
	}

	/**
	 * Part of the key of a test's context.
	 *
	 * @param controllers those that are named
	 */
	private record SliceCustomizer(List<Class<?>> controllers) implements ContextCustomizer {

		@Override
		public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
			if (context.getBeanFactory() instanceof BeanDefinitionRegistry registry) {
				registry.registerBeanDefinition(RequiredMappings.class.getName(), new RootBeanDefinition(
						RequiredMappings.class, () -> new RequiredMappings(context, this.controllers)));
			}
		}

	}

}

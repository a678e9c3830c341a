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

import java.net.URI;
import java.util.List;
import java.util.function.Supplier;

import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;

import dev.halley.codec.MessageCodecs;

/**
 * Adds {@link LiveClients} and {@link PairTesters} to the beans of each test. They are
 * made when they are asked for: until then nobody needs a server, or none.
 */
final class HalleyContextCustomizerFactory implements ContextCustomizerFactory {

	private static final String PORT = "local.server.port";

	private static final boolean MOCK_MVC = ClassUtils.isPresent("jakarta.servlet.ServletContext",
			HalleyContextCustomizerFactory.class.getClassLoader());

	@Override
	public ContextCustomizer createContextCustomizer(Class<?> testClass,
			List<ContextConfigurationAttributes> configAttributes) {
		return new HalleyContextCustomizer();
	}

	private static LiveClients clients(ConfigurableApplicationContext context) {
		Integer port = context.getEnvironment().getProperty(PORT, Integer.class);
		Assert.state(port != null, "LiveClients need a running server, and this test has none (expected: "
				+ "@SpringBootTest(webEnvironment = RANDOM_PORT); without a server, use PairTesters or PairTester)");
		String path = context.getEnvironment().getProperty("server.servlet.context-path", "");
		MessageCodecs codecs = context.getBeanProvider(MessageCodecs.class).getIfAvailable(Codecs::standard);
		return new LiveClients(URI.create("http://localhost:" + port + path), codecs);
	}

	/**
	 * The same for all tests, so that they share their contexts.
	 */
	private record HalleyContextCustomizer() implements ContextCustomizer {

		@Override
		public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
			if (context.getBeanFactory() instanceof BeanDefinitionRegistry registry) {
				register(registry, LiveClients.class, () -> clients(context));
				if (MOCK_MVC) {
					PairTestersPostProcessor processor = new PairTestersPostProcessor(context);
					context.getBeanFactory().addBeanPostProcessor(processor);
					register(registry, PairTesters.class, processor::testers);
				}
			}
		}

		private static <T> void register(BeanDefinitionRegistry registry, Class<T> type, Supplier<T> supplier) {
			RootBeanDefinition definition = new RootBeanDefinition(type, supplier);
			definition.setLazyInit(true);
			registry.registerBeanDefinition(type.getName(), definition);
		}

	}

}

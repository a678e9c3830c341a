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

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestContextManager;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of Spring's framework where there is no Spring Boot.
 */
class PlainSpringTests {

	@Test
	@SuppressWarnings("unchecked")
	void theKitNeedsNoSpringBoot() throws Exception {
		ClassLoader outside = Thread.currentThread().getContextClassLoader();
		try (URLClassLoader plain = withoutSpringBoot()) {
			Thread.currentThread().setContextClassLoader(plain);
			Callable<String> test = (Callable<String>) plain.loadClass(PlainCase.class.getName())
				.getConstructor()
				.newInstance();
			assertThat(test.call()).isEqualTo("without Spring Boot, with LiveClients and PairTesters");
		}
		finally {
			Thread.currentThread().setContextClassLoader(outside);
		}
	}

	private static URLClassLoader withoutSpringBoot() throws IOException {
		URL[] paths = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((path) -> !Path.of(path).getFileName().toString().startsWith("spring-boot"))
			.map(PlainSpringTests::url)
			.toArray(URL[]::new);
		return new URLClassLoader(paths, ClassLoader.getPlatformClassLoader());
	}

	private static URL url(String path) {
		try {
			return new File(path).toURI().toURL();
		}
		catch (MalformedURLException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

	/**
	 * A test that is run with a class path of its own.
	 */
	@ContextConfiguration(classes = PlainConfiguration.class)
	public static class PlainCase implements Callable<String> {

		@Autowired
		private ApplicationContext context;

		@Override
		public String call() throws Exception {
			new TestContextManager(PlainCase.class).prepareTestInstance(this);
			return (ClassUtils.isPresent("org.springframework.boot.SpringApplication", null) ? "with" : "without")
					+ " Spring Boot, with " + String.join(" and ", names(LiveClients.class), names(PairTesters.class));
		}

		private String names(Class<?> type) {
			String[] names = this.context.getBeanNamesForType(type, true, false);
			return (names.length == 1) ? type.getSimpleName() : "no " + type.getSimpleName();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PlainConfiguration {

	}

}

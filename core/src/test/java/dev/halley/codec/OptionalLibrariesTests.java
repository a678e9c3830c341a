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

package dev.halley.codec;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;
import org.springframework.core.ResolvableType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The codecs on a class path without Jackson and without Bean Validation.
 */
class OptionalLibrariesTests {

	private final ClassLoader loader = new WithoutLibraries();

	@Test
	void textNeedsNoLibrary() throws Exception {
		Object codecs = codecs();
		Object codec = codecs.getClass()
			.getMethod("inbound", ResolvableType.class)
			.invoke(codecs, ResolvableType.forClass(String.class));
		assertThat(codec.getClass().getSimpleName()).isEqualTo("TextCodec");
		assertThat(codec.getClass().getClassLoader()).isSameAs(this.loader);
	}

	@Test
	void jsonIsRefusedWithTheRemedy() throws Exception {
		Object codecs = codecs();
		assertThatExceptionOfType(java.lang.reflect.InvocationTargetException.class)
			.isThrownBy(() -> codecs.getClass()
				.getMethod("codec", ResolvableType.class)
				.invoke(codecs, ResolvableType.forClass(List.class)))
			.satisfies((ex) -> assertThat(ex.getTargetException()).hasMessageContaining("no JsonMapper"));
	}

	@Test
	void theBeanCanBeLookedAtByReflection() throws Exception {
		Class<?> type = this.loader.loadClass(MessageCodecs.class.getName());
		assertThat(Arrays.asList(type.getDeclaredMethods())).isNotEmpty();
		assertThat(type.getDeclaredConstructors()).isNotEmpty();
		assertThat(type.getDeclaredFields()).isNotEmpty();
	}

	@Test
	void theLibrariesAreReallyMissing() {
		assertThatExceptionOfType(ClassNotFoundException.class)
			.isThrownBy(() -> this.loader.loadClass("tools.jackson.databind.json.JsonMapper"));
		assertThatExceptionOfType(ClassNotFoundException.class)
			.isThrownBy(() -> this.loader.loadClass("jakarta.validation.Validator"));
	}

	private Object codecs() throws Exception {
		Class<?> type = this.loader.loadClass(Application.class.getName());
		return ((Supplier<?>) type.getDeclaredConstructor().newInstance()).get();
	}

	/**
	 * What an application without the libraries does.
	 */
	public static class Application implements Supplier<Object> {

		@Override
		public Object get() {
			return MessageCodecs.builder().build();
		}

	}

	private static final class WithoutLibraries extends ClassLoader {

		private WithoutLibraries() {
			super(OptionalLibrariesTests.class.getClassLoader());
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			if (name.startsWith("tools.jackson") || name.startsWith("jakarta.validation")) {
				throw new ClassNotFoundException(name);
			}
			Class<?> loaded = findLoadedClass(name);
			if (loaded != null) {
				return loaded;
			}
			return name.startsWith("dev.halley.codec.") ? define(name) : super.loadClass(name, resolve);
		}

		private Class<?> define(String name) throws ClassNotFoundException {
			try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
				if (in == null) {
					throw new ClassNotFoundException(name);
				}
				byte[] bytes = in.readAllBytes();
				return defineClass(name, bytes, 0, bytes.length);
			}
			catch (IOException ex) {
				throw new ClassNotFoundException(name, ex);
			}
		}

	}

}

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

import java.io.IOException;
import java.util.Set;

import org.springframework.boot.test.context.filter.annotation.StandardAnnotationCustomizableTypeExcludeFilter;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;

/**
 * Leaves out of a {@link HalleyTest} what is none of its business. What it has by its
 * type is listed in {@code META-INF/spring/dev.halley.test.HalleyTest.includes}.
 */
final class HalleyTypeExcludeFilter extends StandardAnnotationCustomizableTypeExcludeFilter<HalleyTest> {

	private final Set<Class<?>> controllers;

	HalleyTypeExcludeFilter(Class<?> testClass) {
		super(testClass);
		this.controllers = Set.of(getAnnotation().getValue("controllers", Class[].class).orElse(new Class<?>[0]));
	}

	@Override
	protected boolean defaultInclude(MetadataReader metadataReader, MetadataReaderFactory metadataReaderFactory)
			throws IOException {
		return super.defaultInclude(metadataReader, metadataReaderFactory) || this.controllers.isEmpty()
				&& new MappedMethods(metadataReaderFactory).areIn(metadataReader.getAnnotationMetadata());
	}

	@Override
	protected Set<Class<?>> getComponentIncludes() {
		return this.controllers;
	}

}

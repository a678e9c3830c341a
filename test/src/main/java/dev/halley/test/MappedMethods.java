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

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.core.type.MethodMetadata;
import org.springframework.core.type.classreading.MetadataReaderFactory;
import org.springframework.web.bind.annotation.RequestMapping;

import dev.halley.Out;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;

/**
 * Finds out whether a class has methods with mappings, of its own or inherited, before it
 * is loaded.
 */
final class MappedMethods {

	private final MetadataReaderFactory readers;

	MappedMethods(MetadataReaderFactory readers) {
		this.readers = readers;
	}

	boolean areIn(Class<?> type) {
		return areIn(AnnotationMetadata.introspect(type));
	}

	boolean areIn(AnnotationMetadata type) {
		return hasOwn(type) || above(type).anyMatch(this::areIn);
	}

	private static boolean hasOwn(AnnotationMetadata type) {
		return Stream.of(WebSocketMapping.class, EventSourceMapping.class, CometMapping.class)
			.anyMatch((mapping) -> type.hasAnnotatedMethods(mapping.getName()))
				|| type.getAnnotatedMethods(RequestMapping.class.getName()).stream().anyMatch(MappedMethods::isStream);
	}

	private static boolean isStream(MethodMetadata method) {
		return method.getReturnTypeName().equals(Out.class.getName());
	}

	private Stream<AnnotationMetadata> above(AnnotationMetadata type) {
		return Stream.concat(Stream.ofNullable(type.getSuperClassName()), Arrays.stream(type.getInterfaceNames()))
			.filter((name) -> !name.startsWith("java."))
			.map(this::read)
			.flatMap(Stream::ofNullable);
	}

	/** A class that is not there, such as an optional one, has no methods. */
	private @Nullable AnnotationMetadata read(String name) {
		try {
			return this.readers.getMetadataReader(name).getAnnotationMetadata();
		}
		catch (FileNotFoundException ex) {
			return null;
		}
		catch (IOException ex) {
			throw new IllegalStateException("The class " + name + " cannot be read", ex);
		}
	}

}

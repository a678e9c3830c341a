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

package dev.halley.web;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.log.LogMessage;
import org.springframework.http.HttpEntity;
import org.springframework.util.ClassUtils;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestPart;

import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;

/**
 * Tells a native image which methods with a mapping are called by reflection, and which
 * types are read from JSON and written as it: the messages of pairs, and bodies of
 * requests. Spring does the same for methods that handle exceptions of messages. What an
 * application hands to a hub alone it has to tell itself, with
 * {@code @RegisterReflectionForBinding}.
 */
final class MappedMethodHints implements BeanRegistrationAotProcessor {

	private static final Log logger = LogFactory.getLog(MappedMethodHints.class);

	private static final List<Class<? extends Annotation>> MAPPINGS = List.of(WebSocketMapping.class,
			EventSourceMapping.class, CometMapping.class);

	@Override
	public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
		Class<?> type = ClassUtils.getUserClass(bean.getBeanClass());
		Set<Method> methods = methods(type);
		return methods.isEmpty() ? null : (generation, code) -> {
			ReflectionHints hints = generation.getRuntimeHints().reflection();
			methods.forEach((method) -> register(method, type, hints));
		};
	}

	private static Set<Method> methods(Class<?> type) {
		try {
			return MethodIntrospector.selectMethods(type,
					(Method method) -> isMapped(method) || isStream(method, type));
		}
		catch (IllegalStateException | LinkageError | TypeNotPresentException ex) {
			logger.debug(LogMessage.format("Cannot look for mapped methods in %s", type), ex);
			return Set.of();
		}
	}

	private static boolean isMapped(Method method) {
		return MAPPINGS.stream().anyMatch((mapping) -> AnnotatedElementUtils.hasAnnotation(method, mapping));
	}

	/** A handler of Spring MVC that returns a pair. */
	private static boolean isStream(Method method, Class<?> type) {
		return AnnotatedElementUtils.hasAnnotation(method, RequestMapping.class)
				&& PairSignature.mentionsPair(ResolvableType.forMethodReturnType(method, type));
	}

	private static void register(Method method, Class<?> type, ReflectionHints hints) {
		hints.registerMethod(method, ExecutableMode.INVOKE);
		Stream<ResolvableType> messages = messages(ResolvableType.forMethodReturnType(method, type));
		Type[] bound = Stream.concat(messages, bodies(method, type))
			.flatMap(PairSignature::parts)
			.map(ResolvableType::toClass)
			.filter((each) -> each != Object.class && each != Void.class)
			.toArray(Type[]::new);
		new BindingReflectionHintsRegistrar().registerReflectionHints(hints, bound);
	}

	/** The arguments of the pair, wherever it is. */
	private static Stream<ResolvableType> messages(ResolvableType type) {
		return PairSignature.parts(type)
			.filter((part) -> PairSignature.isPair(part.toClass()))
			.flatMap((pair) -> Stream.of(pair.getGenerics()));
	}

	private static Stream<ResolvableType> bodies(Method method, Class<?> type) {
		Parameter[] parameters = method.getParameters();
		return Stream.iterate(0, (i) -> i < parameters.length, (i) -> i + 1)
			.filter((i) -> isBody(parameters[i]))
			.map((i) -> ResolvableType.forMethodParameter(method, i, type));
	}

	private static boolean isBody(Parameter parameter) {
		return HttpEntity.class.isAssignableFrom(parameter.getType())
				|| AnnotatedElementUtils.hasAnnotation(parameter, RequestBody.class)
				|| AnnotatedElementUtils.hasAnnotation(parameter, RequestPart.class);
	}

}

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

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.context.ApplicationContext;
import org.springframework.http.MediaType;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.ErrorResponse;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.method.annotation.ExceptionHandlerMappingInfo;
import org.springframework.web.method.annotation.ExceptionHandlerMethodResolver;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.handler.HandlerExceptionResolverComposite;
import org.springframework.web.servlet.mvc.method.annotation.ExceptionHandlerExceptionResolver;
import org.springframework.web.servlet.mvc.method.annotation.ServletInvocableHandlerMethod;

/**
 * Finds the {@code @ExceptionHandler} methods that name a refusal: the class of the
 * exception, or a superclass that is an {@link ErrorResponse}. Those for all exceptions
 * are passed over.
 */
final class RefusalHandlers {

	private final SingletonSupplier<ExceptionHandlerExceptionResolver> resolver;

	private final Map<Class<?>, ExceptionHandlerMethodResolver> controllers = new ConcurrentHashMap<>();

	/**
	 * Looks for Spring MVC's resolver of exceptions when it is needed, since that may be
	 * made later.
	 */
	RefusalHandlers(@Nullable ApplicationContext context) {
		this.resolver = SingletonSupplier.ofNullable(() -> (context != null) ? resolver(context) : null);
	}

	private static @Nullable ExceptionHandlerExceptionResolver resolver(ApplicationContext context) {
		return BeanFactoryUtils.beansOfTypeIncludingAncestors(context, HandlerExceptionResolver.class)
			.values()
			.stream()
			.flatMap(RefusalHandlers::parts)
			.filter(ExceptionHandlerExceptionResolver.class::isInstance)
			.map(ExceptionHandlerExceptionResolver.class::cast)
			.findFirst()
			.orElse(null);
	}

	private static Stream<HandlerExceptionResolver> parts(HandlerExceptionResolver resolver) {
		return (resolver instanceof HandlerExceptionResolverComposite composite)
				? composite.getExceptionResolvers().stream() : Stream.of(resolver);
	}

	/**
	 * Finds the method for a refusal: in the controller first, then in the advices that
	 * apply to it, in their order.
	 * @param refusal why the request is refused
	 * @param handler what would have served it
	 * @return the method, ready to be called, or {@code null} if none names the refusal
	 */
	@Nullable ServletInvocableHandlerMethod find(Exception refusal, Object handler) {
		ExceptionHandlerExceptionResolver resolver = this.resolver.get();
		if (resolver == null) {
			return null;
		}
		HandlerMethod method = (handler instanceof HandlerMethod given) ? given : null;
		return Stream.concat(own(refusal, method), advices(resolver, refusal, method))
			.findFirst()
			.map((found) -> prepared(found, resolver))
			.orElse(null);
	}

	private Stream<ServletInvocableHandlerMethod> own(Exception refusal, @Nullable HandlerMethod method) {
		if (method == null) {
			return Stream.empty();
		}
		ExceptionHandlerMethodResolver handlers = this.controllers.computeIfAbsent(method.getBeanType(),
				ExceptionHandlerMethodResolver::new);
		return naming(handlers, refusal)
			.map((info) -> new ServletInvocableHandlerMethod(method.getBean(), info.getHandlerMethod()));
	}

	private static Stream<ServletInvocableHandlerMethod> advices(ExceptionHandlerExceptionResolver resolver,
			Exception refusal, @Nullable HandlerMethod method) {
		Class<?> type = (method != null) ? method.getBeanType() : null;
		return resolver.getExceptionHandlerAdviceCache()
			.entrySet()
			.stream()
			.filter((advice) -> advice.getKey().isApplicableToBeanType(type))
			.flatMap((advice) -> naming(advice.getValue(), refusal)
				.map((info) -> new ServletInvocableHandlerMethod(advice.getKey().resolveBean(),
						info.getHandlerMethod())));
	}

	private static Stream<ExceptionHandlerMappingInfo> naming(ExceptionHandlerMethodResolver handlers,
			Exception refusal) {
		ExceptionHandlerMappingInfo info = handlers.resolveExceptionMapping(refusal, MediaType.ALL);
		return (info != null && names(info, refusal)) ? Stream.of(info) : Stream.empty();
	}

	private static boolean names(ExceptionHandlerMappingInfo info, Exception refusal) {
		return info.getExceptionTypes()
			.stream()
			.anyMatch((type) -> ErrorResponse.class.isAssignableFrom(type) && type.isInstance(refusal));
	}

	private static ServletInvocableHandlerMethod prepared(ServletInvocableHandlerMethod method,
			ExceptionHandlerExceptionResolver resolver) {
		method.setHandlerMethodArgumentResolvers(Objects.requireNonNull(resolver.getArgumentResolvers()));
		method.setHandlerMethodReturnValueHandlers(Objects.requireNonNull(resolver.getReturnValueHandlers()));
		return method;
	}

}

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

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.ResolvableType;
import org.springframework.util.ReflectionUtils;

import dev.halley.codec.MessageCodec;

/**
 * One exception handler, ready to be called for the messages of one endpoint.
 */
final class ExceptionHandlerMethod {

	private final Method method;

	private final List<ExceptionHandlerArgument> arguments;

	private final ExceptionHandlerAnswer answer;

	/**
	 * Prepares the call of a method.
	 * @param method the method
	 * @param beanType the class it is called on
	 * @param messageType the type of the messages of the endpoint
	 * @param codecs what encodes the value that it returns
	 * @throws InvalidMappingException if it could not be called
	 */
	ExceptionHandlerMethod(Method method, Class<?> beanType, Class<?> messageType,
			Function<ResolvableType, MessageCodec<?>> codecs) {
		this.method = method;
		this.arguments = Stream.of(method.getParameters())
			.map((parameter) -> ExceptionHandlerArgument.of(method, parameter, messageType))
			.toList();
		this.answer = ExceptionHandlerAnswer.of(method, beanType, codecs);
	}

	/**
	 * Calls the method.
	 * @param bean the bean, or its proxy
	 * @param failed what the arguments are taken from
	 * @return what the connection is to do, or {@code null} to go on
	 * @throws Throwable what the method threw
	 */
	@Nullable Object invoke(Object bean, FailedMessage failed) throws Throwable {
		ProxiedMethods.check(this.method, bean);
		Method invocable = AopUtils.selectInvocableMethod(this.method, bean.getClass());
		ReflectionUtils.makeAccessible(invocable);
		Object returned = invoke(invocable, bean,
				this.arguments.stream().map((argument) -> argument.resolve(failed)).toArray());
		return (returned != null) ? this.answer.of(returned) : null;
	}

	private static @Nullable Object invoke(Method method, Object bean, @Nullable Object[] arguments) throws Throwable {
		try {
			return method.invoke(bean, arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
	}

	@Override
	public String toString() {
		return this.method.toGenericString();
	}

}

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

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.ResolvableType;
import org.springframework.util.Assert;
import org.springframework.web.method.ControllerAdviceBean;

import dev.halley.codec.MessageCodec;
import dev.halley.codec.MessageCodecs;
import dev.halley.connection.ConnectionInfo;
import dev.halley.connection.FailureHandler;

/**
 * Calls {@link org.springframework.messaging.handler.annotation.MessageExceptionHandler}
 * methods when the handling of a message fails, or what goes out: those of the controller
 * first, then those of the {@code @ControllerAdvice} beans that apply to it, in their
 * order. Within a class the exception's closest type decides; a failure comes before its
 * causes.
 * <p>
 * Such a method may have parameters for the exception or one of its causes, the message
 * that failed ({@code null} if it could not be read, or if what goes out failed), the
 * user ({@code Principal}) and the {@link ConnectionInfo}. A {@code CloseStatus} that it
 * returns closes the connection, another value is sent, and with {@code void} or
 * {@code null} the next message is handled. When what goes out has failed, the value is
 * the last message, and the end follows in any case. If it throws, that is logged and the
 * connection is closed as if the method were not there.
 * <p>
 * Thread-safe. The methods of one connection are called one at a time.
 *
 * @since 0.1
 */
public final class MessageExceptionHandlers implements SmartInitializingSingleton {

	private final MessageCodecs codecs;

	private final List<Advice> advices;

	/**
	 * Reads the exception handlers of the advices.
	 * @param codecs what encodes the values that are returned
	 * @param advices the advices in the order in which to ask them, such as from
	 * {@link ControllerAdviceBean#findAnnotatedBeans}
	 * @throws InvalidMappingException if one can never be called
	 */
	public MessageExceptionHandlers(MessageCodecs codecs, List<ControllerAdviceBean> advices) {
		Assert.notNull(codecs, "'codecs' must not be null");
		this.codecs = codecs;
		this.advices = advices.stream().filter((advice) -> advice.getBeanType() != null).map(Advice::of).toList();
	}

	/**
	 * Checks that proxies of advices let nobody pass by, when all beans are there.
	 * @throws InvalidMappingException if a method cannot be intercepted
	 */
	@Override
	public void afterSingletonsInstantiated() {
		this.advices.forEach(Advice::checkProxy);
	}

	/**
	 * Prepares the exception handlers for an endpoint, at start-up.
	 * @param controllerType the class with the endpoint's method
	 * @param messageType the type of the messages that come in; {@code Void} if none do
	 * @return makes the failure handler of a connection from the controller whose method
	 * returned its pair and from what is known of the connection
	 * @throws InvalidMappingException if one can never be called
	 */
	public BiFunction<Object, ConnectionInfo, FailureHandler> forEndpoint(Class<?> controllerType,
			ResolvableType messageType) {
		return forEndpoint(controllerType, messageType, this.codecs::codec);
	}

	/**
	 * As {@link #forEndpoint(Class, ResolvableType)}, for a wire with codecs of its own.
	 */
	BiFunction<Object, ConnectionInfo, FailureHandler> forEndpoint(Class<?> controllerType, ResolvableType messageType,
			Function<ResolvableType, MessageCodec<?>> codecs) {
		List<EndpointFailures.Source> sources = sources(controllerType, messageType.toClass(), codecs);
		return sources.isEmpty() ? (controller, info) -> FailureHandler.NONE
				: (controller, info) -> new EndpointFailures(sources, controller, info);
	}

	private List<EndpointFailures.Source> sources(Class<?> controllerType, Class<?> message,
			Function<ResolvableType, MessageCodec<?>> codecs) {
		ExceptionHandlerMethods own = new ExceptionHandlerMethods(controllerType);
		List<EndpointFailures.Source> sources = new ArrayList<>();
		sources.add(new EndpointFailures.Source(own.bind(message, codecs), (controller) -> controller));
		for (Advice advice : this.advices) {
			if (advice.bean().isApplicableToBeanType(controllerType)) {
				sources.add(new EndpointFailures.Source(advice.methods().bind(message, codecs),
						(controller) -> advice.bean().resolveBean()));
			}
		}
		sources.removeIf((source) -> source.methods().isEmpty());
		return List.copyOf(sources);
	}

	private record Advice(ControllerAdviceBean bean, ExceptionHandlerMethods methods) {

		static Advice of(ControllerAdviceBean bean) {
			Class<?> type = bean.getBeanType();
			Assert.state(type != null, "An advice has a type");
			return new Advice(bean, new ExceptionHandlerMethods(type));
		}

		void checkProxy() {
			Class<?> type = this.bean.getBeanType();
			Set<Method> methods = (type != null) ? ExceptionHandlerMethods.of(type) : Set.of();
			if (!methods.isEmpty()) {
				Object advice = this.bean.resolveBean();
				methods.forEach((method) -> ProxiedMethods.check(method, advice));
			}
		}

	}

}

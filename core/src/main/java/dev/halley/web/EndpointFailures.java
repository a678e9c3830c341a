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

import java.util.List;
import java.util.function.UnaryOperator;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import dev.halley.connection.ConnectionInfo;
import dev.halley.connection.FailureHandler;
import dev.halley.connection.FailureLog;

/**
 * The exception handlers of one connection.
 */
final class EndpointFailures implements FailureHandler {

	private static final Log logger = LogFactory.getLog(MessageExceptionHandlers.class);

	private final List<Source> sources;

	private final Object controller;

	private final ConnectionInfo connection;

	EndpointFailures(List<Source> sources, Object controller, ConnectionInfo connection) {
		this.sources = sources;
		this.controller = controller;
		this.connection = connection;
	}

	@Override
	public @Nullable Object handle(Throwable failure, @Nullable Object message) throws Throwable {
		List<Throwable> chain = FailedMessage.chain(failure);
		for (Source source : this.sources) {
			for (Throwable exception : chain) {
				ExceptionHandlerMethod method = source.methods().find(exception);
				if (method != null) {
					return invoke(source, method, new FailedMessage(failure, exception, message, this.connection));
				}
			}
		}
		throw failure;
	}

	private @Nullable Object invoke(Source source, ExceptionHandlerMethod method, FailedMessage failed)
			throws Throwable {
		try {
			return method.invoke(source.bean().apply(this.controller), failed);
		}
		catch (Throwable ex) {
			FailureLog.error(logger, "Exception handler failed, connection " + this.connection.id() + " of "
					+ this.connection.endpoint() + " closes: " + method, ex);
			throw failed.failure();
		}
	}

	/**
	 * A class with exception handlers.
	 *
	 * @param methods its methods
	 * @param bean gives the bean to call them on, from the controller
	 */
	record Source(ExceptionHandlerMethods.Bound methods, UnaryOperator<Object> bean) {
	}

}

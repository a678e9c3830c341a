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

import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;

import dev.halley.codec.MessageCodec;
import dev.halley.connection.ConnectionInfo;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.ConnectionSettings;
import dev.halley.connection.CountedUser;
import dev.halley.connection.FailureHandler;
import dev.halley.connection.Reservation;
import dev.halley.connection.TooManyConnectionsException;
import dev.halley.stream.StreamDepartures;

/**
 * A method that is bound to Comet or event streams.
 *
 * @param paths the path patterns of its annotation
 * @param handler the method in short form
 * @param kind the kind of its responses
 * @param out encodes what goes out
 * @param failures makes the failure handler of a connection
 * @param formats chooses the format of each stream
 * @param conditions which requests it takes
 * @param settings the limits and time-outs of its connections
 * @param timeout after which a stream ends, or zero
 * @param registry where connections are registered
 * @param countedUser as whose connection each counts
 * @param departures lets streams leave the container, or {@code null}
 */
record StreamEndpoint(List<String> paths, String handler, StreamKind kind, MessageCodec<?> out,
		BiFunction<Object, ConnectionInfo, FailureHandler> failures, StreamFormats formats, StreamConditions conditions,
		ConnectionSettings settings, Duration timeout, ConnectionRegistry registry, CountedUser countedUser,
		@Nullable StreamDepartures departures) implements Endpoint {

	@Override
	public RequestMappingInfo.Builder restrict(RequestMappingInfo.Builder mapping) {
		return this.conditions.restrict(mapping);
	}

	@Override
	public boolean takesBodies() {
		return this.conditions.takesBodies();
	}

	@Override
	public String transport() {
		return this.kind.transport();
	}

	@Override
	public Attempt begin(HttpServletRequest request, Object controller) {
		StreamFormats.Pending format = this.formats.forRequest(request);
		return new StreamAttempt(this, controller, format, reserve(request));
	}

	/**
	 * Browsers that are to stay away, or to come again later or to another node, need no
	 * place: they would take a refusal for the end.
	 */
	private @Nullable Reservation reserve(HttpServletRequest request) {
		if (this.kind.isOver(request)) {
			return null;
		}
		try {
			return RequestInfo.reserve(request, this.registry, this.countedUser);
		}
		catch (HandshakeRefusedException ex) {
			if (isMomentary(ex) && this.kind.isLostByRefusal(request)) {
				return null;
			}
			throw ex;
		}
	}

	private static boolean isMomentary(HandshakeRefusedException refused) {
		return refused.getCause() instanceof TooManyConnectionsException tooMany && tooMany.isMomentary();
	}

}

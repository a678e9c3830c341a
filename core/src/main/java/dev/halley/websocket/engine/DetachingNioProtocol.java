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

package dev.halley.websocket.engine;

import java.lang.reflect.Modifier;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;

import org.apache.coyote.Adapter;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Tomcat's HTTP/1.1 over NIO, whose connections may leave Tomcat for {@link EventLoops}
 * when they are upgraded to WebSockets, or when the head of a stream is written. For all
 * other HTTP it is what {@link Http11NioProtocol} is. To be named as a connector's
 * protocol, by its class name; Tomcat makes it.
 * <p>
 * It builds on parts of Tomcat that are not made for it, so {@link #findObstacle()}
 * should be asked before it is used.
 *
 * @since 0.1
 */
public final class DetachingNioProtocol extends Http11NioProtocol {

	/**
	 * Creates a protocol handler, for a connector that is not encrypted or of which
	 * encrypted connections stay with Tomcat.
	 */
	public DetachingNioProtocol() {
		super(new DetachingNioEndpoint());
	}

	@Override
	protected Processor createProcessor() {
		return new DetachingProcessor(this, getAdapter());
	}

	/**
	 * Looks whether the Tomcat that is there has all that this class builds on.
	 * @return what is missing, or {@code null} if nothing is
	 */
	public static @Nullable String findObstacle() {
		try {
			return missing();
		}
		catch (LinkageError ex) {
			return ex.toString();
		}
	}

	private static @Nullable String missing() {
		if (ReflectionUtils.findField(AbstractEndpoint.class, "connections", Map.class) == null) {
			return "AbstractEndpoint.connections";
		}
		if (!has(NioEndpoint.class, "createChannel", NioChannel.class, SocketBufferHandler.class)) {
			return "NioEndpoint.createChannel";
		}
		if (!has(NioChannel.class, "reset", void.class, SocketChannel.class, NioEndpoint.NioSocketWrapper.class)
				|| !has(NioChannel.class, "getIOChannel", SocketChannel.class)) {
			return "NioChannel.reset or getIOChannel";
		}
		if (!has(NioEndpoint.NioSocketWrapper.class, "getPoller", NioEndpoint.Poller.class)
				|| !has(SocketWrapperBase.class, "getSocketBufferHandler", SocketBufferHandler.class)) {
			return "NioSocketWrapper.getPoller or getSocketBufferHandler";
		}
		if (!has(AbstractHttp11Protocol.class, "createProcessor", Processor.class)
				|| !ClassUtils.hasConstructor(Http11Processor.class, AbstractHttp11Protocol.class, Adapter.class)) {
			return "AbstractHttp11Protocol.createProcessor or Http11Processor";
		}
		boolean takesOurs = new DetachingNioProtocol().getEndpoint() instanceof DetachingNioEndpoint;
		return takesOurs ? null : "Http11NioProtocol(NioEndpoint)";
	}

	/** The bridge to a method that returns more has the same name and parameters. */
	private static boolean has(Class<?> type, String name, Class<?> result, Class<?>... parameters) {
		return Stream.of(ReflectionUtils.getAllDeclaredMethods(type))
			.filter((method) -> method.getName().equals(name) && method.getReturnType() == result)
			.filter((method) -> Arrays.equals(method.getParameterTypes(), parameters))
			.anyMatch((method) -> (method.getModifiers() & (Modifier.PRIVATE | Modifier.FINAL)) == 0);
	}

}

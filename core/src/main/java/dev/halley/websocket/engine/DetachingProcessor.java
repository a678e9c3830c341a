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

import org.apache.coyote.Adapter;
import org.apache.coyote.Request;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's processor of HTTP/1.1, of which a request's connection can be learnt.
 */
final class DetachingProcessor extends Http11Processor {

	/** Tomcat itself uses the first few of 32; they live as long as the processor. */
	private static final int NOTE = 31;

	DetachingProcessor(AbstractHttp11Protocol<?> protocol, Adapter adapter) {
		super(protocol, adapter);
		this.request.setNote(NOTE, this);
	}

	/**
	 * Returns the connection of a request that is being processed.
	 * @return the connection, or {@code null} if it cannot leave Tomcat
	 */
	static @Nullable NioSocketWrapper connectionOf(Request request) {
		return (request.getNote(NOTE) instanceof DetachingProcessor processor
				&& processor.getSocketWrapper() instanceof NioSocketWrapper connection
				&& connection.getSocket() instanceof DetachableChannel) ? connection : null;
	}

}

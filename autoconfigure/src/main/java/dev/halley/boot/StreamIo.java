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

package dev.halley.boot;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.util.ClassUtils;

import dev.halley.stream.StreamDepartures;
import dev.halley.websocket.engine.EventLoops;
import dev.halley.websocket.engine.LoopDepartures;

/**
 * What carries streams.
 *
 * @since 0.1
 */
public enum StreamIo {

	/**
	 * Event loops where connections can leave Tomcat, the container's connections
	 * elsewhere.
	 */
	AUTO,

	/**
	 * The container's connections, which serve other requests after a stream.
	 */
	CONTAINER;

	/** Without Tomcat's classes, that of departures is not to be touched. */
	private static final String TOMCAT = "org.apache.coyote.http11.Http11Processor";

	@Nullable StreamDepartures departures(ObjectProvider<EventLoops> loops) {
		EventLoops available = (this == AUTO && ClassUtils.isPresent(TOMCAT, StreamIo.class.getClassLoader()))
				? loops.getIfAvailable() : null;
		return (available != null) ? new LoopDepartures(available) : null;
	}

}

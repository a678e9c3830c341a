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

import org.springframework.test.context.TestPropertySource;

/**
 * Tomcat with Halley's own engine, on Tomcat's connections.
 */
@TestPropertySource(properties = { "halley.websocket.engine=native", "halley.websocket.io=container",
		"spring.autoconfigure.exclude=org.springframework.boot.jetty.autoconfigure.servlet.JettyServletWebServerAutoConfiguration" })
class TomcatNativeEngineTests extends ServerTests {

	@Override
	int messagesAtOnce() {
		return 500;
	}

}

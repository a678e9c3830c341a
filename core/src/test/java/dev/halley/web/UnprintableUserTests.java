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

import java.security.Principal;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.socket.CloseStatus;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.LogLevel;
import dev.halley.Out;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.websocket.engine.Engine;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A user that cannot be printed, such as an entity whose session is closed, has
 * connections like all others, also where everything is logged.
 */
class UnprintableUserTests {

	private static final Filter FILTER = (request, response, chain) -> chain
		.doFilter(new HttpServletRequestWrapper((HttpServletRequest) request) {

			@Override
			public Principal getUserPrincipal() {
				return new Entity();
			}

		}, response);

	@RegisterExtension
	final LogLevel level = LogLevel.of("dev.halley");

	@ParameterizedTest
	@EnumSource
	void anUnreadableMessageClosesWith1003AndWhenDoneRuns(Engine engine) throws Exception {
		this.level.set(Level.DEBUG);
		try (TestServer server = TestServer.start(engine, "", "/", FILTER, Endpoint.class);
				TestServer.Client client = server.connect("/say")) {
			assertThat(client.next()).isEqualTo("user");
			client.say("{");
			assertThat(client.next()).isEqualTo("close 1003");
			assertThat(server.bean(Endpoint.class).done.poll(30, TimeUnit.SECONDS))
				.isEqualTo(CloseStatus.NOT_ACCEPTABLE.withReason("unreadable message"));
		}
	}

	@RestController
	static class Endpoint {

		private final BlockingQueue<CloseStatus> done = new LinkedBlockingQueue<>();

		@WebSocketMapping("/say")
		InOut<Say, String> say(Principal user) {
			return InOut.of(In.<Say>forEach((say) -> {
			}).whenDone(this.done::add), Out.of(user.getName()));
		}

	}

	record Say(String text) {
	}

	private static final class Entity implements Principal {

		@Override
		public String getName() {
			return "user";
		}

		@Override
		public String toString() {
			throw new IllegalStateException("no session");
		}

	}

}

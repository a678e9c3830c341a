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

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import org.apache.coyote.AbstractProtocol;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Mono;

import dev.halley.Channel;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.websocket.engine.Engine;
import dev.halley.websocket.engine.EventLoops;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server whose streams may leave Tomcat, and what tests of them share. Time stands
 * still unless a test moves it, so that nothing waits for a heartbeat.
 */
abstract class LeavingStreams {

	static final String EVENTS = "Accept: text/event-stream";

	static final Duration LONG = Duration.ofSeconds(30);

	static final AtomicLong CLOCK = new AtomicLong();

	static final BlockingQueue<Channel<String>> CHANNELS = new LinkedBlockingQueue<>();

	static final BlockingQueue<CloseStatus> ENDS = new LinkedBlockingQueue<>();

	static final BlockingQueue<String> BLOCK = new LinkedBlockingQueue<>();

	TestServer server;

	@BeforeEach
	void forget() {
		CHANNELS.clear();
		ENDS.clear();
		this.server = start(null);
	}

	@AfterEach
	void stop() {
		this.server.close();
	}

	static TestServer start(Filter filter) {
		return TestServer.start(Engine.LOOPS, "", "/", filter, Time.class, Endpoints.class);
	}

	RawStream get(String path, String accept) throws IOException {
		return RawStream.get(this.server.port(), path, "Accept: " + accept);
	}

	static Channel<String> channel() throws InterruptedException {
		Channel<String> channel = CHANNELS.poll(30, TimeUnit.SECONDS);
		assertThat(channel).isNotNull();
		return channel;
	}

	static CloseStatus end() throws InterruptedException {
		return ENDS.poll(30, TimeUnit.SECONDS);
	}

	static int onLoops(TestServer server) {
		return server.bean(EventLoops.class).connections();
	}

	static void awaitNothing(TestServer server) {
		Awaitility.await()
			.atMost(LONG)
			.untilAsserted(
					() -> assertThat(List.of(onLoops(server), server.registry().reserved(), server.registry().size()))
						.containsOnly(0));
	}

	/** The acceptor takes the place of the next connection before that comes. */
	static boolean isTomcatWithout(TestServer server) {
		return ((AbstractProtocol<?>) server.connector().getProtocolHandler()).getConnectionCount() <= 1;
	}

	@Configuration(proxyBeanMethods = false)
	static class Time {

		@Bean
		LongSupplier ticker() {
			return CLOCK::get;
		}

	}

	@Controller
	static class Endpoints {

		private static InOut<String, String> told(Out<String> out) {
			return InOut.of(In.<String>ignore().whenDone(ENDS::add), out);
		}

		@CometMapping(path = "/channel", callback = "f")
		@EventSourceMapping(path = "/channel", method = { RequestMethod.GET, RequestMethod.POST })
		InOut<String, String> channel() {
			return told(Out.unicast(CHANNELS::add));
		}

		@CometMapping(path = "/limited", callback = "f", endCallback = "done", reconnect = false, timeout = "10s")
		@EventSourceMapping(path = "/limited", reconnect = false, timeout = "10s")
		InOut<String, String> limited() {
			return channel();
		}

		@CometMapping(path = "/brief", callback = "f")
		@EventSourceMapping("/brief")
		Out<String> brief() {
			return Out.of("a", "b", "ü€");
		}

		@EventSourceMapping(path = "/lines", retry = "5s")
		Out<ServerSentEvent<String>> lines() {
			return Out.of(ServerSentEvent.builder("a\nb").id("1").event("said").build(),
					ServerSentEvent.<String>builder().comment("note").build());
		}

		@CometMapping(path = "/once", callback = "f", endCallback = "done", reconnect = false)
		@EventSourceMapping(path = "/once", reconnect = false)
		Out<String> once() {
			return Out.of("a");
		}

		@CometMapping(path = "/asked", callback = "f", endCallback = "done")
		@EventSourceMapping("/asked")
		Out<String> asked() {
			return Out.of("a").andThen(Out.eof());
		}

		@EventSourceMapping("/request")
		Out<String> request(HttpServletRequest request) {
			return Out.<String>unicast(CHANNELS::add).map((name) -> headerOf(request, name));
		}

		private static String headerOf(HttpServletRequest request, String name) {
			try {
				return request.getHeader(name);
			}
			catch (IllegalStateException ex) {
				return "no request";
			}
		}

		@EventSourceMapping("/blocked")
		Out<String> blocked() {
			return Out.from(Mono.fromCallable(() -> BLOCK.poll(30, TimeUnit.SECONDS)));
		}

	}

}

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

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.apache.catalina.connector.Connector;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Controller;
import org.springframework.web.method.ControllerAdviceBean;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.WebSocketMessage;
import reactor.core.publisher.Flux;
import tools.jackson.databind.json.JsonMapper;

import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.Overflow;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.codec.MessageCodecs;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.ConnectionSettings;
import dev.halley.connection.CountedUser;
import dev.halley.web.EventStreamRuntime;
import dev.halley.web.EventStreamSettings;
import dev.halley.web.MessageExceptionHandlers;
import dev.halley.web.PairHandlerMapping;
import dev.halley.web.WebSocketSettings;

/**
 * The server of the soak, in a JVM of its own: answers each line that comes in on its
 * standard input with a line that tells what it holds, and ends with that input.
 */
public final class SoakServer {

	static final int LARGEST = 1 << 20;

	static final String PREFIX = "SOAK ";

	private static final int THREADS = 20;

	private static final int TICKS = 20;

	private SoakServer() {
	}

	public static void main(String[] arguments) throws IOException {
		Engine engine = Engine.valueOf(arguments[0]);
		int connections = Integer.parseInt(arguments[1]);
		ConnectionSettings settings = new ConnectionSettings(256, LARGEST, Overflow.CLOSE, LARGEST,
				Duration.ofMinutes(5), Duration.ofMillis(1000 + connections), Duration.ofSeconds(60),
				Duration.ofSeconds(20), Duration.ofSeconds(60));
		try (EngineServer server = EngineServer.on(engine)
			.settings(settings)
			.connector((connector) -> configure(connector, String.valueOf(connections + 1000)))
			.start(Endpoints.class, EventStreams.class)) {
			PrintStream answers = new PrintStream(new FileOutputStream(FileDescriptor.out), true,
					StandardCharsets.UTF_8);
			answers.println(PREFIX + server.port());
			BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
			while (commands.readLine() != null) {
				answers.println(PREFIX + SoakReport.now(server.bean(ConnectionRegistry.class)));
			}
		}
	}

	/**
	 * What Tomcat keeps for later would look like a leak. The processors of HTTP are
	 * kept, as many as there are threads: without that each connection would hold on to
	 * the one that it was upgraded from.
	 */
	private static void configure(Connector connector, String connections) {
		connector.setProperty("maxConnections", connections);
		connector.setProperty("acceptCount", "1000");
		connector.setProperty("minSpareThreads", String.valueOf(THREADS));
		connector.setProperty("maxThreads", String.valueOf(THREADS));
		connector.setProperty("processorCache", String.valueOf(THREADS));
		connector.setProperty("socket.bufferPool", "0");
		connector.setProperty("socket.processorCache", "0");
		connector.setProperty("socket.eventCache", "0");
	}

	static long directMemory() {
		return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)
			.stream()
			.filter((pool) -> pool.getName().equals("direct"))
			.mapToLong(BufferPoolMXBean::getMemoryUsed)
			.sum();
	}

	/**
	 * Echoes binary messages until a text comes, and counts for all who listen.
	 */
	@Controller
	static class Endpoints implements AutoCloseable {

		private final Hub<String> ticks = Hubs.inMemory().hub("ticks", String.class);

		private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

		Endpoints() {
			AtomicLong count = new AtomicLong();
			this.clock.scheduleAtFixedRate(() -> this.ticks.publish(String.valueOf(count.incrementAndGet())), 250, 250,
					TimeUnit.MILLISECONDS);
		}

		@WebSocketMapping(path = "/soak")
		InOut<WebSocketMessage<?>, WebSocketMessage<?>> soak() {
			return InOut.flow((messages) -> Flux.from(messages)
				.filter((message) -> !(message instanceof PongMessage))
				.takeWhile(BinaryMessage.class::isInstance));
		}

		@WebSocketMapping(path = "/ticks")
		@EventSourceMapping(path = "/ticks")
		Out<String> ticks() {
			return this.ticks.out();
		}

		@EventSourceMapping(path = "/silence")
		Out<String> silence() {
			return Out.never();
		}

		@EventSourceMapping(path = "/some-ticks")
		Out<String> someTicks() {
			return this.ticks.out().through((ticks) -> ticks.take(TICKS));
		}

		@Override
		public void close() {
			this.clock.shutdownNow();
		}

	}

	/**
	 * What event streams need besides, on the loops if the WebSockets are there.
	 */
	@Configuration(proxyBeanMethods = false)
	static class EventStreams {

		@Bean
		EventStreamRuntime eventStreamRuntime(Engine engine, EventLoops loops, WebSocketSettings settings,
				ConnectionRegistry registry, ApplicationContext application) {
			MessageCodecs codecs = MessageCodecs.builder().json(JsonMapper.builder().build()).build();
			return new EventStreamRuntime(new EventStreamSettings(settings.connection(), Duration.ZERO, null), codecs,
					new MessageExceptionHandlers(codecs, ControllerAdviceBean.findAnnotatedBeans(application)),
					registry, CountedUser.PRINCIPAL, (engine == Engine.LOOPS) ? new LoopDepartures(loops) : null);
		}

		@Bean
		PairHandlerMapping eventSourceMapping(EventStreamRuntime runtime, RequestMappingHandlerMapping mvc) {
			return PairHandlerMapping.eventSource(runtime, mvc);
		}

	}

}

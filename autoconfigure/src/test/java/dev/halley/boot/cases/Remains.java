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

package dev.halley.boot.cases;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

import org.apache.coyote.AbstractProtocol;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

import dev.halley.Hubs;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.websocket.engine.EventLoops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What an application holds for those who are connected, or were.
 *
 * @param connections those in the registry
 * @param reserved the places that are taken by handshakes
 * @param onLoops the connections of event loops
 * @param onTomcat the connections that count against Tomcat's {@code max-connections}
 * @param hubs the hubs that are used
 * @param threads Halley's threads
 * @param directMemory the bytes of direct buffers in the process
 */
record Remains(int connections, int reserved, int onLoops, long onTomcat, int hubs, List<String> threads,
		long directMemory) {

	/** Of threads of the server, each of which keeps a buffer of what it has written. */
	private static final long MORE_MEMORY = 8 * 1024 * 1024;

	static Remains of(ServletWebServerApplicationContext context) {
		ConnectionRegistry registry = context.getBean(ConnectionRegistry.class);
		EventLoops loops = context.getBeanProvider(EventLoops.class).getIfAvailable();
		return new Remains(registry.size(), registry.reserved(), (loops != null) ? loops.connections() : 0,
				onTomcat(context.getWebServer()), context.getBean(Hubs.class).statistics().hubs(), ownThreads(),
				directMemoryInUse());
	}

	/** Tomcat counts, most of the time, the next connection that it waits for. */
	private static long onTomcat(WebServer server) {
		return (server instanceof TomcatWebServer tomcat) ? Math.max(1,
				((AbstractProtocol<?>) tomcat.getTomcat().getConnector().getProtocolHandler()).getConnectionCount())
				: 0;
	}

	private static List<String> ownThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith("halley-"))
			.sorted()
			.toList();
	}

	private static long directMemoryInUse() {
		return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)
			.stream()
			.filter((pool) -> pool.getName().equals("direct"))
			.mapToLong(BufferPoolMXBean::getMemoryUsed)
			.sum();
	}

	/** Waits until no more is held than at this time before. */
	void awaitReturn(ServletWebServerApplicationContext context) {
		await().untilAsserted(() -> {
			Remains now = of(context);
			if (now.hubs > this.hubs) {
				// Hubs that nobody uses are forgotten as garbage
				System.gc();
			}
			assertThat(now.connections).as("connections").isZero();
			assertThat(now.reserved).as("reserved").isZero();
			assertThat(now.onLoops).as("on loops").isZero();
			assertThat(now.onTomcat).as("on Tomcat").isLessThanOrEqualTo(this.onTomcat);
			assertThat(now.hubs).as("hubs").isLessThanOrEqualTo(this.hubs);
			assertThat(now.directMemory).as("direct memory").isLessThan(this.directMemory + MORE_MEMORY);
		});
	}

	/** Waits until nobody is connected, or about to be. */
	static void awaitNoConnections(ServletWebServerApplicationContext context) {
		await().untilAsserted(() -> {
			Remains now = of(context);
			assertThat(now.connections).as("connections").isZero();
			assertThat(now.reserved).as("reserved").isZero();
		});
	}

	/**
	 * Waits for threads to end, which those that have nothing to do take some time for.
	 */
	void awaitReturnOfThreads(ServletWebServerApplicationContext context) {
		await().untilAsserted(() -> assertThat(of(context).threads).hasSizeLessThanOrEqualTo(this.threads.size()));
	}

}

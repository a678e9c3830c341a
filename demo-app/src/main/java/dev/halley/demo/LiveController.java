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

package dev.halley.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToLongFunction;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.socket.CloseStatus;

import dev.halley.HubStatistics;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.connection.Connection;
import dev.halley.connection.ConnectionInfo;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.ConnectionTraffic;

/**
 * Shows what the server carries at the moment, and rehearses its stop: all connections
 * are told to come again, which they may as soon as the last one was told. Pages of other
 * origins cannot open a WebSocket here, and so cannot press the button.
 */
@Controller
class LiveController {

	private static final Log logger = LogFactory.getLog(LiveController.class);

	private static final int SHOWN = 12;

	private final ConnectionRegistry registry;

	private final Hubs hubs;

	private final AtomicBoolean draining = new AtomicBoolean();

	/** Whether the demo really stops. Guarded by this. */
	private boolean stopping;

	LiveController(ConnectionRegistry registry, Hubs hubs) {
		this.registry = registry;
		this.hubs = hubs;
	}

	@WebSocketMapping("/live")
	InOut<Command, View> live() {
		return InOut.of(In.forEach((command) -> drain()), Out.every(Duration.ofSeconds(1), this::view));
	}

	@GetMapping(path = "/live", produces = MediaType.TEXT_HTML_VALUE)
	String page() {
		return "redirect:/#live";
	}

	private View view() {
		List<Connection> all = List.copyOf(this.registry.all());
		List<ConnectionTraffic> traffic = all.stream().map(Connection::traffic).toList();
		HubStatistics hubs = this.hubs.statistics();
		Runtime runtime = Runtime.getRuntime();
		return new View(all.size(), sum(traffic, ConnectionTraffic::messagesReceived),
				sum(traffic, ConnectionTraffic::messagesSent), sum(traffic, ConnectionTraffic::queuedMessages),
				hubs.hubs(), hubs.subscribers(), runtime.totalMemory() - runtime.freeMemory(), newest(all));
	}

	private static long sum(List<ConnectionTraffic> traffic, ToLongFunction<ConnectionTraffic> part) {
		return traffic.stream().mapToLong(part).sum();
	}

	private static List<Line> newest(List<Connection> all) {
		return all.stream()
			.sorted(Comparator.comparing((Connection live) -> live.info().opened()).reversed())
			.limit(SHOWN)
			.map(Line::of)
			.toList();
	}

	/** Not on this thread, whose own connection is one of them, nor in a real stop. */
	private void drain() {
		if (this.registry.isAccepting() && this.draining.compareAndSet(false, true)) {
			new Thread(this::rehearse, "rehearsal").start();
		}
	}

	private void rehearse() {
		logger.info("A rehearsal: " + this.registry.size() + " connections are told to come again");
		try {
			this.registry.drain(CloseStatus.SERVICE_RESTARTED, Duration.ofSeconds(3));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			end();
			this.draining.set(false);
		}
	}

	/** A stop that has begun meanwhile is not to be undone. */
	private synchronized void end() {
		if (!this.stopping) {
			this.registry.startAccepting();
		}
	}

	/** Comes before the connections are told. */
	@EventListener(ContextClosedEvent.class)
	synchronized void stop() {
		this.stopping = true;
	}

	/** What may be asked for. */
	enum Command {

		DRAIN

	}

	record View(int connections, long received, long sent, long waiting, int hubs, long subscribers, long heap,
			List<Line> newest) {
	}

	/** Nothing in it tells who somebody is. */
	record Line(String endpoint, String transport, long seconds, long received, long sent, long waiting) {

		static Line of(Connection live) {
			ConnectionInfo info = live.info();
			ConnectionTraffic traffic = live.traffic();
			return new Line(info.endpoint(), info.transport(),
					Duration.between(info.opened(), Instant.now()).toSeconds(), traffic.messagesReceived(),
					traffic.messagesSent(), traffic.queuedMessages());
		}

	}

}

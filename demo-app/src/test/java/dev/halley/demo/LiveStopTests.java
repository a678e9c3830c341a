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

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.socket.CloseStatus;

import dev.halley.connection.ConnectionInfo;
import dev.halley.connection.ConnectionObserver.Wire;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.ConnectionSettings;
import dev.halley.connection.SessionWatch;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The demo stops while it rehearses that.
 */
@Timeout(180)
class LiveStopTests {

	@Test
	void aRehearsalUndoesNoStop() throws Exception {
		ConfigurableApplicationContext context = SpringApplication.run(DemoApplication.class, "--server.port=0");
		ConnectionRegistry registry = context.getBean(ConnectionRegistry.class);
		Slow slow = new Slow();
		SessionWatch watch = new SessionWatch(slow, ConnectionSettings.DEFAULT, registry, registry.reserve(null, null),
				new Wire("websocket", "/slow"));
		Thread stop = new Thread(context::close, "stop");
		try {
			watch.expect();
			watch.opened();
			String port = context.getEnvironment().getRequiredProperty("local.server.port");
			connect("ws://localhost:" + port + "/live").sendText("\"DRAIN\"", true).get(30, TimeUnit.SECONDS);
			assertThat(slow.told.poll(30, TimeUnit.SECONDS)).isEqualTo(CloseStatus.SERVICE_RESTARTED);
			Thread rehearsal = Thread.getAllStackTraces()
				.keySet()
				.stream()
				.filter((thread) -> "rehearsal".equals(thread.getName()))
				.findFirst()
				.orElseThrow();
			stop.start();
			assertThat(slow.told.poll(30, TimeUnit.SECONDS)).isEqualTo(CloseStatus.GOING_AWAY);
			slow.goOn.countDown();
			rehearsal.join(30_000);
			assertThat(rehearsal.isAlive()).isFalse();
			assertThat(registry.isAccepting()).isFalse();
		}
		finally {
			slow.goOn.countDown();
			watch.ended();
			context.close();
			stop.join(30_000);
		}
	}

	private static WebSocket connect(String url) throws Exception {
		return HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(URI.create(url), new WebSocket.Listener() {
		}).get(30, TimeUnit.SECONDS);
	}

	/** A session that takes its time to be closed. */
	private static final class Slow implements SessionWatch.Session {

		private final BlockingQueue<CloseStatus> told = new LinkedBlockingQueue<>();

		private final CountDownLatch goOn = new CountDownLatch(1);

		private final ConnectionInfo info = new ConnectionInfo("slow", "websocket", "/slow", "slow",
				URI.create("/slow"), null, null, null, Instant.now());

		@Override
		public ConnectionInfo info() {
			return this.info;
		}

		@Override
		public boolean isOpen() {
			return true;
		}

		@Override
		public boolean isBusy() {
			return false;
		}

		@Override
		public boolean isSending() {
			return false;
		}

		@Override
		public void ping() {
		}

		@Override
		public void close(CloseStatus status) {
			this.told.add(status);
			try {
				assertThat(this.goOn.await(60, TimeUnit.SECONDS)).isTrue();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		@Override
		public void abort() {
		}

	}

}
